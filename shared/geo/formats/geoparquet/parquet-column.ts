import type { DecodedArray, SchemaElement } from 'hyparquet';
import type { Column } from '../../features/column.ts';
import { featureBlockCorrupt } from '../../features/errors.ts';
import type { FieldStatistics } from '../../features/field-statistics.ts';
import { GrowableBuffer } from '../../features/growable-buffer.ts';
import { IsoDateTime, parseIsoDate, parseIsoDateTime } from '../../features/iso-date-time.ts';
import type { PropertyReader } from '../../features/property-reader.ts';
import type { StoredFeature } from '../../features/stored-feature.ts';

/** Whole seconds that 64 bits of nanoseconds span: 1677-09-21 to 2262-04-11. */
const MAX_NANO_SECONDS = 9_223_372_035;
const NANOSECONDS = 1_000_000_000n;
const FIRST_TEXT_BYTES = 4096;

type TimeUnit = 'MILLIS' | 'MICROS' | 'NANOS';
const UNIT_NANOSECONDS: Record<TimeUnit, number> = { MILLIS: 1_000_000, MICROS: 1000, NANOS: 1 };

const scratch = new IsoDateTime();

/** The values of one column of a row group, as they come, and the element of the schema that tells of them. */
export interface ParquetColumn {
  readonly element: SchemaElement;
  /** Whether the bytes are in an order that means something, so that least and greatest help. */
  readonly hasStatistics: boolean;
  /** Bytes held of the row group. */
  readonly bytes: number;
  /** Takes the value of a row; rows without one are passed over. */
  set(row: number, reader: PropertyReader, feature: StoredFeature): void;
  /** Gives the values of the row group and begins the next one. */
  take(rows: number): DecodedArray;
}

/** Chooses how a column is told in Parquet. */
export function parquetColumn(column: Column, statistics: FieldStatistics): ParquetColumn {
  const base = { name: column.name, repetition_type: column.nullable ? 'OPTIONAL' : 'REQUIRED' } as const;
  switch (column.type) {
    case 'boolean':
      return new ValueColumn({ ...base, type: 'BOOLEAN' }, (reader) => reader.toBoolean());
    case 'int32':
      return new ValueColumn({ ...base, type: 'INT32' }, (reader) => reader.toInt32());
    case 'int64':
      return new ValueColumn({ ...base, type: 'INT64' }, (reader) => reader.toBigInt());
    case 'double':
      return new ValueColumn({ ...base, type: 'DOUBLE' }, (reader) => reader.toNumber());
    case 'date':
      return new ValueColumn(
        { ...base, type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
        (reader, { bytes }) => {
          const days = parseIsoDate(bytes, reader.start, reader.end);
          if (days !== days) throw featureBlockCorrupt('a date is none');
          return days;
        },
      );
    case 'date-time':
      return timestampColumn(base, column, statistics) ?? textColumn(base);
    case 'text':
      return textColumn(base);
    case 'json':
      return new BytesColumn({ ...base, type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } }, false);
    case 'binary':
      return new BytesColumn({ ...base, type: 'BYTE_ARRAY' }, false);
  }
}

type Base = Pick<SchemaElement, 'name' | 'repetition_type'>;

function textColumn(base: Base): ParquetColumn {
  return new BytesColumn(
    { ...base, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
    true,
  );
}

/**
 * Instants, or local times where no value says its offset, in the coarsest unit that is exact.
 * @returns undefined when 64 bits do not span them in nanoseconds
 */
function timestampColumn(base: Base, column: Column, statistics: FieldStatistics): ParquetColumn | undefined {
  const { zoned = false, fractionDigits = 0 } = column.dateTimes ?? {};
  const unit = fractionDigits <= 3 ? 'MILLIS' : fractionDigits <= 6 ? 'MICROS' : 'NANOS';
  const isSpanned = statistics.secondsMin > -MAX_NANO_SECONDS && statistics.secondsMax < MAX_NANO_SECONDS;
  if (unit === 'NANOS' && !isSpanned) return undefined;
  const perUnit = UNIT_NANOSECONDS[unit];
  const unitsOfSecond = NANOSECONDS / BigInt(perUnit);
  return new ValueColumn(
    { ...base, type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: zoned, unit } },
    (reader, { bytes }) => {
      if (!parseIsoDateTime(bytes, reader.start, reader.end, scratch)) throw featureBlockCorrupt('a time is none');
      return BigInt(scratch.seconds) * unitsOfSecond + BigInt(Math.floor(scratch.nanoseconds / perUnit));
    },
  );
}

type Value = number | bigint | boolean;

class ValueColumn implements ParquetColumn {
  readonly element: SchemaElement;
  readonly hasStatistics = true;
  readonly bytes = 0;
  readonly #read: (reader: PropertyReader, feature: StoredFeature) => Value;
  #values: (Value | undefined)[] = [];

  constructor(element: SchemaElement, read: (reader: PropertyReader, feature: StoredFeature) => Value) {
    this.element = element;
    this.#read = read;
  }

  set(row: number, reader: PropertyReader, feature: StoredFeature): void {
    const values = this.#values;
    if (values.length > row) throw featureBlockCorrupt('a feature has a property twice');
    while (values.length < row) values.push(undefined);
    values.push(this.#read(reader, feature));
  }

  take(rows: number): DecodedArray {
    const values = this.#values;
    while (values.length < rows) values.push(undefined);
    this.#values = [];
    checkNulls(this.element, values);
    return values;
  }
}

class BytesColumn implements ParquetColumn {
  readonly element: SchemaElement;
  readonly hasStatistics: boolean;
  readonly #texts = new GrowableBuffer(FIRST_TEXT_BYTES);
  /** End of the value of each row; a row without one has a negative number. */
  #ends: number[] = [];

  constructor(element: SchemaElement, hasStatistics: boolean) {
    this.element = element;
    this.hasStatistics = hasStatistics;
  }

  get bytes(): number {
    return this.#texts.length;
  }

  set(row: number, reader: PropertyReader, feature: StoredFeature): void {
    const texts = this.#texts;
    if (this.#ends.length > row) throw featureBlockCorrupt('a feature has a property twice');
    while (this.#ends.length < row) this.#ends.push(-1);
    if (reader.isText || this.element.logical_type === undefined) {
      texts.ensure(reader.end - reader.start);
      texts.put(feature.bytes, reader.start, reader.end);
    } else {
      texts.putText(reader.toText());
    }
    this.#ends.push(texts.length);
  }

  take(rows: number): DecodedArray {
    // A copy: pages and dictionaries are made of views of it, and the buffer goes on to the next row group.
    const bytes = this.#texts.written.slice();
    const values: (Uint8Array | undefined)[] = [];
    let start = 0;
    for (const end of this.#ends) {
      values.push(end < 0 ? undefined : bytes.subarray(start, end));
      start = Math.max(start, end);
    }
    while (values.length < rows) values.push(undefined);
    this.#ends = [];
    this.#texts.length = 0;
    checkNulls(this.element, values);
    return values;
  }
}

function checkNulls(element: SchemaElement, values: readonly unknown[]): void {
  if (element.repetition_type === 'REQUIRED' && values.includes(undefined)) {
    throw featureBlockCorrupt('a feature lacks a property that each is told to have');
  }
}
