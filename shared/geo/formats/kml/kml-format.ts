import type { FeatureFormat, InspectedLayer } from '../../features/feature-format.ts';
import type { XmlDetail } from '../xml/block-cutter.ts';
import { cutSource } from '../xml/cut-source.ts';
import { NameTable } from '../xml/name-table.ts';
import type { OffsetOf } from '../xml/scan-source.ts';
import { readXmlBlock } from '../xml/read-block.ts';
import type { Container } from '../xml/container.ts';
import { KML_NAMES } from './kml-names.ts';
import { KmlOutline } from './kml-outline.ts';
import { KmlInspection, PLACEMARKS } from './kml-inspection.ts';
import { declaredFields, type KmlSchema } from './kml-schema.ts';
import { PlacemarkReader } from './placemark-reader.ts';

export interface KmlDetail extends XmlDetail {
  schemas: KmlSchema[];
}

/**
 * KML 2.0–2.3 (OGC 07-147r2, 12-007r2): one layer of all Placemarks, whose folders are in the field `folder`. What is
 * linked is never fetched: NetworkLinks and overlays are noted. A file of nothing else has no layer.
 */
export const kmlFormat: FeatureFormat<KmlDetail> = {
  id: 'kml',
  title: 'KML',
  readsFront: true,

  async inspect(source, options) {
    const names = kmlNames();
    let inspection: KmlInspection | undefined;
    const { cutter, encoding } = await cutSource(source, options, names, (blocks, offsetOf) => {
      inspection = new KmlInspection(names, offsetOf, blocks);
      return inspection;
    });
    const { title, schemas, notes } = inspection!;
    if (notes.length > 0 && cutter.features(PLACEMARKS) === 0 && options.isFront !== true) {
      for (const sentence of notes) options.note?.(sentence);
      return [];
    }
    const detail = { ...cutter.detail(PLACEMARKS, encoding), schemas };
    const layer: InspectedLayer<KmlDetail> = {
      name: title === '' ? options.name : title,
      crs: { kind: 'crs84' },
      fields: declaredFields(schemas),
      ...(options.isFront === true ? {} : { features: cutter.features(PLACEMARKS) }),
      blocks: detail.blocks.length,
      detail,
      notes,
    };
    return [layer];
  },

  async readBlock(source, layer, block, sink, signal) {
    const names = kmlNames();
    const reader = new PlacemarkReader(sink, names, layer.detail.schemas);
    await readXmlBlock(
      source,
      layer,
      block,
      signal,
      names,
      (offsetOf, first) => new KmlBlock(names, offsetOf, reader, first),
    );
  },
};

/** Hands the Placemarks of a block to their reader. */
class KmlBlock extends KmlOutline {
  readonly #reader: PlacemarkReader;
  #number: number;

  constructor(names: NameTable, offsetOf: OffsetOf, reader: PlacemarkReader, first: number) {
    super(names, offsetOf);
    this.#reader = reader;
    this.#number = first;
  }

  record(_: string, bytes: Buffer, start: number, end: number, containers: readonly Container[]): void {
    this.#reader.read(bytes, start, end, containers, { offset: this.offsetOf(start), number: this.#number++ });
  }
}

function kmlNames(): NameTable {
  return new NameTable(KML_NAMES, true);
}
