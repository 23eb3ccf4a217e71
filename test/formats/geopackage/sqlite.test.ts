import fc from 'fast-check';
import type { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { geopackage } from '../../../shared/geo/formats/geopackage/geopackage-format.ts';
import { createGeoPackageTables, makeDatabase, register } from '../../helpers/make-geopackage.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { readFeatures } from '../../helpers/read-features.ts';

type Value = null | bigint | number | string | Uint8Array;

/** Long ones go to overflow pages, of which the smallest pages need many. */
const length = fc.oneof(fc.nat(40), fc.nat(3000));
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.constantFrom(0n, 1n, -1n, 127n, 128n, -129n, 2n ** 53n, -(2n ** 63n), 2n ** 63n - 1n, 2n ** 47n),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double({ noNaN: true }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  length.map((characters) => 'ä—𐐷x'.repeat(Math.ceil(characters / 4))),
  length.map((bytes) => Uint8Array.from({ length: bytes }, (_, at) => at % 251)),
);
const rowid = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -200n, max: 200n }));
const row = fc.tuple(rowid, value, value, value);

const database = fc.record({
  pageSize: fc.constantFrom(512, 1024, 4096, 65_536),
  encoding: fc.constantFrom('UTF-8', 'UTF-16le', 'UTF-16be'),
  vacuum: fc.constantFrom('NONE', 'FULL', 'INCREMENTAL'),
  rows: fc.oneof(fc.array(row, { maxLength: 8 }), fc.array(row, { minLength: 100, maxLength: 200 })),
  deletes: fc.array(fc.nat(200), { maxLength: 20 }),
  updates: fc.array(fc.tuple(fc.nat(200), value), { maxLength: 20 }),
  blockBytes: fc.constantFrom(1, 4096, 100_000, 10_000_000),
});

describe('a GeoPackage that node:sqlite writes', () => {
  it('is read as node:sqlite reads it: any values, sizes of pages, encodings, deletes and blocks', async () => {
    await fc.assert(
      fc.asyncProperty(database, async ({ pageSize, encoding, vacuum, rows, deletes, updates, blockBytes }) => {
        let expected: unknown[] = [];
        const bytes = makeDatabase((made) => {
          made.exec(`PRAGMA page_size = ${pageSize}; PRAGMA encoding = '${encoding}'; PRAGMA auto_vacuum = ${vacuum};`);
          createGeoPackageTables(made);
          made.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)');
          register(made, 't', { type: 'attributes', srsId: null });
          fill(made, rows, deletes, updates);
          expected = rowsOf(made);
        });
        const [read] = await readFeatures(geopackage, { file: memoryReader(bytes) }, { blockBytes });
        expect(read!.sink.features.map(({ properties }) => properties)).toEqual(expected);
        expect(read!.sink.rejects).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

function fill(
  made: DatabaseSync,
  rows: readonly (readonly [bigint, Value, Value, Value])[],
  deletes: readonly number[],
  updates: readonly (readonly [number, Value])[],
): void {
  made.exec('BEGIN');
  const insert = made.prepare('INSERT OR REPLACE INTO t VALUES (?, ?, ?, ?)');
  for (const each of rows) insert.run(...each);
  for (const [index, changed] of updates) {
    if (index < rows.length) made.prepare('UPDATE t SET b = ? WHERE id = ?').run(changed, rows[index]![0]);
  }
  for (const index of deletes) {
    if (index < rows.length) made.prepare('DELETE FROM t WHERE id = ?').run(rows[index]![0]);
  }
  made.exec('COMMIT');
}

/** Rows as node:sqlite reads them, each value in the way in which a sink should be given it. */
function rowsOf(made: DatabaseSync): unknown[] {
  const select = made.prepare('SELECT * FROM t ORDER BY id');
  select.setReadBigInts(true);
  return select.all().map((each) => {
    const given = Object.entries(each).flatMap(([name, one]) => (one === null ? [] : [[name, asGiven(one)]]));
    return Object.fromEntries(given) as unknown;
  });
}

function asGiven(one: unknown): unknown {
  if (typeof one === 'bigint') {
    const isSafe = one >= BigInt(Number.MIN_SAFE_INTEGER) && one <= BigInt(Number.MAX_SAFE_INTEGER);
    return isSafe ? { integer: Number(one) } : { bigInteger: one };
  }
  if (typeof one === 'number') return { double: one };
  return typeof one === 'string' ? { text: one } : { binary: one };
}
