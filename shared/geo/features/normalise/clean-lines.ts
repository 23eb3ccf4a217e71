import type { FeatureProblem } from '../feature-sink.ts';
import { GEOMETRY_TYPES, type Geometry } from '../geometry.ts';
import { NOTES, REJECTS } from './problems.ts';
import { addVertexOf, exchange, isSameVertex } from './vertices.ts';

const MIN_LINE_POSITIONS = 2;
const MIN_RING_POSITIONS = 4;

/**
 * Closes rings, drops vertices that repeat the one before, and rings and lines that are then too short: an inner ring
 * always, a polygon or line where others are left beside it. A line of two equal positions stays, which is valid.
 * @returns why nothing is left
 */
export function cleanLines(
  geometry: Geometry,
  scratch: Geometry,
  notes: Set<FeatureProblem>,
): FeatureProblem | undefined {
  if (geometry.lines === 0) return undefined;
  const isPolygon = geometry.type === GEOMETRY_TYPES.polygon || geometry.type === GEOMETRY_TYPES.multiPolygon;
  scratch.begin(geometry.type);
  if (isPolygon) cleanPolygons(geometry, scratch, notes);
  else cleanOpenLines(geometry, scratch, notes);
  if (scratch.lines === 0) return isPolygon ? REJECTS.ringDegenerate : REJECTS.lineDegenerate;
  exchange(geometry, scratch);
  return undefined;
}

function cleanOpenLines(geometry: Geometry, target: Geometry, notes: Set<FeatureProblem>): void {
  const { lineEnds, lines } = geometry;
  for (let line = 0, start = 0; line < lines; start = lineEnds[line++]!) {
    const before = target.vertices;
    addDistinct(geometry, start, lineEnds[line]!, target, MIN_LINE_POSITIONS, notes);
    if (target.vertices - before >= MIN_LINE_POSITIONS) {
      target.endLine();
    } else {
      target.vertices = before;
      notes.add(NOTES.lineDropped);
    }
  }
}

function cleanPolygons(geometry: Geometry, target: Geometry, notes: Set<FeatureProblem>): void {
  const { lineEnds, polygonEnds, polygons } = geometry;
  for (let polygon = 0, ring = 0; polygon < polygons; polygon++) {
    const firstRing = ring;
    const ringsBefore = target.lines;
    for (; ring < polygonEnds[polygon]!; ring++) {
      const hasOuter = ring === firstRing || target.lines > ringsBefore;
      const start = ring === 0 ? 0 : lineEnds[ring - 1]!;
      if (hasOuter && cleanRing(geometry, start, lineEnds[ring]!, target, notes)) continue;
      if (ring === firstRing) notes.add(NOTES.polygonDropped);
      else if (hasOuter) notes.add(NOTES.holeDropped);
    }
    if (target.lines > ringsBefore) target.endPolygon();
  }
}

/** @returns whether the ring is long enough to be kept */
function cleanRing(
  geometry: Geometry,
  start: number,
  end: number,
  target: Geometry,
  notes: Set<FeatureProblem>,
): boolean {
  const before = target.vertices;
  addDistinct(geometry, start, end, target, 1, notes);
  const { xy, vertices } = target;
  const isOpen =
    vertices > before && (xy[2 * before] !== xy[2 * vertices - 2] || xy[2 * before + 1] !== xy[2 * vertices - 1]);
  const isLong = vertices - before + (isOpen ? 1 : 0) >= MIN_RING_POSITIONS;
  if (!isLong) {
    target.vertices = before;
    return false;
  }
  if (isOpen) {
    notes.add(NOTES.ringClosed);
    addVertexOf(target, geometry, start);
  }
  target.endLine();
  return true;
}

/** Adds the vertices that do not repeat the one before; those that do while fewer than `least` would be left stay. */
function addDistinct(
  geometry: Geometry,
  start: number,
  end: number,
  target: Geometry,
  least: number,
  notes: Set<FeatureProblem>,
): void {
  let left = end - start;
  for (let vertex = start; vertex < end; vertex++) {
    if (vertex > start && left > least && isSameVertex(geometry, vertex - 1, vertex)) {
      left--;
      notes.add(NOTES.vertexDuplicate);
    } else {
      addVertexOf(target, geometry, vertex);
    }
  }
}
