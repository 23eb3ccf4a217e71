import fc from 'fast-check';
import { zxyToTileId } from 'pmtiles';
import { describe, expect, it } from 'vitest';
import { DEGREES_DOMAIN, HilbertKeys, LAST_HILBERT_KEY } from '../../../../shared/geo/features/hilbert-keys.ts';

const CELLS = 2 ** 26;
const keys = new HilbertKeys({ minX: 0, minY: 0, maxX: CELLS, maxY: CELLS });
const cell = fc.integer({ min: 0, max: CELLS - 1 });

describe('HilbertKeys', () => {
  it('gives cells the order of the tiles of zoom 26 in PMTiles', () => {
    fc.assert(
      fc.property(cell, cell, (x, y) => {
        expect(keys.keyAt(x + 0.5, y + 0.5)).toBe(zxyToTileId(26, x, y) - zxyToTileId(26, 0, 0));
      }),
    );
  });

  it('gives places outside the domain the key of its border', () => {
    const world = new HilbertKeys(DEGREES_DOMAIN);
    expect(world.keyAt(-1000, -1000)).toBe(world.keyAt(-180, -90));
    expect(world.keyAt(180, 90)).toBe(world.keyAt(179.999999999, 89.999999999));
    expect(world.keyAt(NaN, 0)).toBe(world.keyAt(-180, 0));
  });

  it('has no key as high as that of a feature without extent', () => {
    fc.assert(fc.property(cell, cell, (x, y) => keys.keyAt(x, y) < LAST_HILBERT_KEY));
  });
});
