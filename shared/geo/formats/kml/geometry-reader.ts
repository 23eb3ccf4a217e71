import { GEOMETRY_TYPES, type Geometry } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import type { PartType } from '../xml/geometry-builder.ts';
import { readAscii } from '../xml/read-ascii.ts';
import type { RecordReader } from '../xml/record-reader.ts';
import { readCoordinates } from '../xml/read-coordinates.ts';
import { TrackReader } from './track-reader.ts';

const { point, lineString, polygon } = GEOMETRY_TYPES;

/** Elements of geometries that say how these are drawn: fields of the feature. */
const DRAWING = { altitudeMode: 'text', tessellate: 'boolean', extrude: 'boolean' } as const;

/** Reads the geometries of a Placemark into one. Several of one kind are a multi geometry. */
export class KmlGeometryReader {
  readonly #record: RecordReader;
  readonly #track: TrackReader;
  #isMulti = false;
  #part: Geometry;

  readonly #readOther: () => void;

  /** @param readOther reads an element within a track that is of no geometry, such as ExtendedData, to its end */
  constructor(record: RecordReader, readOther: (name: string) => void) {
    this.#record = record;
    this.#readOther = () => {
      if (!this.#readDrawing()) readOther(record.xml.name);
    };
    this.#track = new TrackReader(record);
    this.#part = record.sink.geometry;
  }

  begin(): void {
    this.#isMulti = false;
    this.#track.begin();
  }

  /** Reads the element that began last, to its end, if it is of a geometry. */
  read(): boolean {
    const { xml } = this.#record;
    switch (xml.name) {
      case 'Point':
        this.#readPart(point);
        return true;
      case 'LineString':
      case 'LinearRing':
        this.#readPart(lineString);
        return true;
      case 'Polygon':
        this.#readPart(polygon);
        return true;
      case 'MultiGeometry':
        this.#isMulti = true;
        this.#readMembers();
        return true;
      case 'Track':
        this.#track.read(this.#readOther);
        return true;
      case 'MultiTrack':
        this.#isMulti = true;
        this.#track.isMulti = true;
        this.#readMembers();
        return true;
      default:
        return this.#readDrawing();
    }
  }

  /** After the last element of the Placemark. */
  finish(): void {
    this.#record.geometry.finish(this.#isMulti);
    this.#track.finish();
  }

  #readMembers(): void {
    const { xml } = this.#record;
    while (xml.nextChild()) if (!this.read()) this.#readOther();
  }

  #readPart(type: PartType): void {
    const { xml, geometry } = this.#record;
    const part = geometry.beginPart(type);
    this.#part = part;
    const first = part.vertices;
    const firstLine = part.lines;
    while (xml.nextChild()) {
      if (type === polygon && (xml.name === 'outerBoundaryIs' || xml.name === 'innerBoundaryIs')) {
        this.#readBoundary(xml.name === 'outerBoundaryIs', part.lines > firstLine);
      } else if (type !== polygon && xml.name === 'coordinates') {
        if (part.vertices > first) throw invalid('it has two lists of coordinates');
        this.#readVertices(type === lineString);
        if (type === point && part.vertices > first + 1) throw invalid('a point has several positions');
      } else if (!this.#readDrawing()) xml.skip();
    }
    geometry.endPart(type);
  }

  /** The rings of a boundary; of a polygon the outer one comes first. */
  #readBoundary(isOuter: boolean, hasOuter: boolean): void {
    const { xml } = this.#record;
    let rings = 0;
    while (xml.nextChild()) {
      if (xml.name !== 'LinearRing') {
        xml.skip();
        continue;
      }
      if (isOuter === (hasOuter || rings > 0)) throw invalid('it has not one outer boundary before its inner ones');
      rings++;
      this.#readRing();
    }
  }

  #readRing(): void {
    const { xml } = this.#record;
    while (xml.nextChild()) {
      if (xml.name === 'coordinates') this.#readVertices(true);
      else if (!this.#readDrawing()) xml.skip();
    }
  }

  #readVertices(isLine: boolean): void {
    const part = this.#part;
    const count = readAscii(this.#record.xml, (bytes, start, end) => readCoordinates(bytes, start, end, part));
    if (isLine && count > 0) part.endLine();
  }

  #readDrawing(): boolean {
    const { xml, properties, fields } = this.#record;
    const kind = Object.hasOwn(DRAWING, xml.name) ? DRAWING[xml.name as keyof typeof DRAWING] : undefined;
    if (kind === undefined) return false;
    const { name } = xml;
    const text = xml.readString();
    if (text !== '') properties.addOnce(fields.root.child(name).field(), kind, text);
    return true;
  }
}

function invalid(reason: string): FeatureDefect {
  return new FeatureDefect('kml-geometry-invalid', `The geometry cannot be read: ${reason}.`);
}
