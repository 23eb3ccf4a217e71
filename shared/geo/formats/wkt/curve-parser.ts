import { GEOMETRY_TYPES, Geometry } from '../../features/geometry.ts';
import { joinArcs, joinLine, makesArcs } from '../curves/join-segment.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { tooManyVertices } from '../text/geometry-defects.ts';
import { MAX_VERTICES } from '../text/limits.ts';
import type { PositionParser } from './position-parser.ts';
import type { WktScanner } from './wkt-scanner.ts';

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
    if (type === 'CIRCULARSTRING') addArcs(points, geometry, start);
    else joinLine(points, geometry, start);
    return end;
  }
}

function addArcs(points: Geometry, geometry: Geometry, start: number): void {
  if (!makesArcs(points.vertices)) {
    const reason = `A circular string has ${points.vertices} positions; arcs take an odd number, three or more.`;
    throw new FeatureDefect('wkt-arc-incomplete', reason);
  }
  if (!joinArcs(points, geometry, start, MAX_VERTICES)) throw tooManyVertices();
}

function unknownCurve(): FeatureDefect {
  return new FeatureDefect('wkt-type-unknown', 'A part of a curve is neither a line nor a circular string.');
}
