import { GEOMETRY_TYPES, type GeometryType } from './geometry.ts';

/*
 * A geometry in a block, at a multiple of 8 bytes; all numbers are little-endian, as they are in the memory of every platform
 * that Node runs on here:
 *
 *   byte 0       type
 *   byte 1       flags: HAS_Z, HAS_M
 *   bytes 4–7    vertices; members of a collection
 *   bytes 8–15   lines and polygons, of the types that have rings or several lines
 *   then         x and y of each vertex, z of each, m of each, as float64; ends of the lines and of the polygons of a
 *                MultiPolygon, as uint32, filled up to a multiple of 8 bytes; or the members of a collection
 */

export const HAS_Z = 1;
export const HAS_M = 2;
export const GEOMETRY_HEAD_BYTES = 8;
export const LINES_HEAD_BYTES = 16;

/** Whether a type is stored with the ends of its lines: a LineString has one, points have none. */
export function storesLines(type: GeometryType): boolean {
  return (
    type === GEOMETRY_TYPES.polygon || type === GEOMETRY_TYPES.multiLineString || type === GEOMETRY_TYPES.multiPolygon
  );
}

export function roundUp8(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
