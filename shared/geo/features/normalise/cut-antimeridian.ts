import type { FeatureProblem } from '../feature-sink.ts';
import { GEOMETRY_TYPES, type Geometry } from '../geometry.ts';
import { cutPolygons } from './cut-polygons.ts';
import { between, turnsOf, wrapVertices } from './longitudes.ts';
import { NOTES } from './problems.ts';
import { ROUNDING_DEGREES } from './scan-geometry.ts';
import { addVertexOf, exchange } from './vertices.ts';

/**
 * Brings longitudes beyond ±180 degrees back and cuts what crosses the antimeridian (RFC 7946, 3.1.9). A step along a line
 * of more than half a turn crosses it the short way; one of a full turn is an edge round the whole world. Polygons become
 * MultiPolygons and lines MultiLineStrings where more than one part is left.
 * @param scratch for geometries on the way, which are exchanged with it
 */
export function cutAntimeridian(geometry: Geometry, scratch: Geometry, notes: Set<FeatureProblem>): void {
  roundOff(geometry);
  switch (geometry.type) {
    case GEOMETRY_TYPES.point:
    case GEOMETRY_TYPES.multiPoint:
      wrapVertices(geometry, 0, geometry.vertices, notes);
      return;
    case GEOMETRY_TYPES.lineString:
    case GEOMETRY_TYPES.multiLineString:
      scratch.begin(GEOMETRY_TYPES.multiLineString);
      for (let line = 0, start = 0; line < geometry.lines; start = geometry.lineEnds[line++]!) {
        cutLine(geometry, start, geometry.lineEnds[line]!, scratch, notes);
      }
      if (geometry.type === GEOMETRY_TYPES.lineString && scratch.lines <= 1) scratch.type = geometry.type;
      exchange(geometry, scratch);
      return;
    case GEOMETRY_TYPES.polygon:
    case GEOMETRY_TYPES.multiPolygon:
      cutPolygons(geometry, scratch, notes);
      return;
    default:
      return;
  }
}

/** Cuts off what rounding has put behind the ends of longitude and latitude. */
function roundOff({ xy, vertices }: Geometry): void {
  for (let at = 0; at < 2 * vertices; at += 2) {
    const [x, y] = [Math.abs(xy[at]!), Math.abs(xy[at + 1]!)];
    if (x > 180 && x <= 180 + ROUNDING_DEGREES) xy[at] = Math.sign(xy[at]!) * 180;
    if (y > 90) xy[at + 1] = Math.sign(xy[at + 1]!) * 90;
  }
}

/** Adds a line cut into its parts, each between −180 and 180 degrees. */
function cutLine(geometry: Geometry, start: number, end: number, target: Geometry, notes: Set<FeatureProblem>): void {
  const { xy } = geometry;
  // Longitudes made continuous are those of the source plus `shift`; the part that is being written lies `turn` turns on.
  let shift = 0;
  let turn = turnOf(xy[2 * start]!);
  add(start);
  for (let vertex = start + 1; vertex < end; vertex++) {
    const from = xy[2 * vertex - 2]! + shift;
    shift -= 360 * turnsOf(xy[2 * vertex]! - xy[2 * vertex - 2]!);
    const to = xy[2 * vertex]! + shift;
    while (Math.abs(to - 360 * turn) > 180) {
      const next = turn + Math.sign(to - 360 * turn);
      const edge = 180 * (turn + next);
      const share = (edge - from) / (to - from);
      cross(vertex, share, edge - 360 * turn);
      target.endLine();
      turn = next;
      cross(vertex, share, edge - 360 * turn);
      notes.add(NOTES.antimeridianCut);
    }
    add(vertex);
  }
  target.endLine();

  function add(vertex: number): void {
    addVertexOf(target, geometry, vertex);
    const moved = shift - 360 * turn;
    if (moved === 0) return;
    target.xy[2 * target.vertices - 2] = xy[2 * vertex]! + moved;
    notes.add(NOTES.longitudeWrapped);
  }

  /** Adds the position at which the step to a vertex crosses the edge of the world; nothing where it stands already. */
  function cross(vertex: number, share: number, x: number): void {
    const y = xy[2 * vertex - 1]! + share * (xy[2 * vertex + 1]! - xy[2 * vertex - 1]!);
    const last = target.vertices - 1;
    const isThere = last >= lineStart(target) && target.xy[2 * last] === x && target.xy[2 * last + 1] === y;
    if (isThere) return;
    target.addVertex(x, y);
    if (geometry.hasZ) target.setZ(between(geometry.z, vertex, share));
    if (geometry.hasM) target.setM(between(geometry.m, vertex, share));
  }
}

/** Which turn a longitude is in: 0 from −180 to 180 degrees. */
const turnOf = (x: number): number => (Math.abs(x) <= 180 ? 0 : Math.round(x / 360));

const lineStart = ({ lines, lineEnds }: Geometry): number => (lines === 0 ? 0 : lineEnds[lines - 1]!);
