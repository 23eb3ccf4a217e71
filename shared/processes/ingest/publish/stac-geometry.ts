import type { DegreesBox } from '../../../geo/projections/extent-in-degrees.ts';

type Position = [longitude: number, latitude: number];

/** RFC 7946 geometry of a box. */
export type BoxGeometry =
  | { type: 'Point'; coordinates: Position }
  | { type: 'LineString'; coordinates: Position[] }
  | { type: 'Polygon'; coordinates: Position[][] }
  | { type: 'MultiPolygon'; coordinates: Position[][][] };

/**
 * What a box covers: a rectangle, two across the antimeridian (RFC 7946, 3.1.9), or, of features that lie on one spot or on one
 * line along an axis, that.
 */
export function boxGeometry([west, south, east, north]: DegreesBox): BoxGeometry {
  if (west > east) {
    return { type: 'MultiPolygon', coordinates: [[ring(west, south, 180, north)], [ring(-180, south, east, north)]] };
  }
  if (west === east && south === north) return { type: 'Point', coordinates: [west, south] };
  if (west === east || south === north) {
    return { type: 'LineString', coordinates: [[west, south], [east, north]] }; // prettier-ignore
  }
  return { type: 'Polygon', coordinates: [ring(west, south, east, north)] };
}

/** Counterclockwise, as outer rings are. */
const ring = (west: number, south: number, east: number, north: number): Position[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
