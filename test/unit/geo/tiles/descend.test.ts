import { describe, expect, it } from 'vitest';
import { areaFromBbox } from '../../../../shared/geo/tiles/area-from-bbox.ts';
import { descend } from '../../../../shared/geo/tiles/descend.ts';
import { createEdgeSet } from '../../../../shared/geo/tiles/edge-set.ts';

describe('descend', () => {
  const edges = createEdgeSet(areaFromBbox(-170.1, -80.1, 170.1, 80.1));

  it('refuses an outline of too many runs', () => {
    const run = () => descend([edges], 0, 12, '/inputs/bbox', { runs: 1000, steps: Infinity });
    expect(run).toThrow(expect.objectContaining({ code: 'coverage-too-complex', field: '/inputs/bbox', limit: 1000 }));
  });

  it('refuses an outline of too many steps', () => {
    const run = () => descend([edges], 12, 12, undefined, { runs: Infinity, steps: 1000 });
    expect(run).toThrow(expect.objectContaining({ code: 'coverage-too-complex', retryable: false, limit: 1000 }));
  });

  it('makes few runs of many tiles', () => {
    const runs = descend([edges], 0, 12);
    const tiles = runs.reduce((sum, list) => sum + list.total, 0);
    expect(tiles).toBeGreaterThan(1e7);
    expect(runs.reduce((sum, list) => sum + list.length, 0)).toBeLessThan(20_000);
  });
});
