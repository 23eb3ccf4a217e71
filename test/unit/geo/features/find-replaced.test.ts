import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideSchema } from '../../../../shared/geo/features/decide-schema.ts';
import { findReplaced } from '../../../../shared/geo/features/find-replaced.ts';
import { joinVersions } from '../../../../shared/geo/features/join-versions.ts';
import { MAX_REPLACING_FEATURES } from '../../../../shared/geo/features/limits.ts';
import { mergeSummaries } from '../../../../shared/geo/features/merge-summaries.ts';
import { walkRecords } from '../../../../shared/geo/features/walk-records.ts';
import type { TestFeature, TestValue } from '../../../helpers/features/test-feature.ts';
import { inBlocks, memoryBlock } from '../../../helpers/features/write-dataset.ts';

interface Row {
  key: readonly (TestValue | undefined)[];
  x: number;
}

const NAMES = ['id', 'part', 'more'];

const featureOf = ({ key, x }: Row, mark: number): TestFeature => ({
  geometry: { type: 'Point', hasZ: false, hasM: false, coordinates: [x, 1] },
  properties: {
    mark: { kind: 'integer', value: mark },
    ...Object.fromEntries(key.flatMap((value, index) => (value === undefined ? [] : [[NAMES[index]!, value]]))),
  },
});

/** Marks of the features that stay, and the counts. */
async function upsert(published: readonly Row[], added: readonly Row[], columns: number, size = 4) {
  const blocks = (rows: readonly Row[], first: number) =>
    inBlocks(
      rows.map((row, index) => featureOf(row, first + index)),
      size,
    ).map(memoryBlock);
  const base = await mergeSummaries(blocks(published, 0));
  const more = await mergeSummaries(blocks(added, 1000));
  const { merged } = joinVersions(base, more);
  const schema = decideSchema(merged);
  const key = NAMES.slice(0, columns).map((name) => {
    const column = merged.fields.findIndex((field) => field.name === name);
    return [{ column, type: schema.columns[column]?.type ?? ('text' as const) }];
  });
  const found = await findReplaced(merged, { key, published: base.blocks.length, added: added.length });
  const marks: number[] = [];
  for (const [index, block] of merged.blocks.entries()) {
    const dropped = found.dropped.get(index);
    await walkRecords({ ...block, ...(dropped === undefined ? {} : { dropped }) }, ({ properties, view }) => {
      marks.push(view.getInt32(properties + 3, true));
    });
  }
  return { marks: marks.sort((a, b) => a - b), replaced: found.replaced, superseded: found.superseded };
}

const text = (value: string): TestValue => ({ kind: 'text', value });
const lexical = (value: string): TestValue => ({ kind: 'lexical', value });
const integer = (value: number): TestValue => ({ kind: 'integer', value });
const double = (value: number): TestValue => ({ kind: 'double', value });
const row = (...key: (TestValue | undefined)[]): Row => ({ key, x: 1 });

describe('findReplaced', () => {
  it('keeps what a Map of the keys keeps', async () => {
    const part = fc.option(fc.constantFrom('a', 'b', 'aa', '', '1:a'), { nil: undefined });
    const arbitraryRow = fc.tuple(part, part, fc.integer({ min: -170, max: 170 })).map(([id, second, x]): Row => ({
      key: [id, second].map((value) => (value === undefined ? undefined : text(value))),
      x,
    }));
    const rows = fc.array(arbitraryRow, { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(
        rows,
        rows,
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 1, max: 9 }),
        async (published, added, columns, size) => {
          const keyOf = ({ key }: Row): string | undefined => {
            const values = key.slice(0, columns).map((value) => value?.value as string | undefined);
            return values.includes(undefined) ? undefined : JSON.stringify(values);
          };
          const last = new Map<string, number>();
          const without: number[] = [];
          let keyed = 0;
          for (const [index, each] of added.entries()) {
            const key = keyOf(each);
            if (key === undefined) without.push(1000 + index);
            else last.set(key, 1000 + index);
            if (key !== undefined) keyed++;
          }
          const stay = published.flatMap((each, index) => (last.has(keyOf(each) ?? 'none') ? [] : [index]));
          expect(await upsert(published, added, columns, size)).toEqual({
            marks: [...stay, ...without, ...last.values()].sort((a, b) => a - b),
            replaced: published.length - stay.length,
            superseded: keyed - last.size,
          });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('takes the last of the source, wherever its features lie', async () => {
    const added = [170, -170, 30, -30, 90].map((x): Row => ({ key: [text('a')], x }));
    for (const size of [1, 2, 5]) {
      expect(await upsert([row(text('a')), row(text('b'))], added, 1, size)).toEqual({
        marks: [1, 1004],
        replaced: 1,
        superseded: 4,
      });
    }
  });

  it.each([
    ['an integer and the text of it in a source without types', integer(7), lexical('7'), true],
    ['an integer and a double', integer(7), double(7), true],
    [
      'an integer beyond a double, exactly',
      { kind: 'bigInteger', value: 2n ** 53n + 1n },
      { kind: 'bigInteger', value: 2n ** 53n },
      false,
    ],
    ['a text with a zero before it', text('7'), lexical('007'), false],
    ['an integer, where the column has become text', integer(7), text('7'), true],
    ['zeros of both signs', double(0), double(-0), true],
    [
      'an instant with two offsets',
      { kind: 'dateTime', value: '2026-01-01T12:00:00Z' },
      lexical('2026-01-01 14:00:00+02:00'),
      true,
    ],
    [
      'two instants of one second',
      { kind: 'dateTime', value: '2026-01-01T12:00:00.25Z' },
      lexical('2026-01-01T12:00:00.5Z'),
      false,
    ],
    ['booleans', { kind: 'boolean', value: true }, lexical('TRUE'), true],
    ['texts whose case differs', text('a'), text('A'), false],
    ['an empty text, which is a value', text(''), text(''), true],
  ] satisfies [string, TestValue, TestValue, boolean][])(
    'compares values as those of their column: %s',
    async (_, a, b, isSame) => {
      expect((await upsert([row(a)], [row(b)], 1)).replaced).toBe(isSame ? 1 : 0);
    },
  );

  it('tells keys of several columns apart by where their values end', async () => {
    const { replaced } = await upsert(
      [row(text('a'), text('bc')), row(text('ab'), text('c'))],
      [row(text('ab'), text('c'))],
      2,
    );
    expect(replaced).toBe(1);
  });

  it('is refused beyond the features that are compared at once', async () => {
    const merged = await mergeSummaries([]);
    const added = MAX_REPLACING_FEATURES + 1;
    await expect(findReplaced(merged, { key: [], published: 0, added })).rejects.toMatchObject({
      code: 'replacing-features-too-many',
      retryable: false,
      limit: 2_000_000,
      actual: 2_000_001,
    });
  });
});
