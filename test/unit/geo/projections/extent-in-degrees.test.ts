import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../../../shared/geo/projections/crs-from-epsg.ts';
import { extentInDegrees } from '../../../../shared/geo/projections/extent-in-degrees.ts';

type Numbers = [number, number, number, number];
const of = (epsg: number, extent: Numbers): Numbers => extentInDegrees(extent, crsFromEpsg(epsg));

describe('the extent in degrees of a rectangle', () => {
  /** Degrees of PROJ 9.5.1, by `transform_bounds` of pyproj with 101 points a side. */
  it.each<[string, number, Numbers, Numbers]>([
    ['in a UTM zone', 32632, [400_000, 5_000_000, 600_000, 5_200_000], [7.685969, 45.146393, 10.314031, 46.953529]],
    ['across the antimeridian', 32601, [100_000, 0, 300_000, 100_000], [179.407229, 0, -178.797053, 0.904283]],
    ['across it, and wide', 3832, [-3e6, -2e6, 4e6, 2e6], [123.050541, -17.79056, -174.067389, 17.79056]],
    ['around the north pole', 3413, [-1e6, -1e6, 1e6, 1e6], [-180, 76.998816, 180, 90]],
    ['around the south pole', 3031, [-1e6, -1e6, 1e6, 1e6], [-180, -90, 180, -77.037401]],
    ['beside the south pole', 3031, [1e6, 1e6, 2e6, 2e6], [26.565051, -77.037401, 63.434949, -64.386164]],
    ['of another datum', 4314, [8, 50, 9, 51], [7.999102, 49.99885, 8.998961, 50.998739]],
    ['of all of Europe', 3035, [2.5e6, 1.3e6, 6.5e6, 5.5e6], [-35.116787, 31.783238, 61.088699, 72.663833]],
  ])('%s is what PROJ says (EPSG:%i)', (_, epsg, extent, degrees) => {
    // The upper edge of Europe is bent most: there, the points that are looked at tell to 50 m.
    for (const [index, value] of of(epsg, extent).entries())
      expect(value).toBeCloseTo(degrees[index]!, epsg === 3035 ? 3 : 5);
  });

  it('of Web Mercator is the world, but for the poles', () => {
    const half = 20_037_508.342789244;
    expect(of(3857, [-half, -half, half, half])).toEqual([-180, -85.05112878, 180, 85.05112878]);
  });

  it('that reaches beyond its projection is the world', () => {
    expect(of(32632, [-30_000_000, -30_000_000, 30_000_000, 30_000_000])).toEqual([-180, -90, 180, 90]);
  });

  it('of one position is that position', () => {
    expect(of(32631, [500_000, 0, 500_000, 0])).toEqual([3, 0, 3, 0]);
  });
});
