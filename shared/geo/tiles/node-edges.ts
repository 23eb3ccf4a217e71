import type { EdgeSet } from './edge-set.ts';
import { orientation, sideOf } from './orientation.ts';

/** An open box on the integer grid. */
export interface Box {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/** Whether an edge passes through the inside of a box: neither its outline nor a corner counts. Exact. */
export function passesThrough(edges: EdgeSet, edge: number, box: Box): boolean {
  const { coordinates } = edges;
  const ax = coordinates[edge * 4]!;
  const bx = coordinates[edge * 4 + 2]!;
  if (ax < bx ? bx <= box.minX || ax >= box.maxX : ax <= box.minX || bx >= box.maxX) return false;
  const ay = coordinates[edge * 4 + 1]!;
  const by = coordinates[edge * 4 + 3]!;
  if (ay < by ? by <= box.minY || ay >= box.maxY : ay <= box.minY || by >= box.maxY) return false;
  if (ax === bx || ay === by) return true;
  // Separating axis: all that is left is the edge's normal. Its two extreme corners lie on different sides.
  const rising = ax < bx === ay < by;
  const one = orientation(ax, ay, bx, by, box.minX, rising ? box.maxY : box.minY);
  const other = orientation(ax, ay, bx, by, box.maxX, rising ? box.minY : box.maxY);
  return (one > 0 && other < 0) || (one < 0 && other > 0);
}

/**
 * What one edge adds to the winding number on the way from (fromX, fromY) along x, then along y, to (toX, toY): ±1 for
 * each crossing. Points on an edge are decided as in `sideOf`, so that any path between two points gives the same sum.
 */
export function windingChange(
  edges: EdgeSet,
  edge: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): number {
  const { coordinates } = edges;
  const ax = coordinates[edge * 4]!;
  const ay = coordinates[edge * 4 + 1]!;
  const bx = coordinates[edge * 4 + 2]!;
  const by = coordinates[edge * 4 + 3]!;
  const alongX = ay > fromY !== by > fromY;
  const alongY = ax > toX !== bx > toX;
  if (!alongX && !alongY) return 0;
  const corner = sideOf(ax, ay, bx, by, toX, fromY);
  let change = 0;
  if (alongX) change += (corner - sideOf(ax, ay, bx, by, fromX, fromY)) / 2;
  if (alongY) change += (sideOf(ax, ay, bx, by, toX, toY) - corner) / 2;
  return change;
}
