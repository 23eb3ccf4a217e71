import type { Container } from '../xml/container.ts';
import { notWellFormed, rootUnexpected } from '../xml/errors.ts';
import type { ElementRole, OutlineHandler } from '../xml/outline-scanner.ts';
import { XmlReader } from '../xml/xml-reader.ts';
import type { NameTable } from '../xml/name-table.ts';
import type { OffsetOf } from '../xml/scan-source.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { LEFT_OUT_FEATURES } from './kml-names.ts';

/** What Placemarks stand in. */
const CONTAINERS: ReadonlySet<string> = new Set(['kml', 'Document', 'Folder']);

/** Goes over a KML file: knows its folders by name, and hands out its Placemarks. */
export abstract class KmlOutline implements OutlineHandler {
  readonly hasFlatRecords = true;
  protected readonly offsetOf: OffsetOf;
  readonly #xml: XmlReader;

  constructor(names: NameTable, offsetOf: OffsetOf) {
    this.offsetOf = offsetOf;
    this.#xml = new XmlReader(names);
  }

  classify(name: string, containers: readonly Container[]): ElementRole {
    if (CONTAINERS.has(name)) return 'container';
    if (name === 'Placemark') return 'record';
    if (containers.length === 0) throw rootUnexpected('KML', name);
    return (name === 'name' && containers.at(-1)?.name !== 'kml') || name === 'Schema' ? 'captured' : 'skipped';
  }

  abstract record(name: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): void;

  captured(name: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): void {
    const xml = this.#xml;
    try {
      xml.begin(bytes, start, end);
      const container = containers.at(-1);
      if (name === 'Schema') this.schema(xml);
      else if (container !== undefined) container.label = xml.readString();
      xml.finish();
    } catch (error) {
      if (!(error instanceof FeatureDefect)) throw error;
      throw notWellFormed(this.offsetOf(start), error.message.replace(/\.$/, ''));
    }
  }

  skipped(name: string): void {
    if (LEFT_OUT_FEATURES.has(name)) this.leftOut?.(name);
  }

  /** Takes a Schema, which began last, to its end. */
  protected schema(xml: XmlReader): void {
    xml.skip();
  }

  /** Is told of an element beside Placemarks that is not read. */
  protected leftOut?(name: string): void;
}

/** Names of the folders around a Placemark, from the outermost; a Document within another counts as one. */
export function folderPath(containers: readonly Container[]): string {
  const [first, ...others] = containers.filter(({ name }) => name !== 'kml');
  const folders = first?.name === 'Folder' ? [first, ...others] : others;
  return folders
    .map(({ label }) => label ?? '')
    .filter((label) => label !== '')
    .join('/');
}
