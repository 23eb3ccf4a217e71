import type { Geometry } from '../../features/geometry.ts';
import { makeVertexRoom } from '../vertex-room.ts';
import { addArc, addPoint, type CurvePoint } from './linearise-arc.ts';

/** Positions of an arc: where it starts, one on it, and where it ends, which is where the next one starts. */
const LEAST_OF_ARC = 3;

/** Whether so many positions make a circular string. */
export const makesArcs = (positions: number): boolean => positions >= LEAST_OF_ARC && positions % 2 === 1;

/**
 * Adds the vertices of a straight segment to a curve. A segment begins where the one before it ends: that vertex is there
 * already.
 * @param start vertices of the geometry before the curve
 */
export function joinLine(points: Geometry, geometry: Geometry, start: number): void {
  makeVertexRoom(geometry, points.vertices, points.hasZ, points.hasM);
  const isJoined = points.vertices > 0 && continues(geometry, start, pointOf(points, 0));
  for (let index = isJoined ? 1 : 0; index < points.vertices; index++) addPoint(geometry, pointOf(points, index));
}

/**
 * Adds the arcs of a circular string, made linear, to a curve, as `joinLine` does.
 * @param points as many as `makesArcs` asks for
 * @param maxVertices of the geometry
 * @returns false when there would be more
 */
export function joinArcs(points: Geometry, geometry: Geometry, start: number, maxVertices: number): boolean {
  makeVertexRoom(geometry, points.vertices, points.hasZ, points.hasM);
  let from = pointOf(points, 0);
  if (!continues(geometry, start, from)) addPoint(geometry, from);
  for (let index = 1; index < points.vertices; index += 2) {
    const to = pointOf(points, index + 1);
    addArc(geometry, from, pointOf(points, index), to);
    if (geometry.vertices > maxVertices) return false;
    from = to;
  }
  return true;
}

function continues({ xy, vertices }: Geometry, start: number, { x, y }: CurvePoint): boolean {
  return vertices > start && xy[2 * vertices - 2] === x && xy[2 * vertices - 1] === y;
}

function pointOf({ xy, z, m, hasZ, hasM }: Geometry, index: number): CurvePoint {
  return { x: xy[2 * index]!, y: xy[2 * index + 1]!, z: hasZ ? z[index]! : NaN, m: hasM ? m[index]! : NaN };
}
