import { GEOMETRY_TYPES, Geometry, type GeometryType } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { MAX_COLLECTION_MEMBERS } from './limits.ts';

const { none, point, lineString, polygon, multiPoint, multiLineString, multiPolygon, geometryCollection } =
  GEOMETRY_TYPES;

/** What a geometry is made of, by the type of one of it alone. */
export type PartType = typeof point | typeof lineString | typeof polygon;

/** By the type of one alone, that of several. */
const MULTI: Readonly<Record<PartType, GeometryType>> = {
  [point]: multiPoint,
  [lineString]: multiLineString,
  [polygon]: multiPolygon,
};

/**
 * Puts points, lines and polygons, as they come, into one geometry: into the flat arrays of a simple or multi geometry as
 * long as all are of one type, and into the members of a collection from the first that is of another.
 */
export class GeometryBuilder {
  #target = new Geometry();
  #type: PartType | undefined;
  #parts = 0;
  /** Vertices of the current part begin here. */
  #start = 0;
  #part: Geometry = this.#target;

  begin(target: Geometry): void {
    target.begin(none);
    this.#target = target;
    this.#type = undefined;
    this.#parts = 0;
  }

  /** Parts so far, empty ones left out. */
  get parts(): number {
    return this.#parts;
  }

  /** The geometry that the vertices of the next part are added to, lines ended in it, but not its polygon. */
  beginPart(type: PartType): Geometry {
    const target = this.#target;
    if (this.#parts === 0) {
      target.begin(type);
      this.#type = type;
      this.#part = target;
    } else if (this.#type === type) this.#part = target;
    else {
      if (this.#type !== undefined) this.#spread(this.#type);
      this.#part = this.#addMember(type);
    }
    this.#start = this.#part.vertices;
    return this.#part;
  }

  /** Ends a part; one without vertices, which has no lines either, counts only when it stays alone. */
  endPart(type: PartType): void {
    const part = this.#part;
    if (part.vertices === this.#start) {
      if (this.#type === undefined) this.#target.memberCount--;
      return;
    }
    if (type === polygon) part.endPolygon();
    if (++this.#parts > 1 && this.#type !== undefined) this.#target.type = MULTI[this.#type];
  }

  /** Ends the geometry; `isMulti` says that its source calls it a multi geometry, though it may have one part or none. */
  finish(isMulti: boolean, empty: GeometryType = geometryCollection): void {
    const target = this.#target;
    if (!isMulti) return;
    if (this.#parts === 0) target.begin(empty);
    else if (this.#type !== undefined) target.type = MULTI[this.#type];
  }

  /** Makes members of a collection from the parts so far. */
  #spread(type: PartType): void {
    const target = this.#target;
    const { vertices, lines, polygons } = target;
    this.#type = undefined;
    const flat = new Geometry();
    flat.begin(type);
    Object.assign(flat, { vertices, lines, polygons, xy: target.xy, z: target.z, hasZ: target.hasZ });
    Object.assign(flat, { lineEnds: target.lineEnds, polygonEnds: target.polygonEnds });
    const count = type === point ? vertices : type === lineString ? lines : polygons;
    target.xy = new Float64Array(0);
    target.begin(geometryCollection);
    for (let index = 0; index < count; index++) copyPart(flat, type, index, this.#addMember(type));
    target.xy = flat.xy;
  }

  #addMember(type: PartType): Geometry {
    if (this.#target.memberCount === MAX_COLLECTION_MEMBERS) {
      throw new FeatureDefect(
        'geometry-too-many-members',
        `The geometry has more than ${MAX_COLLECTION_MEMBERS} members of several types.`,
      );
    }
    return this.#target.addMember(type);
  }
}

function copyPart(flat: Geometry, type: PartType, index: number, member: Geometry): void {
  if (type === point) {
    copyVertices(flat, index, index + 1, member);
    return;
  }
  const first = type === lineString ? index : index === 0 ? 0 : flat.polygonEnds[index - 1]!;
  const end = type === lineString ? index + 1 : flat.polygonEnds[index]!;
  for (let line = first; line < end; line++) {
    copyVertices(flat, line === 0 ? 0 : flat.lineEnds[line - 1]!, flat.lineEnds[line]!, member);
    member.endLine();
  }
  if (type === polygon) member.endPolygon();
}

function copyVertices(flat: Geometry, start: number, end: number, member: Geometry): void {
  for (let vertex = start; vertex < end; vertex++) {
    member.addVertex(flat.xy[2 * vertex]!, flat.xy[2 * vertex + 1]!);
    if (flat.hasZ) member.setZ(flat.z[vertex]!);
  }
}
