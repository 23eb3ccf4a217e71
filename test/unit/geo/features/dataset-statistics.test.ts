import { describe, expect, it } from 'vitest';
import { datasetStatistics } from '../../../../shared/geo/features/dataset-statistics.ts';
import { decideSchema } from '../../../../shared/geo/features/decide-schema.ts';
import { mergeSummaries } from '../../../../shared/geo/features/merge-summaries.ts';
import type { TestFeature } from '../../../helpers/features/test-feature.ts';
import { makeBlock, memoryBlock } from '../../../helpers/features/write-dataset.ts';

async function statisticsOf(...blocks: TestFeature[][]) {
  const merged = await mergeSummaries(blocks.map(makeBlock).map(memoryBlock));
  return datasetStatistics(merged, decideSchema(merged));
}
const bare = (properties: TestFeature['properties']): TestFeature => ({ geometry: null, properties });

describe('datasetStatistics', () => {
  it('adds up what the blocks saw of geometries', async () => {
    const statistics = await statisticsOf(
      [
        { geometry: { type: 'Point', hasZ: true, hasM: false, coordinates: [1, 2, 30] }, properties: {} },
        { geometry: null, properties: {} },
      ],
      [
        { geometry: { type: 'Point', hasZ: false, hasM: true, coordinates: [-5, 7, 1] }, properties: {} },
        { geometry: { type: 'Polygon', hasZ: false, hasM: false, coordinates: [] }, properties: {} },
      ],
    );
    expect(statistics).toEqual({
      features: 4,
      rejected: 0,
      extent: [-5, 2, 1, 7],
      heights: [30, 30],
      geometryTypes: { Point: 1, 'Point Z': 1, Polygon: 1 },
      withoutGeometry: 1,
      emptyGeometries: 1,
      withMeasures: 1,
      fields: [],
    });
  });

  it('tells range, share of nulls and number of different values of each field', async () => {
    const { fields } = await statisticsOf(
      [
        bare({
          n: { kind: 'integer', value: 3 },
          t: { kind: 'text', value: 'b' },
          flag: { kind: 'boolean', value: true },
        }),
        bare({ n: { kind: 'integer', value: -1 }, big: { kind: 'bigInteger', value: 2n ** 60n } }),
      ],
      [
        bare({ n: { kind: 'double', value: 9.5 }, t: { kind: 'text', value: 'ä'.repeat(40) } }),
        bare({ at: { kind: 'dateTime', value: '2026-11-26T12:00:00+02:00' }, t: { kind: 'text', value: 'b' } }),
      ],
    );
    expect(fields).toEqual([
      { name: 'n', type: 'double', nullShare: 0.25, distinct: 3, min: -1, max: 9.5 },
      { name: 't', type: 'text', nullShare: 0.25, distinct: 2, min: 'b', max: 'ä'.repeat(16) },
      { name: 'flag', type: 'boolean', nullShare: 0.75, distinct: 1, min: true, max: true },
      {
        name: 'big',
        type: 'int64',
        nullShare: 0.75,
        distinct: 1,
        min: '1152921504606846976',
        max: '1152921504606846976',
      },
      {
        name: 'at',
        type: 'date-time',
        nullShare: 0.75,
        distinct: 1,
        min: '2026-11-26T10:00:00Z',
        max: '2026-11-26T10:00:00Z',
      },
    ]);
  });

  it('knows whether all booleans of all blocks are true', async () => {
    const flag = (value: boolean) => [bare({ flag: { kind: 'boolean', value } })];
    expect((await statisticsOf(flag(true), flag(true))).fields[0]).toMatchObject({ min: true, max: true });
    expect((await statisticsOf(flag(false), flag(true))).fields[0]).toMatchObject({ min: false, max: true });
    expect((await statisticsOf(flag(false), flag(false))).fields[0]).toMatchObject({ min: false, max: false });
  });

  it('counts values that are not finite beside the range of the others', async () => {
    const { fields } = await statisticsOf([
      bare({ d: { kind: 'double', value: NaN } }),
      bare({ d: { kind: 'double', value: 2 } }),
      bare({ d: { kind: 'double', value: -Infinity } }),
    ]);
    expect(fields[0]).toMatchObject({ min: 2, max: 2, nonFinite: 2 });
  });

  it('is the same through JSON', async () => {
    const statistics = await statisticsOf([bare({ d: { kind: 'double', value: NaN } })], []);
    expect(JSON.parse(JSON.stringify(statistics))).toEqual(statistics);
  });

  it('tells nothing of no features', async () => {
    expect(await statisticsOf([])).toMatchObject({ features: 0, geometryTypes: {}, fields: [] });
  });
});
