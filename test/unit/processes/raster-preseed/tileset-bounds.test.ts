import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../../../shared/geo/projections/crs-from-epsg.ts';
import { rasterFootprint } from '../../../../shared/geo/warp/footprint.ts';
import { tilesetBounds } from '../../../../shared/processes/raster-preseed/tileset-bounds.ts';

const footprintOf = (west: number, north: number, width: number, height: number) =>
  rasterFootprint({ crs: crsFromEpsg(4326), transform: [1, 0, west, 0, -1, north], width, height });

describe('tilesetBounds', () => {
  it('are those of the footprint', () => {
    expect(tilesetBounds({ footprint: footprintOf(10, 50, 5, 5), clip: {} })).toEqual([10, 45, 15, 50]);
  });

  it('are those of the part that was asked for', () => {
    const clip = { bbox: [12, 40, 30, 47] };
    expect(tilesetBounds({ footprint: footprintOf(10, 50, 5, 5), clip })).toEqual([12, 45, 15, 47]);
  });

  it('take in both a bbox and an area', () => {
    const ring = [
      [11, 44],
      [13, 44],
      [13, 60],
      [11, 60],
      [11, 44],
    ];
    const clip = { bbox: [12, 40, 30, 47], area: { type: 'Polygon' as const, coordinates: [ring] } };
    expect(tilesetBounds({ footprint: footprintOf(10, 50, 5, 5), clip })).toEqual([12, 45, 13, 47]);
  });

  it('span all longitudes across the antimeridian', () => {
    expect(tilesetBounds({ footprint: footprintOf(175, 10, 10, 10), clip: {} })).toEqual([-180, 0, 180, 10]);
  });

  it('keep to one side where only that was asked for', () => {
    const clip = { bbox: [-179, 1, -170, 9] };
    expect(tilesetBounds({ footprint: footprintOf(175, 10, 10, 10), clip })).toEqual([-179, 1, -175, 9]);
  });
});
