import type { FeatureProblem } from '../feature-sink.ts';
import { GEOMETRY_TYPES, type Geometry } from '../geometry.ts';
import { countSelfIntersections } from './count-self-intersections.ts';
import { NOTES } from './problems.ts';
import { addRepaired } from './repair-polygon.ts';
import { addVertexOf, exchange } from './vertices.ts';

/** Vertices, and pairs of segments that meet, of a polygon that is repaired: what takes about a second. */
const MAX_REPAIRED_VERTICES = 5_000;
const MAX_REPAIRED_PAIRS = 2_000;

/** Notes polygons that cross themselves; repairs them where that is asked for. @returns whether one was repaired */
export function checkSelfIntersections(
  geometry: Geometry,
  scratch: Geometry,
  repair: boolean,
  notes: Set<FeatureProblem>,
): boolean {
  let crossing: Map<number, number> | undefined;
  for (let polygon = 0; polygon < geometry.polygons; polygon++) {
    const pairs = countSelfIntersections(geometry, polygon, repair ? MAX_REPAIRED_PAIRS : 1);
    if (pairs === 0) continue;
    if (pairs === undefined) {
      notes.add(NOTES.intersectionUnchecked);
      continue;
    }
    notes.add(NOTES.selfIntersection);
    (crossing ??= new Map()).set(polygon, pairs);
  }
  return repair && crossing !== undefined && repairPolygons(geometry, scratch, crossing, notes);
}

function repairPolygons(
  geometry: Geometry,
  scratch: Geometry,
  crossing: ReadonlyMap<number, number>,
  notes: Set<FeatureProblem>,
): boolean {
  const { lineEnds, polygonEnds } = geometry;
  scratch.begin(GEOMETRY_TYPES.multiPolygon);
  let repaired = false;
  for (let polygon = 0, ring = 0, vertex = 0; polygon < geometry.polygons; polygon++) {
    const end = lineEnds[polygonEnds[polygon]! - 1]!;
    const pairs = crossing.get(polygon) ?? 0;
    const isSmall = end - vertex <= MAX_REPAIRED_VERTICES && pairs < MAX_REPAIRED_PAIRS;
    if (pairs > 0 && isSmall && repairInto(geometry, polygon, scratch)) {
      notes.add(NOTES.repaired);
      repaired = true;
      ring = polygonEnds[polygon]!;
      vertex = end;
      continue;
    }
    if (pairs > 0) notes.add(NOTES.repairFailed);
    for (; ring < polygonEnds[polygon]!; ring++) {
      for (; vertex < lineEnds[ring]!; vertex++) addVertexOf(scratch, geometry, vertex);
      scratch.endLine();
    }
    scratch.endPolygon();
  }
  if (!repaired) return false;
  if (geometry.type === GEOMETRY_TYPES.polygon && scratch.polygons === 1) scratch.type = GEOMETRY_TYPES.polygon;
  exchange(geometry, scratch);
  return true;
}

/** Adds the parts of a polygon; nothing where a part, its corners being rounded, crosses itself again. */
function repairInto(geometry: Geometry, polygon: number, target: Geometry): boolean {
  const { vertices, lines, polygons } = target;
  if (!addRepaired(geometry, polygon, target)) return false;
  for (let part = polygons; part < target.polygons; part++) {
    if (countSelfIntersections(target, part, 1) === 0) continue;
    Object.assign(target, { vertices, lines, polygons });
    return false;
  }
  return true;
}
