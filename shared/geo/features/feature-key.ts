import { hash } from 'node:crypto';
import type { ColumnType } from './column.ts';
import { IsoDateTime, parseIsoDateTime } from './iso-date-time.ts';
import { DIGEST_WORDS } from './key-table.ts';
import { PropertyReader } from './property-reader.ts';
import type { StoredFeature } from './stored-feature.ts';

const scratch = new IsoDateTime();

/** A column that is part of a key. */
export interface KeyColumn {
  /** Number among the merged fields. */
  column: number;
  type: ColumnType;
}

/** Columns for one value of a key: the first of them that has one counts. */
export type KeyPart = readonly KeyColumn[];

/** Where the value of a column goes. */
interface Target {
  part: number;
  rank: number;
  type: ColumnType;
}

/**
 * Reads the key of a feature: the values of some columns, as digests that are the same for the same values. Two values are the
 * same when they are as values of their column: 7 and 7.0 of numbers, one instant whatever its offset, `007` and `7` of texts
 * are not.
 */
export class FeatureKey {
  /** SHA-256 of the values, cut to 128 bits. */
  readonly digest = new Uint32Array(DIGEST_WORDS);
  /** By column; absent for others. */
  readonly #targets = new Map<number, Target>();
  readonly #values: (string | undefined)[];
  readonly #ranks: number[];
  readonly #reader: PropertyReader;

  constructor(parts: readonly KeyPart[]) {
    for (const [part, columns] of parts.entries()) {
      for (const [rank, { column, type }] of columns.entries()) this.#targets.set(column, { part, rank, type });
    }
    const columns = Math.max(-1, ...this.#targets.keys()) + 1;
    this.#reader = new PropertyReader(Array.from({ length: columns }, (_, column) => this.#targets.get(column)?.type));
    this.#values = parts.map(() => undefined);
    this.#ranks = parts.map(() => Infinity);
  }

  /** @returns false when a part has no value, so that the feature has no key */
  read(feature: StoredFeature): boolean {
    const values = this.#values.fill(undefined);
    const ranks = this.#ranks.fill(Infinity);
    const reader = this.#reader;
    reader.begin(feature);
    while (reader.next()) {
      const target = this.#targets.get(reader.column);
      if (target === undefined || target.rank > ranks[target.part]!) continue;
      values[target.part] = valueOf(reader, target.type, feature);
      ranks[target.part] = target.rank;
    }
    let key = '';
    for (const value of values) {
      if (value === undefined) return false;
      key += `${value.length}:${value}`;
    }
    const bytes = hash('sha256', key, 'buffer');
    for (let word = 0; word < DIGEST_WORDS; word++) this.digest[word] = bytes.readUInt32LE(4 * word);
    return true;
  }
}

/** A text that is the same for the same values of one type. */
function valueOf(reader: PropertyReader, type: ColumnType, { bytes }: StoredFeature): string {
  switch (type) {
    case 'boolean':
      return String(reader.toBoolean());
    case 'int32':
    case 'int64':
      return reader.toBigInt().toString();
    case 'double':
      return String(reader.toNumber());
    case 'date-time':
      if (!parseIsoDateTime(bytes, reader.start, reader.end, scratch)) return reader.toText();
      return `${scratch.seconds}.${scratch.nanoseconds}`;
    default:
      return reader.toText();
  }
}
