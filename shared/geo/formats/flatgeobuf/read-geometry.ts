import { GEOMETRY_TYPES, Geometry, type GeometryType } from '../../features/geometry.ts';
import { joinArcs, joinLine, makesArcs } from '../curves/join-segment.ts';
import { makeVertexRoom } from '../vertex-room.ts';
import { LINEAR_TYPES, WKB } from '../wkb/geometry-types.ts';
import { featureCorrupt, tooManyVertices } from './read-errors.ts';
import type { TableReader } from './read-tables.ts';

/** Fields of a geometry by number (FlatGeobuf, feature.fbs); t and tm are not read. */
const FIELD = { ends: 0, xy: 1, z: 2, m: 3, type: 6, parts: 7 } as const;

/** Vertices that the curves of one geometry may become: 64 MiB of x and y. */
const MAX_CURVE_VERTICES = 4 * 1024 * 1024;

/** Collections within collections. */
const MAX_DEPTH = 16;

/** Bytes of a table and of the offset that leads to it. */
const PART_BYTES = 8;

/** Vertices from which copying bytes as a whole beats copying number by number. */
const MIN_BULK_VERTICES = 32;

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Reads geometries of FlatGeobuf straight into a `Geometry`; curves are made linear, see `linearise-arc.ts`. */
export class GeometryDecoder {
  readonly #reader: TableReader;
  /** Bytes that parts of this feature may still take: offsets that lead to one part many times use them up. */
  #left = 0;
  /** Vertices that the curves of this feature have become. */
  #curveVertices = 0;
  /** Positions of one segment of a curve. */
  readonly #points = new Geometry();

  constructor(reader: TableReader) {
    this.#reader = reader;
  }

  /**
   * @param table of the geometry
   * @param type code of all geometries of the layer, or 0
   * @param bytes of the feature
   * @throws FeatureError `flatgeobuf-feature-corrupt`, `flatgeobuf-too-many-vertices`; the geometry is then undefined
   */
  read(table: number, type: number, bytes: number, geometry: Geometry): void {
    this.#left = bytes;
    this.#curveVertices = 0;
    this.#read(table, type, geometry, 0);
  }

