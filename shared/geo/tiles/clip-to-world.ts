import { MAX_AREA_VERTICES, signedArea, type Area, type Ring } from './area.ts';
import { clipRing } from './clip-ring.ts';
import { areaEmpty, areaInvalid, areaTooComplex } from './errors.ts';
import { HALF_WORLD } from './web-mercator-quad.ts';

/** Turns around the world, on either side, that x may run beyond the world's square. */
const MAX_TURNS = 2;

/** Rings with less surface than this, in square metres, are left out: 1 mm². */
const MIN_RING_AREA = 1e-6;

/**
 * Cuts polygons whose x may run beyond ±HALF_WORLD (across the antimeridian) and y beyond the world's square into
 * polygons within it.
 * @param polygons outer ring and holes, in metres of EPSG:3857, not closed
 * @throws LonghaulError `area-empty`, `area-invalid`, `area-too-complex` (final)
 */
export function clipToWorld(polygons: readonly (readonly Ring[])[], field?: string): Area {
  const turn = 2 * HALF_WORLD;
  const clipped: Ring[][] = [];
  let vertices = 0;
  for (const [outer, ...holes] of polygons) {
    if (outer === undefined) continue;
    const [minX, maxX] = extent(outer);
    const firstTurn = Math.ceil((minX - HALF_WORLD) / turn);
    const lastTurn = Math.floor((maxX + HALF_WORLD) / turn);
    if (!(firstTurn >= -MAX_TURNS && lastTurn <= MAX_TURNS)) {
      throw areaInvalid(`The area runs more than ${MAX_TURNS} times around the world.`, field);
    }
    for (let number = firstTurn; number <= lastTurn; number++) {
      const rings = [outer, ...holes.map((hole) => besideOuter(hole, minX, maxX))].map((ring) =>
        clipRing(shift(ring, -number * turn), -HALF_WORLD, -HALF_WORLD, HALF_WORLD, HALF_WORLD),
      );
      if (!hasSurface(rings[0]!)) continue;
      const kept = rings.filter(hasSurface);
      vertices += kept.reduce((sum, ring) => sum + ring.length, 0);
      if (vertices > MAX_AREA_VERTICES) throw areaTooComplex(vertices, MAX_AREA_VERTICES, field);
      clipped.push(kept);
    }
  }
  if (clipped.length === 0) throw areaEmpty('The area has no surface between 85.0511 degrees south and north.', field);
  return { polygons: clipped };
}

/** A hole is unwrapped by itself: it may have come out turns away from its outer ring. */
function besideOuter(hole: Ring, minX: number, maxX: number): Ring {
  const [from, to] = extent(hole);
  return shift(hole, Math.round(((minX + maxX) / 2 - (from + to) / 2) / (2 * HALF_WORLD)) * 2 * HALF_WORLD);
}

function hasSurface(ring: Ring): boolean {
  return Math.abs(signedArea(ring)) / 2 >= MIN_RING_AREA;
}

function shift(ring: Ring, by: number): Ring {
  return by === 0 ? ring : ring.map(([x, y]) => [x + by, y] as const);
}

function extent(ring: Ring): [min: number, max: number] {
  let [min, max] = [Infinity, -Infinity];
  for (const [x] of ring) {
    min = Math.min(min, x);
    max = Math.max(max, x);
  }
  return [min, max];
}
