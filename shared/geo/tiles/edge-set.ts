import { signedArea, type Area, type Position, type Ring } from './area.ts';
import { HALF_WORLD } from './web-mercator-quad.ts';

/**
 * Units of the integer grid along a side of the world's square: one is 0.14 µm. Tile corners of every zoom lie on it,
 * and the differences of its coordinates are exact in a double, so that no decision depends on rounding.
 */
export const WORLD_UNITS = 2 ** 48;

/** Edges of an area on the integer grid, x to the east and y to the south. */
export interface EdgeSet {
  /** `[startX, startY, endX, endY]` of each edge after the other. Outer rings turn one way, holes the other. */
  readonly coordinates: Float64Array;
  readonly count: number;
}

/** Snaps an area to the integer grid. Edges without length, and rings without surface, are left out. */
export function createEdgeSet(area: Area): EdgeSet {
  const vertices = area.polygons.reduce((sum, rings) => sum + rings.reduce((size, ring) => size + ring.length, 0), 0);
  const coordinates = new Float64Array(vertices * 4);
  let count = 0;
  for (const rings of area.polygons) {
    for (const [index, ring] of rings.entries()) {
      const snapped = snap(ring);
      const turn = signedArea(snapped);
      if (turn === 0) continue;
      // Winding numbers add up over overlapping polygons and cancel in holes only when all turn the right way.
      if (turn > 0 !== (index === 0)) snapped.reverse();
      let previous = snapped.at(-1)!;
      for (const position of snapped) {
        if (position[0] !== previous[0] || position[1] !== previous[1]) {
          coordinates.set([previous[0], previous[1], position[0], position[1]], count * 4);
          count++;
        }
        previous = position;
      }
    }
  }
  return { coordinates, count };
}

function snap(ring: Ring): Position[] {
  const scale = WORLD_UNITS / (2 * HALF_WORLD);
  return ring.map(([x, y]) => [toGrid((x + HALF_WORLD) * scale), toGrid((HALF_WORLD - y) * scale)]);
}

function toGrid(value: number): number {
  return Math.max(0, Math.min(WORLD_UNITS, Math.round(value)));
}
