import { FEATURE_ID, type FeaturePlace, type FeatureSink } from '../../features/feature-sink.ts';
import type { Container } from '../xml/container.ts';
import type { FieldNode } from '../xml/field-tree.ts';
import { flattenElement } from '../xml/flatten-element.ts';
import type { NameTable } from '../xml/name-table.ts';
import { RecordReader } from '../xml/record-reader.ts';
import type { ValueKind } from '../xml/value-kind.ts';
import { readExtendedData } from './extended-data.ts';
import { KmlGeometryReader } from './geometry-reader.ts';
import { LEFT_OUT_PARTS } from './kml-names.ts';
import { folderPath } from './kml-outline.ts';
import { SchemaTypes, type KmlSchema } from './kml-schema.ts';

/** What is noted of parts that are left out, by element. */
const NOTES = new Map(
  [...LEFT_OUT_PARTS].map((name) => [
    name,
    { code: 'kml-element-left-out', reason: `A ${name} element of a Placemark is not read.` },
  ]),
);

/** Fields of KML's own elements with text, and how it is given. */
const TEXTS: Readonly<Record<string, [field: string, kind: ValueKind]>> = {
  name: ['name', 'text'],
  address: ['address', 'text'],
  phoneNumber: ['phoneNumber', 'text'],
  Snippet: ['snippet', 'text'],
  styleUrl: ['styleUrl', 'text'],
  visibility: ['visibility', 'boolean'],
  open: ['open', 'boolean'],
};

/** Reads Placemarks: geometry, the fields of KML itself, ExtendedData, and what other namespaces add. */
export class PlacemarkReader {
  readonly #record: RecordReader;
  readonly #geometry: KmlGeometryReader;
  readonly #types: SchemaTypes;

  constructor(sink: FeatureSink, names: NameTable, schemas: readonly KmlSchema[]) {
    this.#record = new RecordReader(sink, names);
    this.#geometry = new KmlGeometryReader(this.#record, (name) => this.#readPart(name));
    this.#types = new SchemaTypes(schemas);
  }

  read(bytes: Buffer, start: number, end: number, containers: readonly Container[], place: FeaturePlace): void {
    this.#record.read(bytes, start, end, place, () => this.#readPlacemark(containers));
  }

  #readPlacemark(containers: readonly Container[]): void {
    const { xml, properties, fields } = this.#record;
    const id = xml.attribute('id');
    if (id !== undefined && id !== '') properties.add(fields.root.child(FEATURE_ID).field(), 'text', id);
    const folder = folderPath(containers);
    if (folder !== '') properties.add(this.#field('folder').field(), 'text', folder);
    this.#geometry.begin();
    while (xml.nextChild()) {
      if (!this.#geometry.read()) this.#readPart(xml.name);
    }
    this.#geometry.finish();
  }

  #readPart(name: string): void {
    const { xml, properties, fields } = this.#record;
    const text = TEXTS[name];
    if (text !== undefined) {
      xml.readText();
      properties.addRead(this.#field(text[0]).field, text[1], xml);
    } else if (name === 'description') {
      xml.readText(true);
      properties.addRead(this.#field('description').field, 'text', xml);
    } else if (name === 'TimeStamp' || name === 'TimeSpan') this.#readTime();
    else if (name === 'ExtendedData') readExtendedData(this.#record, this.#types);
    else if (NOTES.has(name)) {
      this.#record.note(NOTES.get(name)!);
      xml.skip();
    } else flattenElement(xml, fields.root.child(name), properties);
  }

  /** The moment of a TimeStamp, or the ends of a TimeSpan: years, months, days or instants (`xsd:dateTime` and shorter). */
  #readTime(): void {
    const { xml, properties } = this.#record;
    while (xml.nextChild()) {
      const field =
        xml.name === 'when' ? 'timestamp' : xml.name === 'begin' || xml.name === 'end' ? xml.name : undefined;
      if (field === undefined) xml.skip();
      else {
        xml.readText();
        properties.addRead(this.#field(field).field, 'lexical', xml);
      }
    }
  }

  #field(name: string): FieldNode {
    return this.#record.fields.root.child(name);
  }
}
