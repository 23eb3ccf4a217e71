import { union } from 'polyclip-ts';
import type { Geometry } from '../geometry.ts';
import { addVertexOf } from './vertices.ts';

type Ring = [x: number, y: number][];

/**
 * Divides a polygon that crosses itself into parts that do not, and adds them: what a ring runs round is inside, also what
 * it runs round twice. Vertices keep their
 * height and measure; the points at which it crosses itself get none.
 * @returns false when that fails: nothing is added then
 */
export function addRepaired(geometry: Geometry, polygon: number, target: Geometry): boolean {
  const { xy, lineEnds, polygonEnds } = geometry;
  const rings: Ring[] = [];
  const vertices = new Map<string, number>();
  for (let ring = polygon === 0 ? 0 : polygonEnds[polygon - 1]!; ring < polygonEnds[polygon]!; ring++) {
    const points: Ring = [];
    for (let vertex = ring === 0 ? 0 : lineEnds[ring - 1]!; vertex < lineEnds[ring]!; vertex++) {
      points.push([xy[2 * vertex]!, xy[2 * vertex + 1]!]);
      if (geometry.hasZ || geometry.hasM) vertices.set(`${xy[2 * vertex]!},${xy[2 * vertex + 1]!}`, vertex);
    }
    rings.push(points);
  }
  const parts = unionOf(rings);
  if (parts === undefined || parts.length === 0) return false;
  for (const part of parts) {
    for (const ring of part) {
      for (const [x, y] of ring) {
        const vertex = vertices.get(`${x},${y}`);
        if (vertex === undefined) target.addVertex(x, y);
        else addVertexOf(target, geometry, vertex);
      }
      target.endLine();
    }
    target.endPolygon();
  }
  return true;
}

/** polyclip-ts throws an Error for some input that it cannot resolve. */
function unionOf(rings: Ring[]): Ring[][] | undefined {
  try {
    return union(rings);
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
