import { GEOMETRY_TYPES, type Geometry } from './geometry.ts';
import { GEOMETRY_HEAD_BYTES, HAS_M, HAS_Z, LINES_HEAD_BYTES, roundUp8, storesLines } from './geometry-layout.ts';

/** Views of one buffer. */
export interface BufferViews {
  bytes: Uint8Array;
  float64: Float64Array;
  uint32: Uint32Array;
}

/** Bytes that a geometry takes in a block; 0 for none. */
export function encodedGeometryBytes(geometry: Geometry): number {
  const { type, vertices } = geometry;
  if (type === GEOMETRY_TYPES.none) return 0;
  if (type === GEOMETRY_TYPES.geometryCollection) {
    let bytes = GEOMETRY_HEAD_BYTES;
    for (let index = 0; index < geometry.memberCount; index++) bytes += encodedGeometryBytes(geometry.members[index]!);
    return bytes;
  }
  const coordinates = 8 * vertices * (2 + (geometry.hasZ ? 1 : 0) + (geometry.hasM ? 1 : 0));
  if (!storesLines(type)) return GEOMETRY_HEAD_BYTES + coordinates;
  const ends = geometry.lines + (type === GEOMETRY_TYPES.multiPolygon ? geometry.polygons : 0);
  return LINES_HEAD_BYTES + coordinates + roundUp8(4 * ends);
}

/**
 * Writes a geometry at a multiple of 8 bytes.
 * @returns where it ends
 */
export function encodeGeometry(geometry: Geometry, views: BufferViews, position: number): number {
  const { type, vertices, hasZ, hasM } = geometry;
  if (type === GEOMETRY_TYPES.none) return position;
  const { uint32, float64 } = views;
  const isCollection = type === GEOMETRY_TYPES.geometryCollection;
  uint32[position >>> 2] = type | ((hasZ ? HAS_Z : 0) << 8) | ((hasM ? HAS_M : 0) << 8);
  uint32[(position >>> 2) + 1] = isCollection ? geometry.memberCount : vertices;
  let next = position + GEOMETRY_HEAD_BYTES;
  if (isCollection) {
    for (let index = 0; index < geometry.memberCount; index++) {
      next = encodeGeometry(geometry.members[index]!, views, next);
    }
    return next;
  }
  const hasLines = storesLines(type);
  const polygons = type === GEOMETRY_TYPES.multiPolygon ? geometry.polygons : 0;
  if (hasLines) {
    uint32[next >>> 2] = geometry.lines;
    uint32[(next >>> 2) + 1] = polygons;
    next += LINES_HEAD_BYTES - GEOMETRY_HEAD_BYTES;
  }
  next = copyNumbers(geometry.xy, 2 * vertices, float64, next >>> 3) * 8;
  if (hasZ) next = copyNumbers(geometry.z, vertices, float64, next >>> 3) * 8;
  if (hasM) next = copyNumbers(geometry.m, vertices, float64, next >>> 3) * 8;
  if (!hasLines) return next;
  let word = copyNumbers(geometry.lineEnds, geometry.lines, uint32, next >>> 2);
  word = copyNumbers(geometry.polygonEnds, polygons, uint32, word);
  if (word % 2 === 1) uint32[word++] = 0;
  return 4 * word;
}

/** Up to so many numbers a loop is faster than a call. */
const LOOP_NUMBERS = 64;

/** @returns where the copy ends */
export function copyNumbers<T extends Float64Array | Uint32Array>(
  from: T,
  count: number,
  to: T,
  start: number,
): number {
  if (count > LOOP_NUMBERS) to.set(from.subarray(0, count), start);
  else for (let index = 0; index < count; index++) to[start + index] = from[index]!;
  return start + count;
}
