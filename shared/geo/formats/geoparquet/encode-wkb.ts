import { GEOMETRY_TYPES, type GeometryType } from '../../features/geometry.ts';
import type { GrowableBuffer } from '../../features/growable-buffer.ts';
import type { StoredGeometry } from '../../features/stored-geometry.ts';

/** Byte order, type and count of an ISO WKB geometry. */
const HEAD_BYTES = 9;
const LITTLE_ENDIAN = 1;
/** Codes of types with z, m or both are so much higher (OGC 06-103r4, 8.2.8). */
const WITH_Z = 1000;
const WITH_M = 2000;
const COUNT_BYTES = 4;

/** What is written of each vertex beside x and y. */
interface Dimensions {
  hasZ: boolean;
  hasM: boolean;
}

/**
 * Writes a geometry as ISO WKB, little-endian: coordinates without z and m are copied as they stand. A collection has z, or m, if
 * one of its members has; the others get NaN.
 */
export function encodeWkb(out: GrowableBuffer, geometry: StoredGeometry): void {
  put(out, geometry, geometry.type === GEOMETRY_TYPES.geometryCollection ? dimensionsOf(geometry) : geometry);
}

function dimensionsOf(collection: StoredGeometry): Dimensions {
  let { hasZ, hasM } = collection;
  let member: StoredGeometry | undefined;
  for (let index = 0; index < collection.members; index++) {
    member = collection.member(member);
    const inner = member.type === GEOMETRY_TYPES.geometryCollection ? dimensionsOf(member) : member;
    hasZ ||= inner.hasZ;
    hasM ||= inner.hasM;
  }
  return { hasZ, hasM };
}

function put(out: GrowableBuffer, geometry: StoredGeometry, dimensions: Dimensions): void {
  switch (geometry.type) {
    case GEOMETRY_TYPES.point:
      putHead(out, dimensions, geometry.type);
      if (geometry.vertices === 0) putEmptyPoint(out, dimensions);
      else putVertices(out, geometry, dimensions, 0, 1);
      return;
    case GEOMETRY_TYPES.lineString:
      putHead(out, dimensions, geometry.type);
      putRun(out, geometry, dimensions, 0, geometry.vertices);
      return;
    case GEOMETRY_TYPES.polygon:
      putPolygon(out, geometry, dimensions, 0, geometry.lines);
      return;
    case GEOMETRY_TYPES.multiPoint:
      putHead(out, dimensions, geometry.type);
      putCount(out, geometry.vertices);
      for (let vertex = 0; vertex < geometry.vertices; vertex++) {
        putHead(out, dimensions, GEOMETRY_TYPES.point);
        putVertices(out, geometry, dimensions, vertex, vertex + 1);
      }
      return;
    case GEOMETRY_TYPES.multiLineString:
      putMultiLineString(out, geometry, dimensions);
      return;
    case GEOMETRY_TYPES.multiPolygon:
      putMultiPolygon(out, geometry, dimensions);
      return;
    default:
      putCollection(out, geometry, dimensions);
  }
}

function putMultiLineString(out: GrowableBuffer, geometry: StoredGeometry, dimensions: Dimensions): void {
  putHead(out, dimensions, geometry.type);
  putCount(out, geometry.lines);
  let vertex = 0;
  for (let line = 0; line < geometry.lines; line++) {
    const end = geometry.views.uint32[geometry.lineEnds + line]!;
    putHead(out, dimensions, GEOMETRY_TYPES.lineString);
    putRun(out, geometry, dimensions, vertex, end);
    vertex = end;
  }
}

function putMultiPolygon(out: GrowableBuffer, geometry: StoredGeometry, dimensions: Dimensions): void {
  putHead(out, dimensions, geometry.type);
  putCount(out, geometry.polygons);
  let line = 0;
  for (let polygon = 0; polygon < geometry.polygons; polygon++) {
    const end = geometry.views.uint32[geometry.polygonEnds + polygon]!;
    putPolygon(out, geometry, dimensions, line, end);
    line = end;
  }
}

function putPolygon(
  out: GrowableBuffer,
  geometry: StoredGeometry,
  dimensions: Dimensions,
  firstLine: number,
  lineEnd: number,
): void {
  const { uint32 } = geometry.views;
  putHead(out, dimensions, GEOMETRY_TYPES.polygon);
  putCount(out, lineEnd - firstLine);
  let vertex = firstLine === 0 ? 0 : uint32[geometry.lineEnds + firstLine - 1]!;
  for (let line = firstLine; line < lineEnd; line++) {
    const end = uint32[geometry.lineEnds + line]!;
    putRun(out, geometry, dimensions, vertex, end);
    vertex = end;
  }
}

function putCollection(out: GrowableBuffer, geometry: StoredGeometry, dimensions: Dimensions): void {
  putHead(out, dimensions, geometry.type);
  putCount(out, geometry.members);
  let member: StoredGeometry | undefined;
  for (let index = 0; index < geometry.members; index++) {
    member = geometry.member(member);
    put(out, member, dimensions);
  }
}

function putHead(out: GrowableBuffer, { hasZ, hasM }: Dimensions, type: GeometryType): void {
  out.ensure(HEAD_BYTES);
  out.bytes[out.length] = LITTLE_ENDIAN;
  out.view.setUint32(out.length + 1, type + (hasZ ? WITH_Z : 0) + (hasM ? WITH_M : 0), true);
  out.length += HEAD_BYTES - COUNT_BYTES;
}

function putCount(out: GrowableBuffer, count: number): void {
  out.ensure(COUNT_BYTES);
  out.view.setUint32(out.length, count, true);
  out.length += COUNT_BYTES;
}

function putRun(
  out: GrowableBuffer,
  geometry: StoredGeometry,
  dimensions: Dimensions,
  first: number,
  end: number,
): void {
  putCount(out, end - first);
  putVertices(out, geometry, dimensions, first, end);
}

function putVertices(
  out: GrowableBuffer,
  geometry: StoredGeometry,
  dimensions: Dimensions,
  first: number,
  end: number,
): void {
  const { hasZ, hasM } = dimensions;
  const { xy, z, m, views } = geometry;
  out.ensure(8 * (end - first) * (2 + (hasZ ? 1 : 0) + (hasM ? 1 : 0)));
  if (!hasZ && !hasM) {
    out.put(views.bytes, 8 * (xy + 2 * first), 8 * (xy + 2 * end));
    return;
  }
  const { float64 } = views;
  const { view } = out;
  let position = out.length;
  for (let vertex = first; vertex < end; vertex++) {
    view.setFloat64(position, float64[xy + 2 * vertex]!, true);
    view.setFloat64(position + 8, float64[xy + 2 * vertex + 1]!, true);
    position += 16;
    if (hasZ) {
      view.setFloat64(position, geometry.hasZ ? float64[z + vertex]! : NaN, true);
      position += 8;
    }
    if (hasM) {
      view.setFloat64(position, geometry.hasM ? float64[m + vertex]! : NaN, true);
      position += 8;
    }
  }
  out.length = position;
}

/** A point without coordinates is one of NaN. */
function putEmptyPoint(out: GrowableBuffer, { hasZ, hasM }: Dimensions): void {
  const numbers = 2 + (hasZ ? 1 : 0) + (hasM ? 1 : 0);
  out.ensure(8 * numbers);
  for (let index = 0; index < numbers; index++) {
    out.view.setFloat64(out.length, NaN, true);
    out.length += 8;
  }
}
