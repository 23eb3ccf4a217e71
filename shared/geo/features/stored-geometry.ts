import type { BufferViews } from './encode-geometry.ts';
import { featureBlockCorrupt } from './errors.ts';
import { GEOMETRY_TYPES, type Geometry, type GeometryType } from './geometry.ts';
import { GEOMETRY_HEAD_BYTES, HAS_M, HAS_Z, LINES_HEAD_BYTES, roundUp8, storesLines } from './geometry-layout.ts';
import { MAX_COLLECTION_DEPTH } from './limits.ts';

/**
 * A geometry as it lies in a block: where its numbers are, without copying them. One object is used again for geometry after
 * geometry; the members of a collection come one at a time from `member`, each in an object of its depth.
 */
export class StoredGeometry {
  type: GeometryType = GEOMETRY_TYPES.none;
  hasZ = false;
  hasM = false;
  vertices = 0;
  lines = 0;
  polygons = 0;
  members = 0;
  /** Index of the first x among the float64 numbers of the buffer; y follows each x. The members of a collection begin here. */
  xy = 0;
  z = 0;
  m = 0;
  /** Index of the first end among the uint32 numbers of the buffer. */
  lineEnds = 0;
  polygonEnds = 0;
  views!: BufferViews;
  /** Byte behind it. */
  end = 0;
  #limit = 0;
  readonly #depth: number;
  #member: StoredGeometry | undefined;

  constructor(depth = 0) {
    this.#depth = depth;
  }

  /**
   * Finds a geometry at `position`, which is a multiple of 8.
   * @param limit byte that it must end before or at
   * @throws LonghaulError `feature-block-corrupt` (final) when it does not, or is none
   */
  read(views: BufferViews, position: number, limit: number): void {
    this.views = views;
    this.#limit = limit;
    if (position + GEOMETRY_HEAD_BYTES > limit) throw featureBlockCorrupt('a geometry is cut off');
    const { uint32 } = views;
    const head = uint32[position >>> 2]!;
    const count = uint32[(position >>> 2) + 1]!;
    const type = head & 0xff;
    if (type < GEOMETRY_TYPES.point || type > GEOMETRY_TYPES.geometryCollection || head >>> 10 !== 0) {
      throw featureBlockCorrupt(`there is no geometry of type ${type}`);
    }
    this.type = type as GeometryType;
    this.hasZ = ((head >> 8) & HAS_Z) !== 0;
    this.hasM = ((head >> 8) & HAS_M) !== 0;
    this.lines = 0;
    this.polygons = 0;
    this.members = 0;
    this.vertices = 0;
    if (type === GEOMETRY_TYPES.geometryCollection) this.#readCollection(position, count);
    else this.#readCoordinates(position, count);
  }

  /**
   * The next member of a collection.
   * @param previous what this gave before, in order; undefined at first
   */
  member(previous: StoredGeometry | undefined): StoredGeometry {
    this.#member ??= new StoredGeometry(this.#depth + 1);
    this.#member.read(this.views, previous === undefined ? 8 * this.xy : previous.end, this.#limit);
    return this.#member;
  }

  /** Copies it into a geometry of its own. */
  copyTo(target: Geometry): void {
    target.begin(this.type);
    let member: StoredGeometry | undefined;
    for (let index = 0; index < this.members; index++) {
      member = this.member(member);
      member.copyTo(target.addMember(member.type));
    }
    const { vertices } = this;
    const { float64, uint32 } = this.views;
    target.vertices = vertices;
    target.xy = float64.slice(this.xy, this.xy + 2 * vertices);
    target.hasZ = this.hasZ;
    target.hasM = this.hasM;
    if (this.hasZ) target.z = float64.slice(this.z, this.z + vertices);
    if (this.hasM) target.m = float64.slice(this.m, this.m + vertices);
    const hasOneLine = this.type === GEOMETRY_TYPES.lineString && vertices > 0;
    const hasOnePolygon = this.type === GEOMETRY_TYPES.polygon && this.lines > 0;
    target.lines = hasOneLine ? 1 : this.lines;
    target.lineEnds = hasOneLine ? Uint32Array.of(vertices) : uint32.slice(this.lineEnds, this.lineEnds + this.lines);
    target.polygons = hasOnePolygon ? 1 : this.polygons;
    target.polygonEnds = hasOnePolygon
      ? Uint32Array.of(this.lines)
      : uint32.slice(this.polygonEnds, this.polygonEnds + this.polygons);
  }

  #readCollection(position: number, members: number): void {
    if (this.#depth >= MAX_COLLECTION_DEPTH) throw featureBlockCorrupt('collections are nested too deeply');
    const start = position + GEOMETRY_HEAD_BYTES;
    if (members > (this.#limit - start) / GEOMETRY_HEAD_BYTES) throw featureBlockCorrupt('a collection is cut off');
    this.members = members;
    this.xy = start >>> 3;
    let member: StoredGeometry | undefined;
    for (let index = 0; index < members; index++) member = this.member(member);
    this.end = member?.end ?? start;
  }

  #readCoordinates(position: number, vertices: number): void {
    const { uint32 } = this.views;
    const hasLines = storesLines(this.type);
    const start = position + (hasLines ? LINES_HEAD_BYTES : GEOMETRY_HEAD_BYTES);
    if (start > this.#limit) throw featureBlockCorrupt('a geometry is cut off');
    this.vertices = vertices;
    if (hasLines) {
      this.lines = uint32[(position >>> 2) + 2]!;
      this.polygons = uint32[(position >>> 2) + 3]!;
    }
    this.xy = start >>> 3;
    this.z = this.xy + 2 * vertices;
    this.m = this.z + (this.hasZ ? vertices : 0);
    this.lineEnds = 2 * (this.m + (this.hasM ? vertices : 0));
    this.polygonEnds = this.lineEnds + this.lines;
    this.end = roundUp8(4 * (this.polygonEnds + this.polygons));
    if (this.end > this.#limit) throw featureBlockCorrupt('a geometry is cut off');
    if (this.type === GEOMETRY_TYPES.point && vertices > 1) throw featureBlockCorrupt('a point has several vertices');
    if (hasLines) this.#checkEnds();
  }

  #checkEnds(): void {
    const { uint32 } = this.views;
    checkEnds(uint32, this.lineEnds, this.lines, this.vertices);
    if (this.type === GEOMETRY_TYPES.multiPolygon) checkEnds(uint32, this.polygonEnds, this.polygons, this.lines);
    else if (this.polygons > 0) throw featureBlockCorrupt('a geometry has the ends of polygons that it cannot have');
  }
}

/** @throws LonghaulError `feature-block-corrupt` unless the ends ascend up to `total` */
function checkEnds(uint32: Uint32Array, start: number, count: number, total: number): void {
  let previous = 0;
  for (let index = start; index < start + count; index++) {
    const end = uint32[index]!;
    if (end < previous) throw featureBlockCorrupt('the parts of a geometry do not follow each other');
    previous = end;
  }
  if (previous !== total) throw featureBlockCorrupt('the parts of a geometry do not add up to it');
}
