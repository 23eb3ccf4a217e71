import { FeatureDefect } from '../text/feature-defect.ts';
import type { BlockCutter } from '../xml/block-cutter.ts';
import type { Container } from '../xml/container.ts';
import { tooManyLayers } from '../xml/errors.ts';
import { MAX_LAYERS } from '../xml/limits.ts';
import type { NameTable } from '../xml/name-table.ts';
import type { OffsetOf } from '../xml/scan-source.ts';
import { XmlReader } from '../xml/xml-reader.ts';
import { FeatureTypes, type FeatureType } from './feature-type.ts';
import { GmlOutline } from './gml-outline.ts';

/** Features of a type that are looked at for the name of their CRS. */
const MOST_SEARCHED = 1000;

export interface FoundType extends FeatureType {
  srsName: string | undefined;
  searched: number;
}

/** Goes over a GML file before it is read: its feature types, and the CRS of each. */
export class GmlInspection extends GmlOutline {
  readonly types = new Map<string, FoundType>();
  /** Local name of the root element. */
  root = '';
  /** CRS of the envelope of the collection. */
  srsName: string | undefined;
  readonly #types: FeatureTypes;
  readonly #xml: XmlReader;
  readonly #offsetOf: OffsetOf;
  readonly #blocks: BlockCutter;

  constructor(names: NameTable, offsetOf: OffsetOf, blocks: BlockCutter) {
    super();
    this.#types = new FeatureTypes(names);
    this.#xml = new XmlReader(names);
    this.#offsetOf = offsetOf;
    this.#blocks = blocks;
  }

  override open(container: Container, tag: XmlReader): void {
    super.open(container, tag);
    if (this.root === '') this.root = container.name;
  }

  record(name: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): void {
    this.#blocks.record(this.#offsetOf(start), this.#offsetOf(end), containers);
    const type = this.#types.typeOf(name, bytes, start, end, containers);
    let found = this.types.get(type.key);
    if (found === undefined) {
      if (this.types.size === MAX_LAYERS) throw tooManyLayers(MAX_LAYERS);
      this.types.set(type.key, (found = { ...type, srsName: undefined, searched: 0 }));
    }
    this.#blocks.count(type.key, 1);
    if (found.srsName === undefined && found.searched++ < MOST_SEARCHED)
      found.srsName = this.#findSrsName(bytes, start, end);
  }

  captured(_name: string, bytes: Buffer, start: number, end: number): void {
    this.srsName ??= this.#findSrsName(bytes, start, end);
  }

  /** The first srsName of an element, if it is well-formed up to there. */
  #findSrsName(bytes: Buffer, start: number, end: number): string | undefined {
    const at = bytes.subarray(start, end).indexOf('srsName');
    if (at < 0) return undefined;
    const xml = this.#xml;
    try {
      xml.begin(bytes, start, end);
      for (let depth = 1; depth > 0;) {
        const token = xml.next();
        if (token === 'end') depth--;
        if (token !== 'start') continue;
        depth++;
        const found = xml.attributes.count === 0 ? undefined : xml.attribute('srsName');
        if (found !== undefined) return found;
      }
    } catch (error) {
      if (!(error instanceof FeatureDefect)) throw error;
    }
    return undefined;
  }
}
