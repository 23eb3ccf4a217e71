import { GEOMETRY_TYPES, type Geometry } from '../../features/geometry.ts';
import { addArc, addPoint, type CurvePoint } from '../curves/linearise-arc.ts';
import { makeVertexRoom } from '../vertex-room.ts';
import {
  wkbArcIncomplete,
  wkbByteOrderUnknown,
  wkbCountTooLarge,
  wkbMemberUnexpected,
  wkbOuterRingEmpty,
  wkbTooDeep,
  wkbTooManyMembers,
  wkbTooManyVertices,
  wkbTruncated,
  wkbTypeUnknown,
} from './errors.ts';
import { LINEAR_TYPES, WKB } from './geometry-types.ts';

/** Collections within collections. */
export const MAX_DEPTH = 32;

/** Members of all collections of one geometry: each is an object of about 1 kB. */
export const MAX_MEMBERS = 64 * 1024;

/** Vertices that the curves of one geometry may become: 64 MiB of x and y. */
export const MAX_CURVE_VERTICES = 4 * 1024 * 1024;

/** Bytes of the smallest geometry: its byte order, its type, and a count of 0. */
const MIN_MEMBER_BYTES = 9;
const COUNT_BYTES = 4;

/** Vertices from which copying the bytes as a whole beats copying number by number. */
const MIN_BULK_VERTICES = 48;

const EWKB_Z = 0x8000_0000;
const EWKB_M = 0x4000_0000;
const EWKB_SRID = 0x2000_0000;

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Reads well-known binary straight into a `Geometry`: that of the OGC, of ISO (Z, M, ZM as thousands of the type) and of
 * PostGIS (EWKB, with SRID), of both byte orders, which may change from member to member. Curves become lines (see
 * `linearise-arc.ts`), surfaces MultiPolygons, a triangle a Polygon; empty members of a multi-geometry are left out.
 * One reader makes no object for a geometry: keep it for all of a source.
 */
export class WkbReader {
  /** SRID of the geometry read last, where it had one (EWKB). */
  srid: number | undefined;
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  /** Where the geometry starts; places in errors count from here. */
  #start = 0;
  #position = 0;
  #end = 0;
  #littleEndian = true;
  #type = 0;
  #hasZ = false;
  #hasM = false;
  #stride = 16;
  #curveVertices = 0;
  #members = 0;

  /**
   * Reads the geometry from `start`, at most up to `end`.
   * @returns where it ends: there may be bytes left over
   * @throws FeatureError `wkb-…`; the geometry is then undefined, and to be begun anew
   */
  read(bytes: Uint8Array, start: number, end: number, geometry: Geometry): number {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#start = start;
    this.#position = start;
    this.#end = Math.min(end, bytes.length);
    this.#curveVertices = 0;
    this.#members = 0;
    this.srid = undefined;
    this.#readGeometry(geometry, 0);
    return this.#position;
  }

  #readGeometry(geometry: Geometry, depth: number): void {
    const at = this.#position;
    this.#readHeader();
    const type = this.#type;
    const linear = LINEAR_TYPES.get(type);
    if (linear === undefined) throw wkbTypeUnknown(at - this.#start, type);
    geometry.begin(linear);
    switch (linear) {
      case GEOMETRY_TYPES.point:
        this.#readPoint(geometry);
        return;
      case GEOMETRY_TYPES.lineString:
        this.#readLine(geometry, type);
        return;
      case GEOMETRY_TYPES.polygon:
        this.#readPolygon(geometry, type);
        return;
      case GEOMETRY_TYPES.geometryCollection:
        this.#readCollection(geometry, depth);
        return;
      default:
        this.#readMembers(geometry, type);
    }
  }

  /** The byte order, type and dimensions of the geometry that begins here. */
  #readHeader(): void {
    this.#need(5);
    const order = this.#bytes[this.#position]!;
    if (order > 1) throw wkbByteOrderUnknown(this.#position - this.#start, order);
    this.#littleEndian = order === 1;
    const code = this.#view.getUint32(this.#position + 1, this.#littleEndian);
    this.#position += 5;
    const plain = code & ~(EWKB_Z | EWKB_M | EWKB_SRID);
    const dimensions = Math.floor(plain / 1000);
    this.#type = dimensions <= 3 ? plain % 1000 : plain;
    this.#hasZ = (code & EWKB_Z) !== 0 || dimensions === 1 || dimensions === 3;
    this.#hasM = (code & EWKB_M) !== 0 || dimensions === 2 || dimensions === 3;
    this.#stride = 16 + (this.#hasZ ? 8 : 0) + (this.#hasM ? 8 : 0);
    if ((code & EWKB_SRID) === 0) return;
    this.#need(4);
    this.srid = this.#view.getInt32(this.#position, this.#littleEndian);
    this.#position += 4;
  }

