import { describe, expect, it } from 'vitest';
import { decideSchema } from '../../../../shared/geo/features/decide-schema.ts';
import { FEATURE_ID } from '../../../../shared/geo/features/feature-sink.ts';
import { joinVersions } from '../../../../shared/geo/features/join-versions.ts';
import { mergeSummaries } from '../../../../shared/geo/features/merge-summaries.ts';
import type { TestValue } from '../../../helpers/features/test-feature.ts';
import { makeBlock, memoryBlock } from '../../../helpers/features/write-dataset.ts';

const text: TestValue = { kind: 'text', value: 'x' };

async function versionOf(...names: string[]) {
  const properties = Object.fromEntries(names.map((name) => [name, text]));
  return mergeSummaries([memoryBlock(makeBlock([{ geometry: null, properties }]))]);
}

describe('joinVersions', () => {
  it.each([
    ['the same names', ['a', 'b'], ['b', 'a'], ['a', 'b'], [1, 0]],
    ['a name that is new', ['a'], ['b', 'a'], ['a', 'b'], [1, 0]],
    ['a name that differs by case', ['name'], ['NAME'], ['name'], [0]],
    [
      'names that differ by case, as they were published',
      ['name', 'NAME_2'],
      ['name', 'NAME'],
      ['name', 'NAME_2'],
      [0, 1],
    ],
    ['a name that had to be changed', ['geometry_2'], ['geometry'], ['geometry_2'], [0]],
    ['a name that is there as it stands, before one that becomes it', ['a'], [' a', 'a'], ['a', 'a_2'], [1, 0]],
    ['the identifier of features, which was published as a column', ['id'], [FEATURE_ID], ['id'], [0]],
    ['a column for the identifier of features', [FEATURE_ID], ['id'], ['id'], [0]],
    [
      'an identifier that was published, beside a column of its name',
      [FEATURE_ID],
      ['id', FEATURE_ID],
      ['id_2', 'id'],
      [1, 0],
    ],
    ['an identifier beside a column of its name', ['id'], ['id', FEATURE_ID], ['id', 'id_2'], [0, 1]],
  ])('takes for one field %s', async (_, published, added, names, columns) => {
    const joined = joinVersions(await versionOf(...published), await versionOf(...added));
    expect(joined.columns).toEqual(columns);
    expect(decideSchema(joined.merged).columns.map(({ name }) => name)).toEqual(names);
    const blocks = joined.merged.blocks.map((block) => [...block.columns]);
    expect(blocks).toEqual([published.map((_name, index) => index), columns]);
  });

  it('keeps the identifier of features where the source has one', async () => {
    const { merged } = joinVersions(await versionOf('id'), await versionOf(FEATURE_ID));
    expect(decideSchema(merged).columns).toMatchObject([{ name: 'id', isFeatureId: true }]);
  });

  it('adds up, and leaves what each of both is', async () => {
    const [published, added] = [await versionOf('a'), await versionOf('a', 'b')];
    const { merged } = joinVersions(published, added);
    expect(merged).toMatchObject({ features: 2, rejected: 0, bytes: published.bytes + added.bytes });
    expect(merged.fields.map(({ statistics }) => statistics.counts[1])).toEqual([2, 1]);
    expect(published.fields[0]!.statistics.counts[1]).toBe(1);
    expect(merged.geometry.types[0]).toBe(2);
  });
});
