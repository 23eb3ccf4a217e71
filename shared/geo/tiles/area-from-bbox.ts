import type { Area } from './area.ts';
import { clipToWorld } from './clip-to-world.ts';
import { areaEmpty, areaInvalid } from './errors.ts';
import { MAX_LATITUDE, toMercator } from './web-mercator-quad.ts';

/**
 * The area of a bounding box in degrees (RFC 7946, section 5): with `west > east` it crosses the antimeridian, and its
 * area is two boxes. Latitudes beyond ±85.0511 are cut.
 * @param field JSON pointer of the bbox, for the errors
 * @throws LonghaulError `area-invalid`, `area-empty` (final)
 */
export function areaFromBbox(west: number, south: number, east: number, north: number, field?: string): Area {
  const text = `[${west}, ${south}, ${east}, ${north}]`;
  if (![west, south, east, north].every(Number.isFinite)) {
    throw areaInvalid(`The bbox ${text} holds a value that is not a number.`, field);
  }
  if (Math.abs(west) > 180 || Math.abs(east) > 180 || Math.abs(south) > 90 || Math.abs(north) > 90) {
    throw areaInvalid(`The bbox ${text} leaves ±180 degrees of longitude or ±90 degrees of latitude.`, field);
  }
  if (south > north) throw areaInvalid(`The bbox ${text} has its south above its north.`, field);
  if (south === north || west === east) throw areaEmpty(`The bbox ${text} has no surface.`, field);
  const [minX, minY] = toMercator(west, clampLatitude(south));
  const [maxX, maxY] = toMercator(west > east ? east + 360 : east, clampLatitude(north));
  const ring = [
    [minX, minY],
    [maxX, minY],
    [maxX, maxY],
    [minX, maxY],
  ] as const;
  return clipToWorld([[ring]], field);
}

function clampLatitude(latitude: number): number {
  return Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, latitude));
}
