/** Codes of geometry types: the same in WKB (OGC 06-103r4, 8.2.8) and FlatGeobuf. Curves are made linear by their readers. */
export const GEOMETRY_TYPES = {
  none: 0,
  point: 1,
  lineString: 2,
  polygon: 3,
  multiPoint: 4,
  multiLineString: 5,
  multiPolygon: 6,
  geometryCollection: 7,
} as const;
export type GeometryType = (typeof GEOMETRY_TYPES)[keyof typeof GEOMETRY_TYPES];

/** Names as in RFC 7946, by code. */
export const GEOMETRY_NAMES = [
  'none',
  'Point',
  'LineString',
  'Polygon',
  'MultiPoint',
  'MultiLineString',
  'MultiPolygon',
  'GeometryCollection',
] as const;

const FIRST_VERTICES = 256;
const FIRST_LINES = 16;

/** Members are many, and small. */
const FIRST_MEMBER_VERTICES = 4;
const FIRST_MEMBER_LINES = 1;

/**
 * One geometry in flat form, filled and emptied again from feature to feature, so that coordinates move from the bytes of
 * a source to those of a target and no object is made for a vertex. x is longitude or easting.
 *
 * A point is one vertex; a multipoint some. Lines and rings end at `lineEnds`; polygons end at `polygonEnds`, of which a
 * Polygon has one. The first ring of a polygon is its outer one. A collection has `members` and no vertices of its own.
 * No geometry at all is `GEOMETRY_TYPES.none`; an empty one has its type and no vertices.
 */
export class Geometry {
  type: GeometryType = GEOMETRY_TYPES.none;
  /** x and y of each vertex, one after the other; valid up to 2 × `vertices`. */
  xy: Float64Array<ArrayBuffer>;
  vertices = 0;
  /** One value for each vertex where `hasZ`; NaN for a vertex that has none. */
  z = new Float64Array(0);
  m = new Float64Array(0);
  hasZ = false;
  hasM = false;
  /** Vertices up to the end of each line or ring; valid up to `lines`. */
  lineEnds: Uint32Array<ArrayBuffer>;
  lines = 0;
  /** Rings up to the end of each polygon; valid up to `polygons`. */
  polygonEnds: Uint32Array<ArrayBuffer>;
  polygons = 0;
  /** Members of a collection; valid up to `memberCount`, those behind it are kept for the next one. */
  members: Geometry[] = [];
  memberCount = 0;

  /** @param vertices room at first, as `lines`: at least 1; it grows */
  constructor(vertices = FIRST_VERTICES, lines = FIRST_LINES) {
    this.xy = new Float64Array(2 * vertices);
    this.lineEnds = new Uint32Array(lines);
    this.polygonEnds = new Uint32Array(lines);
  }

  /** Empties it and gives it a type. */
  begin(type: GeometryType): void {
    this.type = type;
    this.vertices = 0;
    this.lines = 0;
    this.polygons = 0;
    this.memberCount = 0;
    this.hasZ = false;
    this.hasM = false;
  }

  addVertex(x: number, y: number): void {
    const index = this.vertices++;
    if (2 * index >= this.xy.length) this.reserve(this.vertices);
    this.xy[2 * index] = x;
    this.xy[2 * index + 1] = y;
    if (this.hasZ) this.z[index] = NaN;
    if (this.hasM) this.m[index] = NaN;
  }

  /** Gives the last vertex a height; those before it that have none get NaN. */
  setZ(value: number): void {
    if (!this.hasZ) {
      this.z = withRoom(this.z, this.xy.length / 2).fill(NaN, 0, this.vertices);
      this.hasZ = true;
    }
    this.z[this.vertices - 1] = value;
  }

  /** Gives the last vertex a measure; those before it that have none get NaN. */
  setM(value: number): void {
    if (!this.hasM) {
      this.m = withRoom(this.m, this.xy.length / 2).fill(NaN, 0, this.vertices);
      this.hasM = true;
    }
    this.m[this.vertices - 1] = value;
  }

  /** Makes room for so many vertices. */
  reserve(vertices: number): void {
    if (2 * vertices <= this.xy.length) return;
    this.xy = withRoom(this.xy, Math.max(2 * vertices, 2 * this.xy.length));
    if (this.hasZ) this.z = withRoom(this.z, this.xy.length / 2);
    if (this.hasM) this.m = withRoom(this.m, this.xy.length / 2);
  }

  /** Ends a line or ring with the last vertex. */
  endLine(): void {
    if (this.lines === this.lineEnds.length) this.lineEnds = withRoom(this.lineEnds, 2 * this.lines);
    this.lineEnds[this.lines++] = this.vertices;
  }

  /** Ends a polygon with the last ring. */
  endPolygon(): void {
    if (this.polygons === this.polygonEnds.length) this.polygonEnds = withRoom(this.polygonEnds, 2 * this.polygons);
    this.polygonEnds[this.polygons++] = this.lines;
  }

  /** Adds a member to a collection. */
  addMember(type: GeometryType): Geometry {
    const member = (this.members[this.memberCount++] ??= new Geometry(FIRST_MEMBER_VERTICES, FIRST_MEMBER_LINES));
    member.begin(type);
    return member;
  }

  get isEmpty(): boolean {
    if (this.type !== GEOMETRY_TYPES.geometryCollection) return this.vertices === 0;
    return this.members.slice(0, this.memberCount).every((member) => member.isEmpty);
  }
}

function withRoom<T extends Float64Array | Uint32Array>(values: T, length: number): T {
  if (values.length >= length) return values;
  const larger = (values instanceof Float64Array ? new Float64Array(length) : new Uint32Array(length)) as T;
  larger.set(values);
  return larger;
}
