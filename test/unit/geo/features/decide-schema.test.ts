import { describe, expect, it } from 'vitest';
import { decideSchema } from '../../../../shared/geo/features/decide-schema.ts';
import type { DeclaredType } from '../../../../shared/geo/features/feature-format.ts';
import { mergeSummaries } from '../../../../shared/geo/features/merge-summaries.ts';
import type { TestValue } from '../../../helpers/features/test-feature.ts';
import { makeBlock, memoryBlock } from '../../../helpers/features/write-dataset.ts';

/** The column of a field of which each feature, in a block of its own, has one of the values or none. */
async function columnOf(values: (TestValue | undefined)[], type?: DeclaredType) {
  const blocks = values.map((value) =>
    makeBlock([{ geometry: null, properties: value === undefined ? {} : { a: value } }]),
  );
  const named = makeBlock([]);
  const merged = await mergeSummaries([...blocks, named].map(memoryBlock));
  return decideSchema(merged, type === undefined ? [] : [{ name: 'a', type }]).columns[0];
}
const integer = (value: number): TestValue => ({ kind: 'integer', value });
const lexical = (value: string): TestValue => ({ kind: 'lexical', value });
const big: TestValue = { kind: 'bigInteger', value: 2n ** 53n + 1n };
const double: TestValue = { kind: 'double', value: 1.5 };
const text: TestValue = { kind: 'text', value: 'x' };
const time = (value: string): TestValue => ({ kind: 'dateTime', value });

describe('decideSchema', () => {
  it.each([
    ['booleans', [{ kind: 'boolean', value: true }], 'boolean'],
    ['integers of 32 bits', [integer(-(2 ** 31)), integer(2 ** 31 - 1)], 'int32'],
    ['integers of more', [integer(1), integer(2 ** 31)], 'int64'],
    ['integers beyond a double', [integer(1), big], 'int64'],
    ['integers and doubles', [integer(1), double], 'double'],
    ['integers that a double does not hold, and doubles', [big, double], 'text'],
    ['an integer beyond 64 bits', [integer(1), { kind: 'bigInteger', value: 2n ** 64n - 1n }], 'text'],
    ['numbers and texts', [double, text], 'text'],
    ['dates', [{ kind: 'date', value: '2026-11-26' }], 'date'],
    ['what is no date', [{ kind: 'date', value: '2026-11-31' }], 'text'],
    ['dates and dates with times', [{ kind: 'date', value: '2026-11-26' }, time('2026-11-26T00:00:00')], 'text'],
    ['times', [time('2026-11-26T00:00:00Z'), time('2026-11-26T00:00:00+01:00')], 'date-time'],
    ['times with and without an offset', [time('2026-11-26T00:00:00Z'), time('2026-11-26T00:00:00')], 'text'],
    ['JSON', [{ kind: 'json', value: '{}' }], 'json'],
    ['binary', [{ kind: 'binary', value: Uint8Array.of(1) }], 'binary'],
    ['lexemes of integers', [lexical('1'), lexical('-20')], 'int32'],
    ['lexemes of long integers', [lexical('1'), lexical('9007199254740993')], 'int64'],
    ['lexemes of numbers', [lexical('1'), lexical('2.50')], 'double'],
    ['lexemes of a long integer and numbers', [lexical('9007199254740993'), lexical('2.5')], 'text'],
    ['lexemes with a leading zero', [lexical('1'), lexical('007')], 'text'],
    ['lexemes of booleans', [lexical('true'), lexical('FALSE')], 'boolean'],
    ['lexemes of booleans and numbers', [lexical('true'), lexical('1')], 'text'],
    ['lexemes of dates', [lexical('2026-11-26')], 'date'],
    ['lexemes of times', [lexical('2026-11-26 10:00:00')], 'date-time'],
  ] satisfies [string, TestValue[], string][])('makes %s of their narrowest type', async (_, values, expected) => {
    expect(await columnOf(values)).toMatchObject({ type: expected, nullable: false });
  });

  it('gives a field without values the type that is declared', async () => {
    const blocks = [makeBlock([{ geometry: null, properties: { a: text } }])];
    const merged = await mergeSummaries(blocks.map(memoryBlock));
    merged.fields[0]!.statistics.counts.fill(0);
    expect(decideSchema(merged).columns[0]).toMatchObject({
      type: 'text',
      nullable: true,
      reasons: ['It has no value.'],
    });
    expect(decideSchema(merged, [{ name: 'a', type: 'integer' }]).columns[0]).toMatchObject({
      type: 'int32',
      reasons: [],
    });
  });

  it('is nullable when a feature does not have the field', async () => {
    expect(await columnOf([integer(1), undefined])).toMatchObject({ type: 'int32', nullable: true });
  });

  it('says why a type is not that of the values', async () => {
    expect((await columnOf([lexical('1')]))!.reasons).toEqual(['Each of its values can be taken for this type.']);
    expect((await columnOf([double, text]))!.reasons).toEqual(['It has values of several types: double, text.']);
    expect((await columnOf([lexical('1'), lexical('a')]))!.reasons).toEqual([]);
  });

  it('knows whether integers are beyond a double, and what times are like', async () => {
    expect(await columnOf([integer(2 ** 40)])).toMatchObject({ type: 'int64', isUnsafe: false });
    expect(await columnOf([big])).toMatchObject({ isUnsafe: true });
    expect(await columnOf([time('2026-11-26T00:00:00.25'), time('2026-11-26T00:00')])).toMatchObject({
      dateTimes: { zoned: false, fractionDigits: 2 },
    });
  });
});
