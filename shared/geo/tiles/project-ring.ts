import type { Position, Ring } from './area.ts';
import { clipRing } from './clip-ring.ts';
import { EARTH_RADIUS, MAX_LATITUDE, toMercator } from './web-mercator-quad.ts';

/** Farthest that a projected edge may lie from the curve that it stands for, in metres: a fifteenth of a tile at zoom 18. */
const TOLERANCE = 10;

const DEGREE = Math.PI / 180;

/**
 * Projects a ring from degrees to metres of EPSG:3857 and cuts it at ±85.0511 degrees of latitude. A slanted edge that
 * is straight in degrees is a curve in metres: it is halved until each part keeps within TOLERANCE.
 * @returns undefined when more than `maxVertices` would be needed
 */
export function projectRing(ring: Ring, maxVertices: number): Ring | undefined {
  const visible = clipRing(ring, -Infinity, -MAX_LATITUDE, Infinity, MAX_LATITUDE);
  const projected: Position[] = [];
  let from = visible.at(-1);
  for (const to of visible) {
    // Ends of the parts still to do, the nearest on top.
    const ends = [to];
    while (from !== undefined && ends.length > 0) {
      const end = ends.at(-1)!;
      if (isStraight(from, end)) {
        projected.push(toMercator(end[0], end[1]));
        from = ends.pop()!;
      } else {
        ends.push([(from[0] + end[0]) / 2, (from[1] + end[1]) / 2]);
      }
      if (projected.length + ends.length > maxVertices) return undefined;
    }
    from = to;
  }
  return projected;
}

/** The chord of an arc of Δφ leaves the curve y(φ) by at most Δφ²/8 · max|y″|, with y″ = R · tan φ / cos φ. */
function isStraight(from: Position, to: Position): boolean {
  const change = (to[1] - from[1]) * DEGREE;
  if (from[0] === to[0] || change === 0) return true;
  const steepest = Math.max(Math.abs(from[1]), Math.abs(to[1])) * DEGREE;
  const curvature = (EARTH_RADIUS * Math.tan(steepest)) / Math.cos(steepest);
  return (change * change * curvature) / 8 <= TOLERANCE;
}
