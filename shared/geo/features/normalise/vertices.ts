import type { Geometry } from '../geometry.ts';

/** Adds a vertex of another geometry, with its height and measure. */
export function addVertexOf(target: Geometry, source: Geometry, vertex: number): void {
  target.addVertex(source.xy[2 * vertex]!, source.xy[2 * vertex + 1]!);
  if (source.hasZ) target.setZ(source.z[vertex]!);
  if (source.hasM) target.setM(source.m[vertex]!);
}

/** Whether two vertices are the same in every dimension; a height that neither has is the same. */
export function isSameVertex({ xy, z, m, hasZ, hasM }: Geometry, a: number, b: number): boolean {
  return (
    xy[2 * a] === xy[2 * b] &&
    xy[2 * a + 1] === xy[2 * b + 1] &&
    (!hasZ || Object.is(z[a], z[b])) &&
    (!hasM || Object.is(m[a], m[b]))
  );
}

/** Reverses the vertices from `start` to before `end`. */
export function reverseVertices(geometry: Geometry, start: number, end: number): void {
  const { xy, z, m, hasZ, hasM } = geometry;
  for (let a = start, b = end - 1; a < b; a++, b--) {
    swap(xy, 2 * a, 2 * b);
    swap(xy, 2 * a + 1, 2 * b + 1);
    if (hasZ) swap(z, a, b);
    if (hasM) swap(m, a, b);
  }
}

/** Twice the area of a ring, positive when it runs counter-clockwise. */
export function doubleArea({ xy }: Geometry, start: number, end: number): number {
  const firstX = xy[2 * start]!;
  const firstY = xy[2 * start + 1]!;
  let area = 0;
  for (let at = 2 * start + 2; at < 2 * end; at += 2) {
    area += (xy[at - 2]! - firstX) * (xy[at + 1]! - firstY) - (xy[at]! - firstX) * (xy[at - 1]! - firstY);
  }
  return area;
}

/** Gives a geometry the content of another, which is left with the arrays that it had: both keep their room. */
export function exchange(a: Geometry, b: Geometry): void {
  const { type, xy, vertices, z, m, hasZ, hasM, lineEnds, lines, polygonEnds, polygons, members, memberCount } = a;
  Object.assign(a, {
    ...{ type: b.type, xy: b.xy, vertices: b.vertices, z: b.z, m: b.m, hasZ: b.hasZ, hasM: b.hasM },
    ...{ lineEnds: b.lineEnds, lines: b.lines, polygonEnds: b.polygonEnds, polygons: b.polygons },
    ...{ members: b.members, memberCount: b.memberCount },
  });
  Object.assign(b, {
    ...{ type, xy, vertices, z, m, hasZ, hasM },
    ...{ lineEnds, lines, polygonEnds, polygons, members, memberCount },
  });
}

function swap(values: Float64Array, a: number, b: number): void {
  const value = values[a]!;
  values[a] = values[b]!;
  values[b] = value;
}
