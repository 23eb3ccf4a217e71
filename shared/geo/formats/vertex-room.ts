import type { Geometry } from '../features/geometry.ts';

/**
 * Makes room for `count` more vertices and for the heights and measures that they bring, so that a reader can write them
 * straight into the arrays of the geometry. Vertices that stand there already and have none get NaN.
 */
export function makeVertexRoom(geometry: Geometry, count: number, hasZ: boolean, hasM: boolean): void {
  const { vertices } = geometry;
  geometry.reserve(vertices + count);
  const capacity = geometry.xy.length / 2;
  if (hasZ && !geometry.hasZ) {
    if (geometry.z.length < capacity) geometry.z = new Float64Array(capacity);
    geometry.z.fill(NaN, 0, vertices);
    geometry.hasZ = true;
  }
  if (hasM && !geometry.hasM) {
    if (geometry.m.length < capacity) geometry.m = new Float64Array(capacity);
    geometry.m.fill(NaN, 0, vertices);
    geometry.hasM = true;
  }
}