  #need(bytes: number): void {
    const left = this.#end - this.#position;
    if (left < bytes) throw wkbTruncated(this.#position - this.#start, bytes, left);
  }

  /** A count of things that take `unit` bytes each, or more. */
  #readCount(unit: number): number {
    this.#need(COUNT_BYTES);
    const count = this.#view.getUint32(this.#position, this.#littleEndian);
    this.#position += COUNT_BYTES;
    if (count * unit > this.#end - this.#position) {
      const most = Math.floor((this.#end - this.#position) / unit);
      throw wkbCountTooLarge(this.#position - COUNT_BYTES - this.#start, count, most);
    }
    return count;
  }

  /** An empty point is one of which x and y are NaN (OGC 12-128r19, G.2.2). */
  #readPoint(geometry: Geometry): void {
    this.#need(this.#stride);
    const x = this.#view.getFloat64(this.#position, this.#littleEndian);
    const y = this.#view.getFloat64(this.#position + 8, this.#littleEndian);
    if (Number.isNaN(x) && Number.isNaN(y)) this.#position += this.#stride;
    else this.#readVertices(geometry, 1);
  }

  /** Vertices whose bytes are known to be there. */
  #readVertices(geometry: Geometry, count: number): void {
    makeVertexRoom(geometry, count, this.#hasZ, this.#hasM);
    const { xy, vertices } = geometry;
    const stride = this.#stride;
    const position = this.#position;
    const littleEndian = this.#littleEndian;
    if (stride === 16 && count >= MIN_BULK_VERTICES && littleEndian === HOST_IS_LITTLE_ENDIAN) {
      const source = this.#bytes.subarray(position, position + 16 * count);
      new Uint8Array(xy.buffer, xy.byteOffset).set(source, 16 * vertices);
    } else {
      const view = this.#view;
      let target = 2 * vertices;
      const end = position + stride * count;
      for (let at = position; at < end; at += stride) {
        xy[target++] = view.getFloat64(at, littleEndian);
        xy[target++] = view.getFloat64(at + 8, littleEndian);
      }
    }
    if (geometry.hasZ) this.#readOrdinate(geometry.z, vertices, count, this.#hasZ ? 16 : -1);
    if (geometry.hasM) this.#readOrdinate(geometry.m, vertices, count, this.#hasM ? (this.#hasZ ? 24 : 16) : -1);
    geometry.vertices = vertices + count;
    this.#position = position + stride * count;
  }

  /** @param offset of the ordinate within its vertex; negative where these vertices have none and others do */
  #readOrdinate(values: Float64Array, first: number, count: number, offset: number): void {
    if (offset < 0) {
      values.fill(NaN, first, first + count);
      return;
    }
    for (let index = 0, at = this.#position + offset; index < count; index++, at += this.#stride) {
      values[first + index] = this.#view.getFloat64(at, this.#littleEndian);
    }
  }

