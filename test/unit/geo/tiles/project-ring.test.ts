import { describe, expect, it } from 'vitest';
import type { Position } from '../../../../shared/geo/tiles/area.ts';
import { projectRing } from '../../../../shared/geo/tiles/project-ring.ts';
import { HALF_WORLD, toLongitudeLatitude } from '../../../../shared/geo/tiles/web-mercator-quad.ts';

const slanted: Position[] = [
  [0, 0],
  [80, 80],
  [80, 0],
];

describe('projectRing', () => {
  it('keeps every part of a slanted edge within ten metres of the line that is straight in degrees', () => {
    const ring = projectRing(slanted, 100_000)!;
    const diagonal = ring.slice(ring.findIndex(([x, y]) => x === 0 && y === 0));
    for (const [index, [x, y]] of diagonal.slice(1).entries()) {
      const [fromX, fromY] = diagonal[index]!;
      if (Math.abs(x - fromX) < 1) break;
      const [longitude, latitude] = toLongitudeLatitude((x + fromX) / 2, (y + fromY) / 2);
      const metresPerDegree = 111_320 / Math.cos((latitude * Math.PI) / 180);
      expect(Math.abs(longitude - latitude) * metresPerDegree).toBeLessThan(10);
    }
  });

  it('needs no more vertices for edges along meridians and parallels', () => {
    const box: Position[] = [
      [-170, -80],
      [170, -80],
      [170, 80],
      [-170, 80],
    ];
    expect(projectRing(box, 4)).toHaveLength(4);
  });

  it('cuts at the latitudes where the world ends', () => {
    const ring = projectRing(
      [
        [0, -90],
        [10, -90],
        [10, 90],
        [0, 90],
      ],
      100,
    )!;
    expect(ring).toHaveLength(4);
    for (const [, y] of ring) expect(Math.abs(y)).toBeCloseTo(HALF_WORLD, 5);
  });

  it('gives up where it would need too many vertices', () => {
    const needed = projectRing(slanted, 100_000)!.length;
    expect(needed).toBeGreaterThan(100);
    expect(projectRing(slanted, needed)).toHaveLength(needed);
    expect(projectRing(slanted, needed - 1)).toBeUndefined();
  });
});
