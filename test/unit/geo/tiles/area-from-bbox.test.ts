import { describe, expect, it } from 'vitest';
import { areaFromBbox } from '../../../../shared/geo/tiles/area-from-bbox.ts';
import { areaBounds } from '../../../../shared/geo/tiles/area.ts';
import { buildCoverage } from '../../../../shared/geo/tiles/coverage.ts';
import { tileId } from '../../../../shared/geo/tiles/tile-id.ts';
import { HALF_WORLD } from '../../../../shared/geo/tiles/web-mercator-quad.ts';

const count = (bbox: [number, number, number, number], zoom: number) =>
  buildCoverage({ area: areaFromBbox(...bbox), minzoom: zoom, maxzoom: zoom }).count;

describe('areaFromBbox', () => {
  it('is one box within the world', () => {
    const area = areaFromBbox(-90, 0, 90, 66.51326044311186);
    expect(area.polygons).toHaveLength(1);
    const [minX, minY, maxX, maxY] = areaBounds(area);
    for (const [value, expected] of [
      [minX, -HALF_WORLD / 2],
      [minY, 0],
      [maxX, HALF_WORLD / 2],
      [maxY, HALF_WORLD / 2],
    ] as const) {
      expect(value).toBeCloseTo(expected, 6);
    }
  });

  it('is two boxes across the antimeridian', () => {
    const area = areaFromBbox(175, -20, -175, -10);
    expect(area.polygons).toHaveLength(2);
    const coverage = buildCoverage({ area, minzoom: 4, maxzoom: 4 });
    expect([coverage.tileIdAt(0), coverage.tileIdAt(1)]).toEqual([tileId(4, 0, 8), tileId(4, 15, 8)]);
    expect(coverage.count).toBe(2);
  });

  it('takes no neighbours in for bounds along tile edges', () => {
    expect(count([-180, -MAX, 180, MAX], 5)).toBe(4 ** 5);
    expect(count([0, 0, 11.25, 11.178401873711792], 5)).toBe(1);
    expect(count([-180, 0, 0, MAX], 10)).toBe(4 ** 9);
  });

  it('cuts latitudes beyond the world', () => {
    expect(count([-180, -90, 180, 90], 3)).toBe(64);
    expect(count([0, 80, 1, 90], 3)).toBe(1);
  });

  it('takes 180 and -180 for the two sides of the antimeridian', () => {
    expect(count([170, 0, -180, 10], 5)).toBe(count([170, 0, 180, 10], 5));
    expect(count([180, 0, -170, 10], 5)).toBe(count([-180, 0, -170, 10], 5));
  });

  it.each([
    ['area-invalid', [NaN, 0, 1, 1]],
    ['area-invalid', [0, 0, Infinity, 1]],
    ['area-invalid', [-181, 0, 1, 1]],
    ['area-invalid', [0, -91, 1, 1]],
    ['area-invalid', [0, 10, 1, 5]],
    ['area-empty', [5, 0, 5, 10]],
    ['area-empty', [0, 7, 5, 7]],
    ['area-empty', [0, 86, 5, 90]],
    ['area-empty', [180, 0, -180, 10]],
  ] as const)('refuses with %s the bbox %j', (code, [west, south, east, north]) => {
    expect(() => areaFromBbox(west, south, east, north, '/inputs/bbox')).toThrow(
      expect.objectContaining({ code, field: '/inputs/bbox', retryable: false }),
    );
  });
});

const MAX = 85.0511287798066;
