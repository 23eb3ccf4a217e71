import { describe, expect, it } from 'vitest';
import { Geometry, GEOMETRY_TYPES } from '../../../../shared/geo/features/geometry.ts';
import { crsFromEpsg } from '../../../../shared/geo/projections/crs-from-epsg.ts';
import { featureTransform } from '../../../../shared/geo/projections/feature-transform.ts';

function line(...positions: [x: number, y: number][]): Geometry {
  const geometry = new Geometry();
  geometry.begin(GEOMETRY_TYPES.lineString);
  for (const [x, y] of positions) geometry.addVertex(x, y);
  geometry.endLine();
  return geometry;
}

const coordinates = ({ xy, vertices }: Geometry): number[] => [...xy.subarray(0, 2 * vertices)];

describe('featureTransform', () => {
  it('transforms every vertex of every member, and keeps heights and measures', () => {
    const geometry = new Geometry();
    geometry.begin(GEOMETRY_TYPES.geometryCollection);
    const inner = geometry.addMember(GEOMETRY_TYPES.geometryCollection);
    const point = inner.addMember(GEOMETRY_TYPES.point);
    point.addVertex(500_000, 0);
    point.setZ(12);
    point.setM(3);
    const other = geometry.addMember(GEOMETRY_TYPES.point);
    other.addVertex(166_021.443, 0);
    expect(featureTransform(crsFromEpsg(32631)).apply(geometry)).toBeUndefined();
    expect(coordinates(point).map((value) => Math.round(value * 1e8) / 1e8)).toEqual([3, 0]);
    expect([point.z[0], point.m[0]]).toEqual([12, 3]);
    expect(other.xy[0]).toBeCloseTo(0, 7);
  });

  it('leaves room and vertices behind the last one alone', () => {
    const geometry = line([500_000, 0]);
    geometry.xy[2] = 7;
    featureTransform(crsFromEpsg(32631)).apply(geometry);
    expect(geometry.xy[2]).toBe(7);
  });

  it.each([4326, 4258, 4674, 7844])('costs nothing from EPSG:%i, which is WGS 84 within a millimetre', (code) => {
    const transform = featureTransform(crsFromEpsg(code));
    const geometry = line([10.1234567890123, 52.5], [NaN, 0]);
    expect(transform.apply(geometry)).toBeUndefined();
    expect(coordinates(geometry)).toEqual([10.1234567890123, 52.5, NaN, 0]);
    expect(transform.isIdentity).toBe(true);
  });

  it('states what is known of the accuracy on either side', () => {
    expect(featureTransform(crsFromEpsg(32631))).not.toHaveProperty('accuracy');
    expect(featureTransform(crsFromEpsg(27700)).accuracy).toMatch(/within about 2 m/);
    expect(featureTransform(crsFromEpsg(2018), crsFromEpsg(27700)).accuracy).toMatch(/^No shift .* within about 2 m/);
  });

  it('says which vertex has no place in the other CRS, and which is no number', () => {
    const transform = featureTransform(crsFromEpsg(4326), crsFromEpsg(3857));
    expect(transform.apply(line([0, 0], [10, 90]))).toEqual({
      code: 'geometry-outside-crs',
      reason: 'The position 10, 90 has no place in WGS 84 / Pseudo-Mercator.',
    });
    expect(transform.apply(line([0, NaN]))?.code).toBe('geometry-not-finite');
    expect(transform.apply(line([Infinity, 0]))?.code).toBe('geometry-not-finite');
  });
});
