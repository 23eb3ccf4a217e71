import type { FeatureProblem } from '../feature-sink.ts';
import { GEOMETRY_TYPES, Geometry } from '../geometry.ts';
import { turnsOf, wrapVertices } from './longitudes.ts';
import { NOTES } from './problems.ts';
import { splitPolygon } from './split-polygon.ts';
import { addVertexOf, exchange } from './vertices.ts';
import { windRings } from './wind-rings.ts';

/** Turns that one polygon may reach over. */
const MAX_TURNS = 3;

/** Cuts polygons at the antimeridian: see `cut-antimeridian.ts`. */
export function cutPolygons(geometry: Geometry, scratch: Geometry, notes: Set<FeatureProblem>): void {
  const { min, max } = extentOf(geometry, 0);
  if (min < -180 || max > 180) notes.add(NOTES.longitudeWrapped);
  scratch.begin(GEOMETRY_TYPES.multiPolygon);
  for (let polygon = 0; polygon < geometry.polygons; polygon++) {
    const continuous = unwrapped(geometry, polygon);
    if (continuous === undefined) {
      notes.add(NOTES.aroundPole);
      addPolygon(geometry, polygon, scratch, 0);
    } else {
      windRings(continuous, new Set());
      if (!cutContinuous(continuous, scratch, notes)) {
        notes.add(NOTES.antimeridianNotCut);
        addPolygon(geometry, polygon, scratch, 0);
      }
    }
  }
  if (geometry.type === GEOMETRY_TYPES.polygon && scratch.polygons <= 1) scratch.type = geometry.type;
  exchange(geometry, scratch);
  // What was not cut may have longitudes beyond; what was has none.
  wrapVertices(geometry, 0, geometry.vertices, notes);
}

/** A polygon whose longitudes are continuous; undefined for one of whose rings runs round a pole. */
function unwrapped(geometry: Geometry, polygon: number): Geometry | undefined {
  const { xy, lineEnds, polygonEnds } = geometry;
  const firstRing = polygon === 0 ? 0 : polygonEnds[polygon - 1]!;
  const result = new Geometry();
  result.begin(GEOMETRY_TYPES.polygon);
  let outerMiddle = 0;
  for (let ring = firstRing; ring < polygonEnds[polygon]!; ring++) {
    const start = ring === 0 ? 0 : lineEnds[ring - 1]!;
    const end = lineEnds[ring]!;
    const ringStart = result.vertices;
    let shift = 0;
    for (let vertex = start; vertex < end; vertex++) {
      if (vertex > start) shift -= 360 * turnsOf(xy[2 * vertex]! - xy[2 * vertex - 2]!);
      addVertexOf(result, geometry, vertex);
      result.xy[2 * result.vertices - 2] = xy[2 * vertex]! + shift;
    }
    if (shift !== 0) return undefined;
    const { min, max } = extentOf(result, ringStart);
    const middle = (min + max) / 2;
    if (ring === firstRing) outerMiddle = middle;
    // An inner ring is moved to the turn that the outer one lies in.
    else shiftVertices(result, ringStart, 360 * Math.round((outerMiddle - middle) / 360));
    result.endLine();
  }
  result.endPolygon();
  return result;
}

/** Adds the parts of one polygon; @returns whether it could be cut */
function cutContinuous(polygon: Geometry, target: Geometry, notes: Set<FeatureProblem>): boolean {
  const { min, max } = extentOf(polygon, 0);
  const first = Math.floor((min + 180) / 360);
  const last = Math.max(first, Math.ceil((max + 180) / 360) - 1);
  if (last - first >= MAX_TURNS) return false;
  const parts: { part: Geometry; turn: number }[] = [];
  let rest = polygon;
  for (let turn = first; turn < last; turn++) {
    const [west, east] = [new Geometry(), new Geometry()];
    const edge = 180 + 360 * turn;
    for (const side of [west, east]) side.begin(GEOMETRY_TYPES.multiPolygon);
    for (let index = 0; index < rest.polygons; index++) {
      if (!splitPolygon(rest, index, edge, west, east)) return false;
    }
    parts.push({ part: west, turn });
    rest = east;
  }
  parts.push({ part: rest, turn: last });
  for (const { part, turn } of parts) {
    for (let index = 0; index < part.polygons; index++) addPolygon(part, index, target, -360 * turn);
  }
  if (first !== last) notes.add(NOTES.antimeridianCut);
  return true;
}

function addPolygon(source: Geometry, polygon: number, target: Geometry, shift: number): void {
  const { lineEnds, polygonEnds } = source;
  for (let ring = polygon === 0 ? 0 : polygonEnds[polygon - 1]!; ring < polygonEnds[polygon]!; ring++) {
    for (let vertex = ring === 0 ? 0 : lineEnds[ring - 1]!; vertex < lineEnds[ring]!; vertex++) {
      addVertexOf(target, source, vertex);
      target.xy[2 * target.vertices - 2]! += shift;
    }
    target.endLine();
  }
  target.endPolygon();
}

function extentOf({ xy, vertices }: Geometry, start: number): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let at = 2 * start; at < 2 * vertices; at += 2) {
    const x = xy[at]!;
    if (x < min) min = x;
    if (x > max) max = x;
  }
  return { min, max };
}

function shiftVertices({ xy, vertices }: Geometry, start: number, shift: number): void {
  if (shift === 0) return;
  for (let at = 2 * start; at < 2 * vertices; at += 2) xy[at]! += shift;
}
