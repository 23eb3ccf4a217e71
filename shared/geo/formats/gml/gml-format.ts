import type { FeatureFormat, InspectedLayer } from '../../features/feature-format.ts';
import type { FeatureSink } from '../../features/feature-sink.ts';
import type { XmlDetail } from '../xml/block-cutter.ts';
import type { Container } from '../xml/container.ts';
import { cutSource } from '../xml/cut-source.ts';
import { rootUnexpected } from '../xml/errors.ts';
import { NameTable } from '../xml/name-table.ts';
import { readXmlBlock } from '../xml/read-block.ts';
import type { OffsetOf } from '../xml/scan-source.ts';
import { FeatureTypes } from './feature-type.ts';
import { GmlFeatureReader } from './gml-feature-reader.ts';
import { GmlInspection, type FoundType } from './gml-inspection.ts';
import { GmlOutline } from './gml-outline.ts';
import { parseSrsName } from './srs-name.ts';

export interface GmlDetail extends XmlDetail {
  /** As `FeatureType.key`. */
  type: string;
  /** As the file writes it. */
  srsName?: string;
}

/**
 * GML 2, 3.1 and 3.2 (simple features, OGC 10-100r3): the features of `gml:` and `wfs:` collections, one layer for each
 * feature type. Schemas are not fetched, so fields have no types; nor is anything else that a file names.
 */
export const gmlFormat: FeatureFormat<GmlDetail> = {
  id: 'gml',
  title: 'GML',
  readsFront: true,

  async inspect(source, options) {
    const names = new NameTable();
    let inspection: GmlInspection | undefined;
    const { cutter, encoding } = await cutSource(source, options, names, (blocks, offsetOf) => {
      inspection = new GmlInspection(names, offsetOf, blocks);
      return inspection;
    });
    const { types, root, srsName } = inspection!;
    if (types.size === 0 && !root.endsWith('Collection')) throw rootUnexpected('a collection of GML features', root);
    const found = [...types.values()];
    return found.map((type): InspectedLayer<GmlDetail> => {
      const written = type.srsName ?? srsName;
      const srs = written === undefined ? undefined : parseSrsName(written);
      const detail: GmlDetail = {
        ...cutter.detail(type.key, encoding),
        type: type.key,
        ...(written === undefined ? {} : { srsName: written }),
      };
      return {
        name: layerName(type, found),
        ...(srs?.crs === undefined ? {} : { crs: srs.crs }),
        ...(options.isFront === true ? {} : { features: cutter.features(type.key) }),
        blocks: detail.blocks.length,
        detail,
        ...(srs !== undefined && srs.crs === undefined
          ? { notes: [`The CRS ${JSON.stringify(srs.text.slice(0, 200))} is none that is known by its name.`] }
          : {}),
      };
    });
  },

  async readBlock(source, layer, block, sink, signal) {
    const names = new NameTable();
    await readXmlBlock(
      source,
      layer,
      block,
      signal,
      names,
      (offsetOf, first) => new GmlBlock(sink, names, offsetOf, layer.detail, first),
    );
  },
};

/** Local name of a feature type; with its prefix where another type has the same. */
function layerName({ name, prefix, key }: FoundType, types: readonly FoundType[]): string {
  const isUnique = types.every((other) => other.key === key || other.name !== name);
  return isUnique || prefix === '' ? name : `${prefix}:${name}`;
}

/** Hands the features of one type in a block to their reader. */
class GmlBlock extends GmlOutline {
  readonly #reader: GmlFeatureReader;
  readonly #types: FeatureTypes;
  readonly #offsetOf: OffsetOf;
  readonly #type: string;
  #number: number;

  constructor(sink: FeatureSink, names: NameTable, offsetOf: OffsetOf, { type, srsName }: GmlDetail, first: number) {
    super();
    this.#reader = new GmlFeatureReader(sink, names, srsName === undefined ? undefined : parseSrsName(srsName));
    this.#types = new FeatureTypes(names);
    this.#offsetOf = offsetOf;
    this.#type = type;
    this.#number = first;
  }

  record(name: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): void {
    if (this.#types.typeOf(name, bytes, start, end, containers).key !== this.#type) return;
    this.#reader.read(bytes, start, end, containers, { offset: this.#offsetOf(start), number: this.#number++ });
  }
}
