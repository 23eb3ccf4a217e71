import { GEOMETRY_TYPES, Geometry } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { tooManyVertices } from '../text/geometry-defects.ts';
import { MAX_VERTICES } from '../text/limits.ts';
import { makeVertexRoom } from '../vertex-room.ts';
import { addArc, addPoint, type CurvePoint } from '../wkb/linearise-arc.ts';
import type { PositionParser } from './position-parser.ts';
import type { WktScanner } from './wkt-scanner.ts';

/** Positions of an arc: where it starts, one on it, and where it ends, which is where the next one starts. */
const LEAST_OF_ARC = 3;

/** Reads the curves of well-known text (ISO/IEC 13249-3), and makes them linear. */
export class CurveParser {
  readonly #scanner: WktScanner;
  readonly #positions: PositionParser;
  /** The positions of one segment. */
  readonly #points = new Geometry();

  constructor(scanner: WktScanner, positions: PositionParser) {
    this.#scanner = scanner;
    this.#positions = positions;
  }

  /**
   * Adds the vertices of a curve of this type, which `at` is behind; one without positions adds none.
   * @param start vertices of the geometry before the curve
   * @throws FeatureDefect
   */
  parse(type: string, at: number, geometry: Geometry, start: number): number {
    const empty = this.#scanner.empty(at);
    if (empty !== undefined) return empty;
    if (type === 'COMPOUNDCURVE') {
      return this.#scanner.list(at, (segment) => {
        if (this.#scanner.isOpen(segment)) return this.parse('LINESTRING', segment, geometry, start);
        const { name, end } = this.#scanner.head(segment);
        if (name !== 'LINESTRING' && name !== 'CIRCULARSTRING') throw unknownCurve();
        return this.parse(name, end, geometry, start);
      });
    }
    const points = this.#points;
    points.begin(GEOMETRY_TYPES.lineString);
    const end = this.#positions.positions(at, points);
    makeVertexRoom(geometry, points.vertices, points.hasZ, points.hasM);
    if (type === 'CIRCULARSTRING') addArcs(points, geometry, start);
    else addStraight(points, geometry, start);
    return end;
  }
}

/** A segment begins where the one before it ends: that vertex is there already. */
function addStraight(points: Geometry, geometry: Geometry, start: number): void {
  const isJoined = geometry.vertices > start && isLastVertex(geometry, pointOf(points, 0));
  for (let index = isJoined ? 1 : 0; index < points.vertices; index++) addPoint(geometry, pointOf(points, index));
}

function addArcs(points: Geometry, geometry: Geometry, start: number): void {
  const count = points.vertices;
  if (count < LEAST_OF_ARC || count % 2 === 0) {
    const reason = `A circular string has ${count} positions; arcs take an odd number, three or more.`;
    throw new FeatureDefect('wkt-arc-incomplete', reason);
  }
  let from = pointOf(points, 0);
  if (geometry.vertices === start || !isLastVertex(geometry, from)) addPoint(geometry, from);
  for (let index = 1; index < count; index += 2) {
    const to = pointOf(points, index + 1);
    addArc(geometry, from, pointOf(points, index), to);
    if (geometry.vertices > MAX_VERTICES) throw tooManyVertices();
    from = to;
  }
}

function isLastVertex({ xy, vertices }: Geometry, { x, y }: CurvePoint): boolean {
  return xy[2 * vertices - 2] === x && xy[2 * vertices - 1] === y;
}

function pointOf({ xy, z, m, hasZ, hasM }: Geometry, index: number): CurvePoint {
  return { x: xy[2 * index]!, y: xy[2 * index + 1]!, z: hasZ ? z[index]! : NaN, m: hasM ? m[index]! : NaN };
}

function unknownCurve(): FeatureDefect {
  return new FeatureDefect('wkt-type-unknown', 'A part of a curve is neither a line nor a circular string.');
}
