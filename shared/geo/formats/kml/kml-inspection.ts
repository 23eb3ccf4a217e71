import type { BlockCutter } from '../xml/block-cutter.ts';
import type { Container } from '../xml/container.ts';
import { contextTooLarge, tooManyFields } from '../xml/errors.ts';
import { MAX_CONTEXT_CHARACTERS, MAX_FIELDS } from '../xml/limits.ts';
import type { NameTable } from '../xml/name-table.ts';
import type { OffsetOf } from '../xml/scan-source.ts';
import type { XmlReader } from '../xml/xml-reader.ts';
import { KmlOutline } from './kml-outline.ts';
import { readSchema, type KmlSchema } from './kml-schema.ts';

/** The one layer of a file. */
export const PLACEMARKS = 'placemarks';

/** Goes over a KML file before it is read: what it is called, its schemas, its Placemarks, and what is left out. */
export class KmlInspection extends KmlOutline {
  /** Name of the outermost Document or Folder; empty where it has none. */
  title = '';
  readonly schemas: KmlSchema[] = [];
  readonly #blocks: BlockCutter;
  readonly #leftOut = new Map<string, number>();
  #fields = 0;
  #characters = 0;

  constructor(names: NameTable, offsetOf: OffsetOf, blocks: BlockCutter) {
    super(names, offsetOf);
    this.#blocks = blocks;
  }

  get notes(): string[] {
    return [...this.#leftOut].map(
      ([name, count]) => `${name} elements are left out (${count}): nothing that a file links to is read.`,
    );
  }

  record(_name: string, _bytes: Buffer, start: number, end: number, containers: readonly Container[]): void {
    this.#blocks.record(this.offsetOf(start), this.offsetOf(end), containers);
    this.#blocks.count(PLACEMARKS, 1);
  }

  override captured(name: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): void {
    super.captured(name, bytes, start, end, containers);
    const isOutermost = containers.filter((container) => container.name !== 'kml').length === 1;
    if (name === 'name' && isOutermost && this.title === '') this.title = containers.at(-1)?.label ?? '';
  }

  protected override schema(xml: XmlReader): void {
    const schema = readSchema(xml);
    this.schemas.push(schema);
    this.#fields += 1 + schema.fields.length;
    if (this.#fields > MAX_FIELDS) throw tooManyFields(MAX_FIELDS);
    this.#characters += JSON.stringify(schema).length;
    if (this.#characters > MAX_CONTEXT_CHARACTERS) throw contextTooLarge(MAX_CONTEXT_CHARACTERS);
  }

  protected override leftOut(name: string): void {
    this.#leftOut.set(name, (this.#leftOut.get(name) ?? 0) + 1);
  }
}
