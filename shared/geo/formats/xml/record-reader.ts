import { isUtf8 } from 'node:buffer';
import type { FeaturePlace, FeatureProblem, FeatureSink } from '../../features/feature-sink.ts';
import { GEOMETRY_TYPES } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { rejectedText } from '../text/rejected-text.ts';
import { FieldTree } from './field-tree.ts';
import { GeometryBuilder } from './geometry-builder.ts';
import type { NameTable } from './name-table.ts';
import { PropertyBuffer } from './property-buffer.ts';
import { XmlReader } from './xml-reader.ts';

const STRAY_TEXT = {
  code: 'xml-text-left-out',
  reason: 'Text between the elements of a record belongs to none of them; it is left out.',
};

/** Reads records one after the other into a sink: what the formats of XML have in common. */
export class RecordReader {
  readonly xml: XmlReader;
  readonly sink: FeatureSink;
  readonly fields: FieldTree;
  readonly properties = new PropertyBuffer();
  readonly geometry = new GeometryBuilder();
  /** What is noted of the record, once it was read. */
  #notes: FeatureProblem[] = [];

  constructor(sink: FeatureSink, names: NameTable) {
    this.sink = sink;
    this.xml = new XmlReader(names);
    this.fields = new FieldTree(sink);
  }

  /**
   * Reads one record; one that cannot be read is rejected.
   * @param read reads the element that began last to its end, and fills `properties` and `geometry`
   */
  read(bytes: Buffer, start: number, end: number, place: FeaturePlace, read: () => void): void {
    try {
      this.begin(bytes, start, end);
      read();
      this.xml.finish();
    } catch (error) {
      if (!(error instanceof FeatureDefect)) throw error;
      this.sink.reject(place, error.problem, rejectedText(bytes, start, end));
      return;
    }
    if (this.xml.hasStrayText) this.note(STRAY_TEXT);
    this.add(place);
  }

  /** Gives the feature that was read to the sink. */
  add(place: FeaturePlace): void {
    this.properties.flush(this.sink);
    for (const note of this.#notes) this.sink.note(note);
    this.sink.add(place);
  }

  /** Begins a feature. */
  clear(): void {
    this.properties.begin();
    this.#notes = [];
    this.sink.geometry.begin(GEOMETRY_TYPES.none);
    this.geometry.begin(this.sink.geometry);
  }

  note(note: FeatureProblem): void {
    if (!this.#notes.includes(note)) this.#notes.push(note);
  }

  /** Begins with a record, and reads its start tag. */
  begin(bytes: Buffer, start: number, end: number): void {
    this.clear();
    if (!isUtf8(bytes.subarray(start, end))) {
      throw new FeatureDefect(
        'xml-encoding-invalid',
        'The record is not text in UTF-8: say which encoding the file has.',
      );
    }
    this.xml.begin(bytes, start, end);
  }
}
