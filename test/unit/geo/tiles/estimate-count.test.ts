import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaFromBbox } from '../../../../shared/geo/tiles/area-from-bbox.ts';
import { WORLD } from '../../../../shared/geo/tiles/area.ts';
import { buildCoverage } from '../../../../shared/geo/tiles/coverage.ts';
import { estimateCount } from '../../../../shared/geo/tiles/estimate-count.ts';
import { boxes, stars, triangles } from './areas.ts';

const areas = fc.oneof(triangles, stars);

describe('estimateCount', () => {
  it('is exact for the bbox, also across the antimeridian', () => {
    fc.assert(
      fc.property(boxes, ([west, south, east, north]) => {
        const area = areaFromBbox(west, south, east, north);
        expect(estimateCount(area, 0, 9)).toBe(buildCoverage({ area, minzoom: 0, maxzoom: 9 }).count);
      }),
      { numRuns: 100 },
    );
  });

  it('is exact for two boxes that a tile must touch both', () => {
    fc.assert(
      fc.property(boxes, boxes, (one, other) => {
        const area = [areaFromBbox(...one), areaFromBbox(...other)];
        expect(estimateCount(area, 0, 8)).toBe(buildCoverage({ area, minzoom: 0, maxzoom: 8 }).count);
      }),
      { numRuns: 60 },
    );
  });

  it('is never below the true count', () => {
    fc.assert(
      fc.property(areas, areas, (one, other) => {
        expect(estimateCount(one, 0, 8)).toBeGreaterThanOrEqual(
          buildCoverage({ area: one, minzoom: 0, maxzoom: 8 }).count,
        );
        const both = [one, other];
        expect(estimateCount(both, 0, 8)).toBeGreaterThanOrEqual(
          buildCoverage({ area: both, minzoom: 0, maxzoom: 8 }).count,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is within a third of the count of a large polygon', () => {
    const ring = Array.from({ length: 60 }, (_, n) => {
      const angle = (n / 60) * 2 * Math.PI;
      return [5e6 * Math.cos(angle), 5e6 * Math.sin(angle)] as const;
    });
    const area = { polygons: [[ring]] };
    const { count } = buildCoverage({ area, minzoom: 0, maxzoom: 9 });
    expect(estimateCount(area, 0, 9) / count).toBeLessThan(4 / 3);
  });

  it('is close for a thin diagonal, whose bounding box has a thousand times its tiles', () => {
    const area = {
      polygons: [
        [
          [
            [0, 0],
            [10, 0],
            [1e7, 1e7],
          ] as const,
        ],
      ],
    };
    const { count } = buildCoverage({ area, minzoom: 14, maxzoom: 14 });
    expect(estimateCount(area, 14, 14)).toBeLessThan(3 * count);
    expect(count).toBeLessThan(20_000);
  });

  it('counts a million million tiles without building them', () => {
    expect(estimateCount(WORLD, 20, 20)).toBe(4 ** 20);
    expect(estimateCount(WORLD, 0, 24)).toBe((4 ** 25 - 1) / 3);
  });

  it('refuses zooms that do not exist', () => {
    expect(() => estimateCount(WORLD, 0, 25)).toThrow(expect.objectContaining({ code: 'zoom-out-of-range' }));
    expect(() => estimateCount(WORLD, 5, 4)).toThrow(expect.objectContaining({ code: 'minzoom-above-maxzoom' }));
  });
});
