import type { FeatureSink } from '../../features/feature-sink.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { MAX_VALUES } from './limits.ts';
import { writeValue, type ValueKind } from './value-kind.ts';
import type { XmlReader } from './xml-reader.ts';

interface Value {
  field: number;
  kind: ValueKind;
  bytes: Buffer;
  start: number;
  end: number;
  /** Undefined where the bytes are the text. */
  text: string | undefined;
  /** All texts of a field that comes more than once. */
  all: string[] | undefined;
}

const NO_BYTES: Buffer = Buffer.alloc(0);

/**
 * Holds the properties of one record until it was read to its end. A field that comes more than once, as elements may, is
 * one JSON array of its texts.
 */
export class PropertyBuffer {
  readonly #values: Value[] = [];
  #count = 0;
  /** Values of the record, those of repeated fields counted each. */
  #total = 0;
  /** By field: number of the record that had it last, and where in `#values` it stands. */
  readonly #recordOf: number[] = [];
  readonly #placeOf: number[] = [];
  #record = 0;

  /** Begins with a record. */
  begin(): void {
    this.#count = 0;
    this.#total = 0;
    this.#record++;
  }

  /** Adds what `readText` has found; an empty text is null, as it is to GDAL. */
  addRead(field: () => number, kind: ValueKind, reader: XmlReader): void {
    const { value, valueStart, valueEnd } = reader;
    if (value === undefined ? valueStart < valueEnd : value !== '') {
      this.#add(field(), kind, reader.bytes, valueStart, valueEnd, value);
    }
  }

  add(field: number, kind: ValueKind, text: string): void {
    this.#add(field, kind, NO_BYTES, 0, 0, text);
  }

  /** Adds a text unless its field has the same one already: members of a geometry repeat what they have in common. */
  addOnce(field: number, kind: ValueKind, text: string): void {
    const known = this.#recordOf[field] === this.#record ? this.#values[this.#placeOf[field]!] : undefined;
    if (known === undefined || !(known.all ?? [textOf(known)]).includes(text)) this.add(field, kind, text);
  }

  /** Writes the properties of the record. */
  flush(sink: FeatureSink): void {
    for (let index = 0; index < this.#count; index++) {
      const value = this.#values[index]!;
      const { field, kind, bytes, start, end, text, all } = value;
      if (all !== undefined) sink.row.json(field, JSON.stringify(all));
      else if (text === undefined && kind === 'lexical') sink.row.lexicalBytes(field, bytes, start, end);
      else if (text === undefined && kind === 'text') sink.row.textBytes(field, bytes, start, end);
      else writeValue(sink, field, kind, textOf(value));
    }
  }

  #add(field: number, kind: ValueKind, bytes: Buffer, start: number, end: number, text: string | undefined): void {
    if (++this.#total > MAX_VALUES) {
      throw new FeatureDefect('xml-too-many-values', `The record has more than ${MAX_VALUES} values.`);
    }
    if (this.#recordOf[field] === this.#record) {
      const known = this.#values[this.#placeOf[field]!]!;
      known.all ??= [textOf(known)];
      known.all.push(text ?? bytes.toString('utf8', start, end));
      return;
    }
    const value = (this.#values[this.#count] ??= { field, kind, bytes, start, end, text, all: undefined });
    value.field = field;
    value.kind = kind;
    value.bytes = bytes;
    value.start = start;
    value.end = end;
    value.text = text;
    value.all = undefined;
    this.#recordOf[field] = this.#record;
    this.#placeOf[field] = this.#count++;
  }
}

function textOf({ text, bytes, start, end }: Value): string {
  return text ?? bytes.toString('utf8', start, end);
}
