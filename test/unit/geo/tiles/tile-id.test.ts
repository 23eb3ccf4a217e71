import fc from 'fast-check';
import { tileIdToZxy, zxyToTileId } from 'pmtiles';
import { describe, expect, it } from 'vitest';
import { firstTileId, tileFromId, tileId } from '../../../../shared/geo/tiles/tile-id.ts';
import { MAX_ZOOM } from '../../../../shared/geo/tiles/web-mercator-quad.ts';

const tile = fc
  .integer({ min: 0, max: MAX_ZOOM })
  .chain((zoom) =>
    fc.tuple(fc.constant(zoom), fc.integer({ min: 0, max: 2 ** zoom - 1 }), fc.integer({ min: 0, max: 2 ** zoom - 1 })),
  );

describe('tileId', () => {
  it('agrees with the reference reader at every zoom', () => {
    fc.assert(
      fc.property(tile, ([z, x, y]) => tileId(z, x, y) === zxyToTileId(z, x, y)),
      { numRuns: 2000 },
    );
  });

  it('agrees with the reference reader on all tiles of the zooms 0 to 5', () => {
    for (let id = 0; id < firstTileId(6); id++) {
      const [zoom, column, row] = tileIdToZxy(id);
      expect(tileFromId(id)).toEqual({ zoom, column, row });
      expect(tileId(zoom, column, row)).toBe(id);
    }
  });

  it('is undone by tileFromId', () => {
    fc.assert(
      fc.property(tile, ([zoom, column, row]) => {
        expect(tileFromId(tileId(zoom, column, row))).toEqual({ zoom, column, row });
      }),
      { numRuns: 2000 },
    );
  });

  it('numbers the children of the n-th tile of a zoom 4n to 4n+3', () => {
    fc.assert(
      fc.property(tile, fc.nat(1), fc.nat(1), ([zoom, column, row], right, down) => {
        fc.pre(zoom < MAX_ZOOM);
        const parent = tileId(zoom, column, row) - firstTileId(zoom);
        const child = tileId(zoom + 1, column * 2 + right, row * 2 + down) - firstTileId(zoom + 1);
        expect(Math.floor(child / 4)).toBe(parent);
      }),
    );
  });

  it('is exact at both ends of the deepest zoom', () => {
    const last = 2 ** MAX_ZOOM - 1;
    expect(tileId(MAX_ZOOM, 0, 0)).toBe(firstTileId(MAX_ZOOM));
    expect(tileId(MAX_ZOOM, last, 0)).toBe(firstTileId(MAX_ZOOM + 1) - 1);
    expect(Number.isSafeInteger(firstTileId(MAX_ZOOM + 1))).toBe(true);
  });

  it.each([
    [-1, 0, 0],
    [25, 0, 0],
    [3, 8, 0],
    [3, 0, -1],
    [3, 0.5, 0],
    [NaN, 0, 0],
  ])('refuses the tile %d/%d/%d', (z, x, y) => {
    expect(() => tileId(z, x, y)).toThrow(RangeError);
  });

  it.each([-1, 0.5, NaN, Infinity, firstTileId(MAX_ZOOM + 1)])('refuses the id %d', (id) => {
    expect(() => tileFromId(id)).toThrow(RangeError);
  });
});