  /** A line of any kind, after its header; one without vertices adds none. */
  #readLine(geometry: Geometry, type: number): void {
    const before = geometry.vertices;
    if (type === WKB.circularString) this.#readArcs(geometry, false);
    else if (type === WKB.compoundCurve) this.#readCompound(geometry);
    else this.#readVertices(geometry, this.#readCount(this.#stride));
    if (geometry.vertices > before) geometry.endLine();
  }

  /** The segments of a compound curve; a segment begins with the vertex that the one before it ends with. */
  #readCompound(geometry: Geometry): void {
    const first = geometry.vertices;
    const count = this.#readCount(MIN_MEMBER_BYTES);
    for (let index = 0; index < count; index++) {
      const at = this.#position;
      this.#readHeader();
      const { vertices } = geometry;
      if (this.#type === WKB.circularString) this.#readArcs(geometry, vertices > first);
      else if (this.#type === WKB.lineString) this.#readSegment(geometry, vertices > first);
      else throw wkbMemberUnexpected(at - this.#start, this.#type, WKB.compoundCurve);
    }
  }

  #readSegment(geometry: Geometry, continues: boolean): void {
    const count = this.#readCount(this.#stride);
    if (count === 0) return;
    const isJoined = continues && this.#isLastVertex(geometry);
    if (isJoined) this.#position += this.#stride;
    this.#readVertices(geometry, isJoined ? count - 1 : count);
  }

  /** Whether the vertex that begins here is the last one of the geometry. */
  #isLastVertex({ xy, vertices }: Geometry): boolean {
    const x = this.#view.getFloat64(this.#position, this.#littleEndian);
    const y = this.#view.getFloat64(this.#position + 8, this.#littleEndian);
    return xy[2 * vertices - 2] === x && xy[2 * vertices - 1] === y;
  }

  #readArcs(geometry: Geometry, continues: boolean): void {
    const at = this.#position;
    const count = this.#readCount(this.#stride);
    if (count === 0) return;
    if (count < 3 || count % 2 === 0) throw wkbArcIncomplete(at - this.#start, count);
    makeVertexRoom(geometry, count, this.#hasZ, this.#hasM);
    const isJoined = continues && this.#isLastVertex(geometry);
    let start = this.#readCurvePoint();
    if (!isJoined) addPoint(geometry, start);
    for (let index = 1; index < count; index += 2) {
      const middle = this.#readCurvePoint();
      const end = this.#readCurvePoint();
      const before = geometry.vertices;
      addArc(geometry, start, middle, end);
      this.#curveVertices += geometry.vertices - before;
      if (this.#curveVertices > MAX_CURVE_VERTICES) throw wkbTooManyVertices(MAX_CURVE_VERTICES);
      start = end;
    }
  }

  #readCurvePoint(): CurvePoint {
    const at = this.#position;
    this.#position += this.#stride;
    const value = (offset: number) => this.#view.getFloat64(at + offset, this.#littleEndian);
    return {
      x: value(0),
      y: value(8),
      z: this.#hasZ ? value(16) : NaN,
      m: this.#hasM ? value(this.#hasZ ? 24 : 16) : NaN,
    };
  }

  /** A surface of any kind, after its header. */
  #readPolygon(geometry: Geometry, type: number): void {
    const at = this.#position;
    const { lines } = geometry;
    const isCurved = type === WKB.curvePolygon;
    const count = this.#readCount(isCurved ? MIN_MEMBER_BYTES : COUNT_BYTES);
    let isOuterEmpty = false;
    for (let index = 0; index < count; index++) {
      if (isCurved) this.#readCurvedRing(geometry);
      else this.#readLine(geometry, WKB.lineString);
      if (index === 0) isOuterEmpty = geometry.lines === lines;
      // A ring within would become the outer one.
      else if (isOuterEmpty && geometry.lines > lines) throw wkbOuterRingEmpty(at - this.#start);
    }
    if (geometry.lines > lines) geometry.endPolygon();
  }

  #readCurvedRing(geometry: Geometry): void {
    const at = this.#position;
    this.#readHeader();
    if (LINEAR_TYPES.get(this.#type) !== GEOMETRY_TYPES.lineString) {
      throw wkbMemberUnexpected(at - this.#start, this.#type, WKB.curvePolygon);
    }
    this.#readLine(geometry, this.#type);
  }

  /** The members of a multi-geometry or a surface of patches, which all come to one linear type. */
  #readMembers(geometry: Geometry, type: number): void {
    const expected = (geometry.type - GEOMETRY_TYPES.multiPoint + GEOMETRY_TYPES.point) as typeof geometry.type;
    const count = this.#readCount(MIN_MEMBER_BYTES);
    for (let index = 0; index < count; index++) {
      const at = this.#position;
      this.#readHeader();
      if (LINEAR_TYPES.get(this.#type) !== expected) {
        throw wkbMemberUnexpected(at - this.#start, this.#type, type);
      }
      if (expected === GEOMETRY_TYPES.point) this.#readPoint(geometry);
      else if (expected === GEOMETRY_TYPES.lineString) this.#readLine(geometry, this.#type);
      else this.#readPolygon(geometry, this.#type);
    }
  }

  #readCollection(geometry: Geometry, depth: number): void {
    if (depth >= MAX_DEPTH) throw wkbTooDeep(MAX_DEPTH);
    const count = this.#readCount(MIN_MEMBER_BYTES);
    this.#members += count;
    if (this.#members > MAX_MEMBERS) throw wkbTooManyMembers(this.#members, MAX_MEMBERS);
    for (let index = 0; index < count; index++) {
      this.#readGeometry(geometry.addMember(GEOMETRY_TYPES.none), depth + 1);
    }
  }
}
