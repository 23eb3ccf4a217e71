import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HALF_WORLD,
  MAX_LATITUDE,
  tileAt,
  tileBounds,
  tileResolution,
  toLongitudeLatitude,
  toMercator,
} from '../../../../shared/geo/tiles/web-mercator-quad.ts';

describe('web-mercator-quad', () => {
  // OGC 17-083r4, table D.1: cell sizes of WebMercatorQuad in metres.
  it.each([
    [0, 156543.033928041],
    [1, 78271.5169640204],
    [10, 152.874056570353],
    [18, 0.597164283559817],
    [24, 0.00933069192999714],
  ])('has the cell size of the standard at zoom %d', (zoom, metres) => {
    expect(tileResolution(zoom, 256)).toBeCloseTo(metres, 8);
    expect(tileResolution(zoom, 512)).toBeCloseTo(metres / 2, 8);
  });

  it('spans the square of the standard at zoom 0', () => {
    const side = 20037508.3427892;
    const bounds = tileBounds({ zoom: 0, column: 0, row: 0 });
    for (const [index, value] of [-side, -side, side, side].entries()) expect(bounds[index]).toBeCloseTo(value, 6);
  });

  it('puts row 0 in the north and column 0 in the west', () => {
    const [minX, minY, maxX, maxY] = tileBounds({ zoom: 1, column: 0, row: 0 });
    expect([minX, minY, maxX, maxY]).toEqual([-HALF_WORLD, 0, 0, HALF_WORLD]);
  });

  it('ends at 85.0511287798066 degrees', () => {
    expect(toMercator(180, MAX_LATITUDE)[0]).toBeCloseTo(HALF_WORLD, 6);
    expect(toMercator(180, MAX_LATITUDE)[1]).toBeCloseTo(HALF_WORLD, 6);
  });

  it('finds known tiles', () => {
    // Computed with mercantile 1.2.1: mercantile.tile(lng, lat, zoom).
    expect(tileAt(13.3777, 52.5163, 15)).toEqual({ zoom: 15, column: 17601, row: 10746 });
    expect(tileAt(-122.4194, 37.7749, 12)).toEqual({ zoom: 12, column: 655, row: 1583 });
    expect(tileAt(174.7762, -41.2865, 18)).toEqual({ zoom: 18, column: 258340, row: 164136 });
  });

  it('gives points beyond the square to its outermost tiles', () => {
    expect(tileAt(180, -90, 3)).toEqual({ zoom: 3, column: 7, row: 7 });
    expect(tileAt(-181, 90, 3)).toEqual({ zoom: 3, column: 0, row: 0 });
  });

  it('undoes its projection', () => {
    const longitude = fc.double({ min: -180, max: 180, noNaN: true });
    const latitude = fc.double({ min: -89, max: 89, noNaN: true });
    fc.assert(
      fc.property(longitude, latitude, (lon, lat) => {
        const [lon2, lat2] = toLongitudeLatitude(...toMercator(lon, lat));
        expect(Math.abs(lon2 - lon)).toBeLessThan(1e-11);
        expect(Math.abs(lat2 - lat)).toBeLessThan(1e-11);
      }),
    );
  });
});
