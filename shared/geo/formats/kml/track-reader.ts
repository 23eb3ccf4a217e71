import { GEOMETRY_TYPES } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { readNumbers } from '../xml/read-numbers.ts';
import { readAscii } from '../xml/read-ascii.ts';
import type { RecordReader } from '../xml/record-reader.ts';

const { point, lineString } = GEOMETRY_TYPES;

const TIMES_DIFFER = {
  code: 'kml-track-times-differ',
  reason: 'A track has not as many times as positions; all are kept.',
};

/** Longitude, latitude and height of a position. */
const position = new Float64Array(3);

/**
 * Reads tracks: lines of their positions; when they were there is in the field `times`, and how they were turned in
 * `angles`, as JSON arrays of texts in the order of the positions, for a MultiTrack one array for each track. Times are no
 * measures of the line: a double of seconds would lose what was written, and few formats keep measures.
 */
export class TrackReader {
  isMulti = false;
  readonly #record: RecordReader;
  #times: (string | null)[][] = [];
  #angles: (string | null)[][] = [];
  #positions = new Float64Array(3 * 256);

  constructor(record: RecordReader) {
    this.#record = record;
  }

  begin(): void {
    this.isMulti = false;
    this.#times = [];
    this.#angles = [];
  }

  /** Reads the Track that began last, to its end. */
  read(readOther: () => void): void {
    const { xml } = this.#record;
    const times: (string | null)[] = [];
    const angles: (string | null)[] = [];
    let positions = 0;
    while (xml.nextChild()) {
      if (xml.name === 'when') times.push(xml.readString() || null);
      else if (xml.name === 'angles') angles.push(xml.readString() || null);
      else if (xml.name === 'coord') positions = this.#readPosition(positions);
      else readOther();
    }
    this.#addLine(positions);
    if (times.length > 0 && times.length !== positions) this.#record.note(TIMES_DIFFER);
    this.#times.push(times);
    this.#angles.push(angles);
  }

  /** Adds the fields of all tracks of the Placemark. */
  finish(): void {
    this.#addField('times', this.#times);
    this.#addField('angles', this.#angles);
  }

  #addField(name: string, values: (string | null)[][]): void {
    if (values.every((each) => each.length === 0)) return;
    const { properties, fields } = this.#record;
    const isFlat = !this.isMulti && values.length === 1;
    properties.add(fields.root.child(name).field(), 'json', JSON.stringify(isFlat ? values[0] : values));
  }

  /** A position that is empty, where the recorder had none, has NaN: it is no vertex. */
  #readPosition(index: number): number {
    const values = readAscii(this.#record.xml, readPosition);
    if (3 * (index + 1) > this.#positions.length) {
      const larger = new Float64Array(2 * this.#positions.length);
      larger.set(this.#positions);
      this.#positions = larger;
    }
    if (values < 3) position[2] = NaN;
    if (values === 0) position[0] = NaN;
    this.#positions.set(position, 3 * index);
    return index + 1;
  }

  #addLine(positions: number): void {
    const { geometry } = this.#record;
    const type = positions === 1 ? point : lineString;
    const part = geometry.beginPart(type);
    const first = part.vertices;
    for (let index = 0; index < positions; index++) {
      const x = this.#positions[3 * index]!;
      const z = this.#positions[3 * index + 2]!;
      if (Number.isNaN(x)) continue;
      part.addVertex(x, this.#positions[3 * index + 1]!);
      if (!Number.isNaN(z)) part.setZ(z);
    }
    if (type === lineString && part.vertices > first) part.endLine();
    geometry.endPart(type);
  }
}

/** Reads two or three numbers, or none, that white space stands between, into `position`; returns how many. */
function readPosition(bytes: Buffer, start: number, end: number): number {
  const values = readNumbers(bytes, start, end, position);
  if (values === 1) throw new FeatureDefect('coordinates-invalid', 'A position of a track is one number only.');
  return values;
}
