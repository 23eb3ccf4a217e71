import { GEOMETRY_TYPES } from '../../features/geometry.ts';
import type { GrowableBuffer } from '../../features/growable-buffer.ts';
import type { StoredGeometry } from '../../features/stored-geometry.ts';

/*
 * FlatBuffers tables written forwards: vtable, table, then what the table points at, each behind it. All positions are multiples
 * of what the type needs relative to the beginning of the buffer, which is where a feature's length stands (FlatBuffers,
 * "Internals"; FlatGeobuf, feature.fbs).
 */

/** Fields of the table `Geometry` by number; `t` and `tm` (4, 5) are not written. */
const FIELD = { ends: 0, xy: 1, z: 2, m: 3, type: 6, parts: 7 } as const;
const VTABLE_BYTES = 4 + 2 * 8;
/** Vtable, the longest table, and what lies between vectors. */
const FRAME_BYTES = 96;
/** Up to so many numbers a loop is faster than a call. */
const LOOP_NUMBERS = 64;

/** Whether every geometry of the layer is written with z, and with m; NaN stands for a vertex that has none. */
export interface Dimensions {
  hasZ: boolean;
  hasM: boolean;
}

/**
 * Writes a table `Geometry`.
 * @returns the position of the table
 */
export function encodeGeometry(out: GrowableBuffer, geometry: StoredGeometry, dimensions: Dimensions): number {
  switch (geometry.type) {
    case GEOMETRY_TYPES.geometryCollection:
      return encodeCollection(out, geometry, dimensions);
    case GEOMETRY_TYPES.multiPolygon:
      return encodeMultiPolygon(out, geometry, dimensions);
    default:
      return encodeSimple(out, geometry, geometry.type, dimensions, 0, geometry.vertices, 0, geometry.lines);
  }
}

function encodeCollection(out: GrowableBuffer, geometry: StoredGeometry, dimensions: Dimensions): number {
  const { members } = geometry;
  const table = beginParts(out, geometry.type, members);
  const parts = out.length - 4 * members;
  let member: StoredGeometry | undefined;
  for (let index = 0; index < members; index++) {
    member = geometry.member(member);
    setOffset(out, parts + 4 * index, encodeGeometry(out, member, dimensions));
  }
  return table;
}

function encodeMultiPolygon(out: GrowableBuffer, geometry: StoredGeometry, dimensions: Dimensions): number {
  const { polygons, lineEnds, polygonEnds } = geometry;
  const { uint32 } = geometry.views;
  const table = beginParts(out, geometry.type, polygons);
  const parts = out.length - 4 * polygons;
  let firstLine = 0;
  let firstVertex = 0;
  for (let index = 0; index < polygons; index++) {
    const line = uint32[polygonEnds + index]!;
    const vertex = line === 0 ? 0 : uint32[lineEnds + line - 1]!;
    const part = encodeSimple(out, geometry, GEOMETRY_TYPES.polygon, dimensions, firstVertex, vertex, firstLine, line);
    setOffset(out, parts + 4 * index, part);
    firstLine = line;
    firstVertex = vertex;
  }
  return table;
}

/** Writes the table of a geometry that consists of parts, and room for their offsets. */
function beginParts(out: GrowableBuffer, type: number, parts: number): number {
  out.ensure(FRAME_BYTES + 4 * parts);
  const table = beginTable(out, 12);
  const { view } = out;
  setField(view, table, FIELD.type, 8);
  setField(view, table, FIELD.parts, 4);
  view.setUint32(table + 8, type, true);
  view.setUint32(table + 4, out.length - table - 4, true);
  view.setUint32(out.length, parts, true);
  out.length += 4 + 4 * parts;
  return table;
}

/** Writes the table of some vertices and lines of a geometry. */
function encodeSimple(
  out: GrowableBuffer,
  geometry: StoredGeometry,
  type: number,
  { hasZ, hasM }: Dimensions,
  firstVertex: number,
  vertexEnd: number,
  firstLine: number,
  lineEnd: number,
): number {
  const vertices = vertexEnd - firstVertex;
  const lines = lineEnd - firstLine;
  // The ends of one line alone are left out: it is all vertices.
  const hasEnds = lines > 1;
  out.ensure(FRAME_BYTES + 8 * vertices * (2 + (hasZ ? 1 : 0) + (hasM ? 1 : 0)) + 4 * lines);
  const { view } = out;
  const table = beginTable(out, 12 + (hasZ ? 4 : 0) + (hasM ? 4 : 0) + (hasEnds ? 4 : 0));
  setField(view, table, FIELD.type, 8);
  setField(view, table, FIELD.xy, 4);
  view.setUint32(table + 8, type, true);
  const { float64 } = geometry.views;
  putDoubles(out, table + 4, float64, geometry.xy + 2 * firstVertex, 2 * vertices);
  let field = 12;
  if (hasZ) {
    setField(view, table, FIELD.z, field);
    putDoubles(out, table + field, geometry.hasZ ? float64 : undefined, geometry.z + firstVertex, vertices);
    field += 4;
  }
  if (hasM) {
    setField(view, table, FIELD.m, field);
    putDoubles(out, table + field, geometry.hasM ? float64 : undefined, geometry.m + firstVertex, vertices);
    field += 4;
  }
  if (hasEnds) {
    setField(view, table, FIELD.ends, field);
    view.setUint32(table + field, out.length - table - field, true);
    let position = out.length >>> 2;
    out.uint32[position++] = lines;
    const { uint32 } = geometry.views;
    for (let line = firstLine; line < lineEnd; line++) {
      out.uint32[position++] = uint32[geometry.lineEnds + line]! - firstVertex;
    }
    out.length = 4 * position;
  }
  return table;
}

/** Writes a vtable without fields and a table of `bytes`, the first four of which lead back to it. */
function beginTable(out: GrowableBuffer, bytes: number): number {
  const { uint32 } = out;
  const position = out.length >>> 2;
  const table = out.length + VTABLE_BYTES;
  uint32[position] = VTABLE_BYTES | (bytes << 16);
  uint32.fill(0, position + 1, (table + bytes) >>> 2);
  uint32[table >>> 2] = VTABLE_BYTES;
  out.length = table + bytes;
  return table;
}

function setField(view: DataView, table: number, field: number, offset: number): void {
  view.setUint16(table - VTABLE_BYTES + 4 + 2 * field, offset, true);
}

/** Lets the offset at `position` lead to `target`. */
function setOffset(out: GrowableBuffer, position: number, target: number): void {
  out.view.setUint32(position, target - position, true);
}

/** Writes a vector of doubles, which begin at a multiple of 8 bytes, and lets the offset at `position` lead to it. */
function putDoubles(
  out: GrowableBuffer,
  position: number,
  from: Float64Array | undefined,
  start: number,
  count: number,
): void {
  const { float64, view } = out;
  if (out.length % 8 === 0) out.uint32[out.length >>> 2] = 0;
  const vector = out.length % 8 === 0 ? out.length + 4 : out.length;
  view.setUint32(position, vector - position, true);
  view.setUint32(vector, count, true);
  const target = (vector + 4) >>> 3;
  if (from === undefined) float64.fill(NaN, target, target + count);
  else if (count > LOOP_NUMBERS) float64.set(from.subarray(start, start + count), target);
  else for (let index = 0; index < count; index++) float64[target + index] = from[start + index]!;
  out.length = vector + 4 + 8 * count;
}
