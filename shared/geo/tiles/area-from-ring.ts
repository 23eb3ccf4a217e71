import { MAX_AREA_VERTICES, type Area, type Position, type Ring } from './area.ts';
import { clipToWorld } from './clip-to-world.ts';
import { areaInvalid, areaTooComplex } from './errors.ts';
import { unwrapRing } from './unwrap-ring.ts';
import { HALF_WORLD } from './web-mercator-quad.ts';

/** How far y is followed beyond the world's square, in metres: about 89.9 degrees of latitude. */
const MAX_Y = 3 * HALF_WORLD;

/**
 * The area inside one ring in metres of EPSG:3857, such as a raster's footprint. Its steps must be short (under half the
 * world): a longer one crosses the antimeridian. A ring around a pole is closed over that pole. y may be infinite.
 * @param ring closed or not
 * @throws LonghaulError `area-invalid`, `area-empty`, `area-too-complex` (final)
 */
export function areaFromRing(ring: Ring, field?: string): Area {
  if (ring.length > MAX_AREA_VERTICES) throw areaTooComplex(ring.length, MAX_AREA_VERTICES, field);
  for (const [x, y] of ring) {
    if (!Number.isFinite(x) || Number.isNaN(y)) throw areaInvalid('A vertex of the footprint is not a number.', field);
  }
  const bounded = ring.map(([x, y]): Position => [x, Math.max(-MAX_Y, Math.min(MAX_Y, y))]);
  const options = { turn: 2 * HALF_WORLD, fullTurn: 'no-movement', poleY: MAX_Y } as const;
  return clipToWorld([[unwrapRing(bounded, options)]], field);
}
