import type { FeatureSink } from '../../features/feature-sink.ts';
import { GEOMETRY_TYPES, type Geometry } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import type { FieldNode } from '../xml/field-tree.ts';
import { flattenAttributes, flattenElement } from '../xml/flatten-element.ts';
import type { NameTable } from '../xml/name-table.ts';
import { RecordReader } from '../xml/record-reader.ts';
import type { ValueKind } from '../xml/value-kind.ts';
import { gpxType } from './gpx-names.ts';

const { point, lineString, multiLineString } = GEOMETRY_TYPES;
const NUMBER = /^\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*$/;

const kindOf = (node: FieldNode): ValueKind => gpxType(node.name) ?? 'lexical';

/**
 * Reads elements of GPX. Each element within becomes a field by its path, such as `link.text` or
 * `extensions.TrackPointExtension.hr`, and each attribute one such as `link@href`; heights are z.
 */
export class GpxReader {
  readonly record: RecordReader;

  constructor(sink: FeatureSink, names: NameTable) {
    this.record = new RecordReader(sink, names);
  }

  /** Reads the point that began last, to its end, with its fields. */
  readPoint(): void {
    const { xml, geometry, properties, fields } = this.record;
    const part = geometry.beginPart(point);
    this.#addPosition(part);
    this.#addAttributes();
    while (xml.nextChild()) {
      if (xml.name === 'ele') this.#readHeight(part);
      else flattenElement(xml, fields.root.child(xml.name), properties, { kindOf });
    }
    geometry.endPart(point);
  }

  /** Reads the route that began last, to its end: a line. */
  readRoute(): void {
    const { xml, geometry, properties, fields } = this.record;
    this.#addAttributes();
    const part = geometry.beginPart(lineString);
    while (xml.nextChild()) {
      if (xml.name === 'rtept') this.#readVertex(part);
      else flattenElement(xml, fields.root.child(xml.name), properties, { kindOf });
    }
    if (part.vertices > 0) part.endLine();
    geometry.endPart(lineString);
  }

  /** Reads the track that began last, to its end: a line for each segment. */
  readTrack(): void {
    const { xml, geometry, properties, fields } = this.record;
    this.#addAttributes();
    while (xml.nextChild()) {
      if (xml.name === 'trkseg') this.#readSegment();
      else flattenElement(xml, fields.root.child(xml.name), properties, { kindOf });
    }
    geometry.finish(true, multiLineString);
  }

  #readSegment(): void {
    const { xml, geometry } = this.record;
    const part = geometry.beginPart(lineString);
    const first = part.vertices;
    while (xml.nextChild()) {
      if (xml.name === 'trkpt') this.#readVertex(part);
      else xml.skip();
    }
    if (part.vertices > first) part.endLine();
    geometry.endPart(lineString);
  }

  /** A point of a line: what it has beside its position is in the layer of points. */
  #readVertex(part: Geometry): void {
    const { xml } = this.record;
    this.#addPosition(part);
    while (xml.nextChild()) {
      const height = xml.name === 'ele' ? numberOf(xml.readString()) : undefined;
      if (xml.name !== 'ele') xml.skip();
      if (height !== undefined) part.setZ(height);
    }
  }

  #addPosition(part: Geometry): void {
    const longitude = numberOf(this.record.xml.attribute('lon') ?? '');
    const latitude = numberOf(this.record.xml.attribute('lat') ?? '');
    if (longitude === undefined || latitude === undefined) {
      throw new FeatureDefect('gpx-position-invalid', 'The attributes lat and lon of a point are not two numbers.');
    }
    part.addVertex(longitude, latitude);
  }

  /** Attributes that the standard does not have become fields too. */
  #addAttributes(): void {
    const { xml, properties, fields } = this.record;
    flattenAttributes(xml, fields.root, properties, (name) => name !== 'lat' && name !== 'lon');
  }

  #readHeight(part: Geometry): void {
    const { xml, properties, fields } = this.record;
    const text = xml.readString();
    const height = numberOf(text);
    if (height !== undefined) part.setZ(height);
    else if (text !== '') properties.add(fields.root.child('ele').field(), 'double', text);
  }
}

function numberOf(text: string): number | undefined {
  const number = NUMBER.test(text) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : undefined;
}
