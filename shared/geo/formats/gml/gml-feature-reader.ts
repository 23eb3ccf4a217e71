import { FEATURE_ID, type FeaturePlace, type FeatureSink } from '../../features/feature-sink.ts';
import type { Container } from '../xml/container.ts';
import { flattenElement } from '../xml/flatten-element.ts';
import type { NameTable } from '../xml/name-table.ts';
import { RecordReader } from '../xml/record-reader.ts';
import type { XmlReader } from '../xml/xml-reader.ts';
import { GmlGeometryReader, isGeometryName } from './geometry-reader.ts';
import { isGmlElement } from './gml-namespaces.ts';
import type { SrsName } from './srs-name.ts';

const SECOND_GEOMETRY = {
  code: 'gml-second-geometry',
  reason: 'A feature has more than one geometry; the first is read, the others are left out.',
};

/**
 * Reads features of GML: the first geometry among their properties, and every other property as a field by the path of
 * elements that lead to its text, such as `address.Address.street`, `width@uom` or `owner@href`.
 */
export class GmlFeatureReader {
  readonly #record: RecordReader;
  readonly #geometry: GmlGeometryReader;
  #containers: readonly Container[] = [];
  #hasGeometry = false;
  readonly #options = { take: (xml: XmlReader) => this.#take(xml) };

  constructor(sink: FeatureSink, names: NameTable, srs: SrsName | undefined) {
    this.#record = new RecordReader(sink, names);
    this.#geometry = new GmlGeometryReader(this.#record, srs);
  }

  read(bytes: Buffer, start: number, end: number, containers: readonly Container[], place: FeaturePlace): void {
    this.#containers = containers;
    this.#hasGeometry = false;
    this.#record.read(bytes, start, end, place, () => this.#readFeature());
  }

  #readFeature(): void {
    const { xml, fields, properties } = this.#record;
    this.#addAttributes();
    while (xml.nextChild()) {
      if (xml.name === 'boundedBy' && isGmlElement(xml, this.#containers)) xml.skip();
      else if (!this.#take(xml)) flattenElement(xml, fields.root.child(xml.name), properties, this.#options);
    }
  }

  /** `gml:id`, or the `fid` of GML 2, identifies the feature; other attributes are fields. */
  #addAttributes(): void {
    const { xml, fields, properties } = this.#record;
    for (let index = 0; index < xml.attributes.count; index++) {
      const prefix = xml.attributes.prefix(index);
      if (xml.attributes.isDeclaration(index) || prefix === 'xsi') continue;
      const name = xml.attributes.name(index);
      const value = xml.attributes.value(index);
      const isId = name === 'fid' || (name === 'id' && prefix !== '');
      if (isId && value !== '') properties.add(fields.root.child(FEATURE_ID).field(), 'text', value);
      else if (!isId) properties.add(fields.root.attribute(name).field(), 'lexical', value);
    }
  }

  /** Reads the element that began last if it is a geometry. */
  #take(xml: XmlReader): boolean {
    if (!isGeometryName(xml.name) || !isGmlElement(xml, this.#containers)) return false;
    if (this.#hasGeometry) {
      this.#record.note(SECOND_GEOMETRY);
      xml.skip();
      return true;
    }
    this.#hasGeometry = true;
    this.#geometry.read();
    return true;
  }
}
