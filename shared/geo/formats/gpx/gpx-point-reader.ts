import type { FeatureProblem, FeatureSink } from '../../features/feature-sink.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { rejectedText } from '../text/rejected-text.ts';
import { countElements } from '../xml/count-elements.ts';
import type { NameTable } from '../xml/name-table.ts';
import type { OffsetOf } from '../xml/scan-source.ts';
import { GpxReader } from './gpx-reader.ts';

/** Where the points of a record stand. */
export interface PointPlace {
  offsetOf: OffsetOf;
  /** Number of the first of them in their layer. */
  first: number;
  /** Number of the route or track in its layer. */
  parent: number;
}

/**
 * Reads the points of a route or track as features. A point whose position is bad is rejected alone; from where the
 * record is not well-formed on, the rest of it is rejected as one.
 */
export class GpxPointReader {
  readonly #reader: GpxReader;
  readonly #names: NameTable;
  #place: PointPlace = { offsetOf: (position) => position, first: 0, parent: 0 };
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #points = 0;
  /** Where the point begins that is read. */
  #pointStart = 0;

  constructor(sink: FeatureSink, names: NameTable) {
    this.#reader = new GpxReader(sink, names);
    this.#names = names;
  }

  /** @returns the number of points that the record has */
  read(name: string, bytes: Buffer, start: number, end: number, place: PointPlace): number {
    const { record } = this.#reader;
    this.#place = place;
    this.#bytes = bytes;
    this.#points = 0;
    this.#pointStart = start;
    this.#end = end;
    try {
      record.begin(bytes, start, end);
      if (name === 'rte') this.#readRoute();
      else this.#readTrack();
      record.xml.finish();
      return this.#points;
    } catch (error) {
      if (!(error instanceof FeatureDefect)) throw error;
      this.#reject(error.problem, end);
      return countElements(bytes, start, end, this.#names, name === 'rte' ? 'rtept' : 'trkpt');
    }
  }

  #readRoute(): void {
    const { xml, properties, fields } = this.#reader.record;
    while (xml.nextChild()) {
      if (xml.name !== 'rtept') {
        xml.skip();
        continue;
      }
      const number = this.#points;
      this.#readPoint(() => {
        properties.add(fields.root.child('route_fid').field(), 'integer', String(this.#place.parent));
        properties.add(fields.root.child('route_point_id').field(), 'integer', String(number));
      });
    }
  }

  #readTrack(): void {
    const { xml } = this.#reader.record;
    for (let segment = 0; xml.nextChild();) {
      if (xml.name === 'trkseg') this.#readSegment(segment++);
      else xml.skip();
    }
  }

  #readSegment(segment: number): void {
    const { xml, properties, fields } = this.#reader.record;
    for (let number = 0; xml.nextChild();) {
      if (xml.name !== 'trkpt') {
        xml.skip();
        continue;
      }
      const inSegment = number++;
      this.#readPoint(() => {
        properties.add(fields.root.child('track_fid').field(), 'integer', String(this.#place.parent));
        properties.add(fields.root.child('track_seg_id').field(), 'integer', String(segment));
        properties.add(fields.root.child('track_seg_point_id').field(), 'integer', String(inSegment));
      });
    }
  }

  #readPoint(addNumbers: () => void): void {
    const { record } = this.#reader;
    const { xml } = record;
    const depth = xml.depth;
    this.#pointStart = xml.nameStart - 1;
    record.clear();
    try {
      addNumbers();
      this.#reader.readPoint();
    } catch (error) {
      if (!(error instanceof FeatureDefect) || error.problem.code.startsWith('xml-')) throw error;
      while (xml.depth >= depth) xml.next();
      this.#reject(error.problem, xml.position);
      this.#points++;
      return;
    }
    record.add(this.#featurePlace());
    this.#points++;
    this.#pointStart = xml.position;
  }

  #reject(problem: FeatureProblem, end: number): void {
    const { record } = this.#reader;
    const text = rejectedText(this.#bytes, this.#pointStart, Math.max(end, this.#pointStart));
    record.sink.reject(this.#featurePlace(), problem, text);
  }

  #featurePlace(): { offset: number; number: number } {
    const { offsetOf, first } = this.#place;
    return { offset: offsetOf(Math.min(this.#pointStart, this.#end)), number: first + this.#points };
  }
}
