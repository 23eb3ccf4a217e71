import { HALF_WORLD, type Bounds } from './web-mercator-quad.ts';

/** `[x, y]` in metres of EPSG:3857. */
export type Position = readonly [x: number, y: number];

/** Vertices of a ring; the last is joined to the first, which is not repeated. */
export type Ring = readonly Position[];

/**
 * A surface in the world's square: polygons of an outer ring and holes, in metres of EPSG:3857, within ±HALF_WORLD.
 * Plain JSON that keeps every bit, so that a plan can hold it. Polygons may overlap: an area is their union.
 */
export interface Area {
  readonly polygons: readonly (readonly Ring[])[];
}

/** Vertices of one area: bounds its memory to a few MB and each look at it to about a millisecond. */
export const MAX_AREA_VERTICES = 100_000;

/** The whole world's square. */
export const WORLD: Area = {
  polygons: [
    [
      [
        [-HALF_WORLD, -HALF_WORLD],
        [HALF_WORLD, -HALF_WORLD],
        [HALF_WORLD, HALF_WORLD],
        [-HALF_WORLD, HALF_WORLD],
      ],
    ],
  ],
};

/** Bounds of the outer ring of one polygon, in metres. */
export function polygonBounds(polygon: readonly Ring[]): Bounds {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of polygon[0] ?? []) {
    minX = Math.min(minX, x);
    minY = Math.min(minY, y);
    maxX = Math.max(maxX, x);
    maxY = Math.max(maxY, y);
  }
  return [minX, minY, maxX, maxY];
}

/** Bounds of all polygons of an area in metres; one that crosses the antimeridian spans the world. */
export function areaBounds(area: Area): Bounds {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const polygon of area.polygons) {
    const [west, south, east, north] = polygonBounds(polygon);
    minX = Math.min(minX, west);
    minY = Math.min(minY, south);
    maxX = Math.max(maxX, east);
    maxY = Math.max(maxY, north);
  }
  return [minX, minY, maxX, maxY];
}

/** Twice the signed area of a ring, in the square of its unit; positive when it turns counter-clockwise (y up). */
export function signedArea(ring: Ring): number {
  let sum = 0;
  let previous = ring.at(-1);
  const origin = ring[0];
  if (previous === undefined || origin === undefined) return 0;
  for (const position of ring) {
    // Relative to the first vertex: a small ring far from the origin would lose its digits.
    sum +=
      (previous[0] - origin[0]) * (position[1] - origin[1]) - (position[0] - origin[0]) * (previous[1] - origin[1]);
    previous = position;
  }
  return sum;
}
