import { describe, expect, it } from 'vitest';
import { writeFeatures } from '../../../../shared/geo/features/feature-writer.ts';
import { LongitudeGap } from '../../../../shared/geo/features/longitude-gap.ts';
import { mergeSummaries } from '../../../../shared/geo/features/merge-summaries.ts';
import type { TestGeometry } from '../../../helpers/features/test-feature.ts';
import { makeBlock, memoryBlock } from '../../../helpers/features/write-dataset.ts';

const flat = { hasZ: false, hasM: false } as const;
const points = (...longitudes: number[]): TestGeometry => ({
  type: 'MultiPoint',
  ...flat,
  coordinates: longitudes.map((longitude) => [longitude, 1]),
});
const line = (...longitudes: number[]): TestGeometry =>
  ({ ...points(...longitudes), type: 'LineString' }) as TestGeometry;
const lines = (...each: number[][]): TestGeometry => ({
  type: 'MultiLineString',
  ...flat,
  coordinates: each.map((longitudes) => longitudes.map((longitude) => [longitude, 1])),
});

async function boxOf(...geometries: (TestGeometry | null)[]): Promise<[number, number] | undefined> {
  const block = makeBlock(geometries.map((geometry) => ({ geometry, properties: {} })));
  const merged = await mergeSummaries([memoryBlock(block)]);
  const gap = new LongitudeGap();
  await writeFeatures(merged, [], { observers: [gap] });
  return gap.box(merged.geometry.extent);
}

describe('the box across the antimeridian', () => {
  it.each<[string, TestGeometry[], [number, number] | undefined]>([
    ['of points on both sides', [points(177), points(-178)], [177, -178]],
    ['of points of one feature', [points(177, -178)], [177, -178]],
    ['of a line that was cut there', [lines([170, 180], [-180, -175])], [170, -175]],
    ['of a collection', [{ type: 'GeometryCollection', geometries: [line(170, 180), line(-180, -175)] }], [170, -175]],
    ['of what is around Greenwich', [line(-10, 10)], undefined],
    ['of what is on one side', [line(10, 20), points(60)], undefined],
    ['of places that are nearer to each other over Greenwich', [points(-80), points(90)], undefined],
    ['of the same and one line over Greenwich', [lines([170, 180], [-180, -175]), line(-1, 1)], undefined],
  ])('%s', async (_, geometries, box) => {
    expect(await boxOf(...geometries, null)).toEqual(box);
  });
});
