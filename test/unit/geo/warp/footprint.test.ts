import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../../../shared/geo/projections/crs-from-epsg.ts';
import type { AffineTransform } from '../../../../shared/geo/tiff/raster.ts';
import { WORLD } from '../../../../shared/geo/tiles/area.ts';
import { HALF_WORLD, toLongitudeLatitude } from '../../../../shared/geo/tiles/web-mercator-quad.ts';
import { rasterFootprint } from '../../../../shared/geo/warp/footprint.ts';

function footprintOf(epsg: number, transform: AffineTransform, width: number, height: number) {
  return rasterFootprint({ crs: crsFromEpsg(epsg), transform, width, height });
}

/** Bounds of each extent in whole degrees. */
function degrees(footprint: ReturnType<typeof footprintOf>): number[][] {
  return footprint.extents
    .map(({ bounds: [minX, minY, maxX, maxY] }) =>
      [...toLongitudeLatitude(minX, minY), ...toLongitudeLatitude(maxX, maxY)].map((value) => Math.round(value)),
    )
    .sort((a, b) => a[0]! - b[0]!);
}

describe('rasterFootprint', () => {
  it('is the rectangle of a raster in longitude and latitude', () => {
    const footprint = footprintOf(4326, [0.1, 0, 10, 0, -0.1, 50], 50, 30);
    expect(degrees(footprint)).toEqual([[10, 47, 15, 50]]);
    expect(footprint.extents[0]!.sourceShift).toBe(0);
  });

  it('cuts a raster from 0 to 360 degrees at the antimeridian and says how its columns count on', () => {
    const footprint = footprintOf(4326, [0.5, 0, 0, 0, -0.5, 90], 720, 360);
    expect(degrees(footprint)).toEqual([
      [-180, -85, 0, 85],
      [0, -85, 180, 85],
    ]);
    const shifts = footprint.extents.map(({ bounds, sourceShift }) => [Math.sign(bounds[0] + bounds[2]), sourceShift]);
    expect(shifts.sort((a, b) => a[0]! - b[0]!)).toEqual([
      [-1, 360],
      [1, 0],
    ]);
  });

  it('cuts a UTM raster across the antimeridian in two', () => {
    const footprint = footprintOf(32660, [1000, 0, 700_000, 0, -1000, 2_300_000], 300, 200);
    expect(degrees(footprint)).toEqual([
      [-180, 19, -178, 21],
      [179, 19, 180, 21],
    ]);
    expect(footprint.extents.map(({ sourceShift }) => sourceShift)).toEqual([0, 0]);
  });

  it('cuts a Web Mercator raster that runs over the edge of the world', () => {
    const footprint = footprintOf(3857, [1000, 0, HALF_WORLD - 500_000, 0, -1000, 500_000], 1000, 1000);
    expect(degrees(footprint)).toEqual([
      [-180, -4, -176, 4],
      [176, -4, 180, 4],
    ]);
    const western = footprint.extents.find(({ bounds }) => bounds[0] < 0)!;
    expect(western.sourceShift).toBeCloseTo(2 * HALF_WORLD, 3);
  });

  it('closes a raster around a pole over it', () => {
    const footprint = footprintOf(3413, [20_000, 0, -2e6, 0, -20_000, 2e6], 200, 200);
    const [west, south, east, north] = degrees(footprint)[0]!;
    expect([west, east, north]).toEqual([-180, 180, 85]);
    expect(south).toBeLessThan(66);
  });

  it('cuts a global grid whose outer pixels are centred on the poles', () => {
    expect(degrees(footprintOf(4326, [1, 0, -180, 0, -1, 90.5], 360, 181))).toEqual([[-180, -85, 180, 85]]);
  });

  it('follows the bent edges of a projection to half a pixel', () => {
    const footprint = footprintOf(3035, [1000, 0, 2_500_000, 0, -1000, 5_400_000], 4000, 4000);
    expect(footprint.area.polygons[0]![0]!.length).toBeGreaterThan(100);
  });

  // The corners of a world map in Equal Earth have no place on the globe, or come back from another one.
  it.each([8_400_000, 8_000_000])('is the world for a raster that reaches beyond its projection (%i m)', (top) => {
    const footprint = footprintOf(8857, [100_000, 0, -17_000_000, 0, -100_000, top], 340, (2 * top) / 100_000);
    expect(footprint.area).toEqual(WORLD);
  });

  it('refuses a raster beyond the edge of Web Mercator', () => {
    const place = () => footprintOf(4326, [0.1, 0, 0, 0, -0.1, 89], 10, 10);
    expect(place).toThrow(expect.objectContaining({ code: 'area-empty' }));
  });
});
