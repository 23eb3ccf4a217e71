import type { FeatureProblem } from '../../features/feature-sink.ts';
import { GEOMETRY_TYPES, type Geometry } from '../../features/geometry.ts';
import { shapeInvalid, shapeTypeUnknown } from './errors.ts';
import { SHAPE } from './main-header.ts';
import { readMultiPatch } from './multi-patch.ts';
import { NO_MEASURE, need, readVertices, type PartLayout, type ShapeBytes } from './read-vertices.ts';
import { RingGrouper } from './ring-grouper.ts';

const BBOX_BYTES = 32;
/** Reads shapes into a `Geometry`. One reader is used for all records of a block. */
export class ShapeReader {
  readonly #rings: RingGrouper;
  readonly #layout: PartLayout = {
    ...{ bytes: new Uint8Array(0), view: new DataView(new ArrayBuffer(0)), start: 0, end: 0 },
    ...{ parts: 0, partStarts: 0, points: 0, pointStart: 0 },
  };

  /** @param note of something that was mended, by code */
  constructor(note: (problem: FeatureProblem) => void) {
    this.#rings = new RingGrouper(note);
  }

  /**
   * @param type of the shape, which stands before `start`
   * @throws FeatureError `shapefile-…`; the geometry is then undefined, and to be begun anew
   */
  read(type: number, source: ShapeBytes, geometry: Geometry): void {
    switch (type) {
      case SHAPE.null:
        geometry.begin(GEOMETRY_TYPES.none);
        return;
      case SHAPE.point:
      case SHAPE.pointZ:
      case SHAPE.pointM:
        readPoint(type, source, geometry);
        return;
      case SHAPE.multiPoint:
      case SHAPE.multiPointZ:
      case SHAPE.multiPointM:
        this.#readMultiPoint(type, source, geometry);
        return;
      case SHAPE.polyLine:
      case SHAPE.polyLineZ:
      case SHAPE.polyLineM:
        this.#readParts(source, false);
        geometry.begin(GEOMETRY_TYPES.lineString);
        readVertices(this.#layout, type === SHAPE.polyLineZ, type === SHAPE.polyLineM, geometry);
        endParts(this.#layout, geometry);
        if (geometry.lines > 1) geometry.type = GEOMETRY_TYPES.multiLineString;
        return;
      case SHAPE.polygon:
      case SHAPE.polygonZ:
      case SHAPE.polygonM:
        this.#readParts(source, false);
        geometry.begin(GEOMETRY_TYPES.polygon);
        readVertices(this.#layout, type === SHAPE.polygonZ, type === SHAPE.polygonM, geometry);
        endParts(this.#layout, geometry);
        this.#rings.group(geometry);
        return;
      case SHAPE.multiPatch:
        this.#readParts(source, true);
        readMultiPatch(this.#layout, geometry);
        return;
      default:
        throw shapeTypeUnknown(type);
    }
  }

  #readMultiPoint(type: number, source: ShapeBytes, geometry: Geometry): void {
    const at = source.start + BBOX_BYTES;
    const points = countAt(source, at);
    const pointStart = at + 4;
    need(source, pointStart, 16 * points);
    Object.assign(this.#layout, source, { points, pointStart, parts: 0, partStarts: pointStart });
    geometry.begin(GEOMETRY_TYPES.multiPoint);
    readVertices(this.#layout, type === SHAPE.multiPointZ, type === SHAPE.multiPointM, geometry);
  }

  /** Counts are checked against the bytes of the record before anything is made for them. */
  #readParts(source: ShapeBytes, hasPartTypes: boolean): void {
    const at = source.start + BBOX_BYTES;
    const parts = countAt(source, at);
    const points = countAt(source, at + 4);
    const partStarts = at + 8;
    const pointStart = partStarts + (hasPartTypes ? 8 : 4) * parts;
    need(source, partStarts, pointStart - partStarts + 16 * points);
    const layout = this.#layout;
    layout.bytes = source.bytes;
    layout.view = source.view;
    layout.start = source.start;
    layout.end = source.end;
    layout.parts = parts;
    layout.partStarts = partStarts;
    layout.points = points;
    layout.pointStart = pointStart;
    checkParts(layout);
  }
}

function countAt(source: ShapeBytes, at: number): number {
  need(source, at, 4);
  const count = source.view.getInt32(at, true);
  if (count < 0) throw shapeInvalid(`it claims ${count} parts or points`);
  return count;
}

/** Parts follow each other from the first point to the last. */
function checkParts({ view, parts, partStarts, points }: PartLayout): void {
  if (parts === 0 && points > 0) throw shapeInvalid(`its ${points} points belong to no part`);
  let last = 0;
  for (let part = 0; part < parts; part++) {
    const first = view.getInt32(partStarts + 4 * part, true);
    if (first < last || first > points || (part === 0 && first !== 0)) {
      throw shapeInvalid(`its part ${part} begins at point ${first} of ${points}`);
    }
    last = first;
  }
}

function readPoint(type: number, source: ShapeBytes, geometry: Geometry): void {
  const hasZ = type === SHAPE.pointZ;
  const { view, start } = source;
  const least = 16 + (type === SHAPE.point ? 0 : 8);
  need(source, start, least);
  const x = view.getFloat64(start, true);
  const y = view.getFloat64(start + 8, true);
  geometry.begin(GEOMETRY_TYPES.point);
  if (Number.isNaN(x) && Number.isNaN(y)) return;
  geometry.addVertex(x, y);
  if (hasZ) geometry.setZ(view.getFloat64(start + 16, true));
  // Older writers leave the measure of a point with height out.
  const measureAt = start + (hasZ ? 24 : 16);
  if (type === SHAPE.point || measureAt + 8 > source.end) return;
  const measure = view.getFloat64(measureAt, true);
  if (measure > NO_MEASURE) geometry.setM(measure);
}

/** Ends the lines or rings; parts without points are left out. */
function endParts({ view, parts, partStarts, points }: PartLayout, geometry: Geometry): void {
  let last = 0;
  for (let part = 1; part <= parts; part++) {
    const end = part < parts ? view.getInt32(partStarts + 4 * part, true) : points;
    geometry.vertices = end;
    if (end > last) geometry.endLine();
    last = end;
  }
}
