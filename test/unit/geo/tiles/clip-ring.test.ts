import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedArea } from '../../../../shared/geo/tiles/area.ts';
import { clipRing } from '../../../../shared/geo/tiles/clip-ring.ts';
import { stars, surfaceWithin } from './areas.ts';

const side = fc.double({ min: -2e7, max: 2e7, noNaN: true });

describe('clipRing', () => {
  it('keeps exactly the surface inside the rectangle, and no vertex outside of it', () => {
    fc.assert(
      fc.property(stars, side, side, side, side, (area, x1, y1, x2, y2) => {
        const [minX, maxX] = [Math.min(x1, x2), Math.max(x1, x2)];
        const [minY, maxY] = [Math.min(y1, y2), Math.max(y1, y2)];
        const ring = area.polygons[0]![0]!;
        const clipped = clipRing(ring, minX, minY, maxX, maxY);
        for (const [x, y] of clipped) expect(x >= minX && x <= maxX && y >= minY && y <= maxY).toBe(true);
        const surface = surfaceWithin(ring, [minX, minY, maxX, maxY]);
        expect(Math.abs(Math.abs(signedArea(clipped)) / 2 - surface)).toBeLessThan(1e-9 * 4e7 ** 2);
      }),
      { numRuns: 200 },
    );
  });

  it('leaves nothing of a ring outside', () => {
    expect(
      clipRing(
        [
          [0, 0],
          [1, 0],
          [0, 1],
        ],
        2,
        2,
        3,
        3,
      ),
    ).toEqual([]);
    expect(clipRing([], 0, 0, 1, 1)).toEqual([]);
  });
});