  #read(table: number, layerType: number, geometry: Geometry, depth: number): void {
    // The layer's type holds where the geometry tells none.
    const code = this.#reader.uint8(table, FIELD.type, 0) || layerType;
    geometry.begin(linearType(code));
    switch (geometry.type) {
      case GEOMETRY_TYPES.geometryCollection:
        this.#readMembers(table, geometry, depth);
        return;
      case GEOMETRY_TYPES.multiPolygon:
        this.#eachPart(table, (part) => this.#readSurface(part, code === WKB.multiSurface, geometry));
        return;
      case GEOMETRY_TYPES.point:
        this.#readPoint(table, geometry);
        return;
      case GEOMETRY_TYPES.multiPoint:
        this.#readVertices(table, geometry);
        return;
      case GEOMETRY_TYPES.lineString:
        this.#readCurve(table, code, geometry);
        return;
      case GEOMETRY_TYPES.multiLineString:
        if (code === WKB.multiCurve)
          this.#eachPart(table, (part) => this.#readCurve(part, this.#codeOf(part), geometry));
        else this.#readLines(table, geometry);
        return;
      case GEOMETRY_TYPES.polygon:
        if (code === WKB.curvePolygon) this.#readCurvePolygon(table, geometry);
        else this.#readPolygon(table, geometry);
        return;
      default:
        throw featureCorrupt('its geometry has no type');
    }
  }

  #readMembers(table: number, geometry: Geometry, depth: number): void {
    if (depth >= MAX_DEPTH) throw featureCorrupt(`its collections are more than ${MAX_DEPTH} deep`);
    const parts = this.#reader.vector(table, FIELD.parts, 4);
    const count = this.#reader.length(parts);
    for (let index = 0; index < count; index++) {
      this.#take(PART_BYTES);
      this.#read(this.#reader.element(parts, index), 0, geometry.addMember(GEOMETRY_TYPES.none), depth + 1);
    }
  }

  #eachPart(table: number, read: (part: number) => void): void {
    const parts = this.#reader.vector(table, FIELD.parts, 4);
    const count = this.#reader.length(parts);
    for (let index = 0; index < count; index++) {
      this.#take(PART_BYTES);
      read(this.#reader.element(parts, index));
    }
  }

  #codeOf(part: number): number {
    return this.#reader.uint8(part, FIELD.type, 0);
  }

  /** A polygon of a MultiPolygon or of another surface; only one of a MultiSurface says its type. */
  #readSurface(table: number, saysType: boolean, geometry: Geometry): void {
    const code = saysType ? this.#codeOf(table) : WKB.polygon;
    if (code === WKB.curvePolygon) this.#readCurvePolygon(table, geometry);
    else if (code === WKB.polygon || code === WKB.triangle) this.#readPolygon(table, geometry);
    else throw featureCorrupt(`its surface has a part of the type ${code}`);
  }

  /** A polygon each ring of which is a curve, and a part of its own. */
  #readCurvePolygon(table: number, geometry: Geometry): void {
    const { lines } = geometry;
    let isOuterEmpty = false;
    this.#eachPart(table, (ring) => {
      const before = geometry.lines;
      // A ring within would become the outer one.
      if (isOuterEmpty) throw featureCorrupt('the outer ring of its polygon is empty');
      this.#readCurve(ring, this.#codeOf(ring), geometry);
      isOuterEmpty = geometry.lines === before && before === lines;
    });
    if (geometry.lines > lines) geometry.endPolygon();
  }

  /** A line of any kind; one without vertices adds none. */
  #readCurve(table: number, code: number, geometry: Geometry): void {
    const start = geometry.vertices;
    if (code === WKB.lineString) this.#readVertices(table, geometry);
    else if (code === WKB.circularString) this.#readSegment(table, code, geometry, start);
    else if (code === WKB.compoundCurve) {
      this.#eachPart(table, (part) => this.#readSegment(part, this.#codeOf(part), geometry, start));
    } else throw featureCorrupt(`its curve has a part of the type ${code}`);
    if (geometry.vertices > start) geometry.endLine();
  }

  /** @param start vertices of the geometry before the curve */
  #readSegment(table: number, code: number, geometry: Geometry, start: number): void {
    const points = this.#points;
    points.begin(GEOMETRY_TYPES.lineString);
    const count = this.#readVertices(table, points);
    if (code === WKB.lineString) joinLine(points, geometry, start);
    else if (code !== WKB.circularString) throw featureCorrupt(`its curve has a part of the type ${code}`);
    else if (count > 0) this.#addArcs(points, geometry, start);
  }

  #addArcs(points: Geometry, geometry: Geometry, start: number): void {
    if (!makesArcs(points.vertices)) throw featureCorrupt(`its circular string has ${points.vertices} positions`);
    const { vertices } = geometry;
    const most = vertices + MAX_CURVE_VERTICES - this.#curveVertices;
    if (!joinArcs(points, geometry, start, most)) throw tooManyVertices(MAX_CURVE_VERTICES);
    this.#curveVertices += geometry.vertices - vertices;
  }

  #readPolygon(table: number, geometry: Geometry): void {
    const { lines } = geometry;
    this.#readLines(table, geometry);
    if (geometry.lines === lines) return;
    const ends = this.#reader.vector(table, FIELD.ends, 4);
    // A ring within would become the outer one.
    const isOuterEmpty = ends !== 0 && this.#reader.view.getUint32(ends + 4, true) === 0;
    if (isOuterEmpty && this.#reader.length(ends) > 0) throw featureCorrupt('the outer ring of its polygon is empty');
    geometry.endPolygon();
  }

  #readPoint(table: number, geometry: Geometry): void {
    const count = this.#readVertices(table, geometry);
    if (count > 1) throw featureCorrupt(`its point has ${count} positions`);
    const [x, y] = geometry.xy;
    // An empty point has no numbers, as in WKB.
    if (count === 1 && Number.isNaN(x) && Number.isNaN(y)) geometry.vertices = 0;
  }

  /** Lines or rings; without their ends all vertices are one. */
  #readLines(table: number, geometry: Geometry): void {
    const first = geometry.vertices;
    const vertices = this.#readVertices(table, geometry);
    const ends = this.#reader.vector(table, FIELD.ends, 4);
    const count = this.#reader.length(ends);
    const { vertices: last } = geometry;
    let before = 0;
    for (let index = 0; index < count; index++) {
      const end = this.#reader.view.getUint32(ends + 4 + 4 * index, true);
      if (end < before || end > vertices) throw featureCorrupt('the ends of its lines are out of order');
      geometry.vertices = first + end;
      if (end > before) geometry.endLine();
      before = end;
    }
    geometry.vertices = last;
    if (count > 0 && before !== vertices) throw featureCorrupt('its last line ends before its vertices do');
    if (count === 0 && vertices > 0) geometry.endLine();
  }

  /** Adds the vertices of a table. @returns how many */
  #readVertices(table: number, geometry: Geometry): number {
    const reader = this.#reader;
    const xy = reader.vector(table, FIELD.xy, 8);
    const numbers = reader.length(xy);
    if (numbers % 2 !== 0) throw featureCorrupt('one of its coordinates is without the other');
    const count = numbers / 2;
    if (count === 0) return 0;
    this.#take(16 * count);
    const z = this.#ordinates(table, FIELD.z, count);
    const m = this.#ordinates(table, FIELD.m, count);
    makeVertexRoom(geometry, count, z !== 0, m !== 0);
    const { vertices } = geometry;
    this.#copy(xy + 4, geometry.xy, 2 * vertices, numbers);
    if (z !== 0) this.#copy(z + 4, geometry.z, vertices, count);
    else if (geometry.hasZ) geometry.z.fill(NaN, vertices, vertices + count);
    if (m !== 0) this.#copy(m + 4, geometry.m, vertices, count);
    else if (geometry.hasM) geometry.m.fill(NaN, vertices, vertices + count);
    geometry.vertices = vertices + count;
    return count;
  }

  /** The vector of heights or measures, one for each vertex; 0 when there is none. */
  #ordinates(table: number, field: number, count: number): number {
    const vector = this.#reader.vector(table, field, 8);
    const length = this.#reader.length(vector);
    if (length === 0) return 0;
    if (length !== count) throw featureCorrupt(`it has ${length} heights or measures for ${count} vertices`);
    return vector;
  }

  #copy(from: number, target: Float64Array<ArrayBuffer>, to: number, numbers: number): void {
    const { bytes, view } = this.#reader;
    if (numbers >= 2 * MIN_BULK_VERTICES && HOST_IS_LITTLE_ENDIAN) {
      new Uint8Array(target.buffer, target.byteOffset).set(bytes.subarray(from, from + 8 * numbers), 8 * to);
      return;
    }
    for (let index = 0; index < numbers; index++) target[to + index] = view.getFloat64(from + 8 * index, true);
  }

  #take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw featureCorrupt('parts of its geometry share their bytes');
  }
}

/** The type that a code becomes. @throws FeatureError `flatgeobuf-feature-corrupt` */
function linearType(code: number): GeometryType {
  if (code <= GEOMETRY_TYPES.geometryCollection) return code as GeometryType;
  const type = LINEAR_TYPES.get(code);
  if (type === undefined) throw featureCorrupt(`its geometry has the type ${code}, which there is not`);
  return type;
}
