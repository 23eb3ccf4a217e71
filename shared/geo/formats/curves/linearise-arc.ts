import type { Geometry } from '../../features/geometry.ts';
import { makeVertexRoom } from '../vertex-room.ts';

/**
 * Angle of one chord of a linearised arc, in radians: 4°, as GDAL takes by default. A chord then lies within 1/1,641 of the
 * radius (1 − cos 2°) of its arc, whatever the unit of the coordinates is.
 */
export const MAX_CHORD_ANGLE = (4 * Math.PI) / 180;

const FULL_TURN = 2 * Math.PI;
const DEGREE = Math.PI / 180;

/** Most chords of an arc. */
export const MAX_CHORDS = Math.ceil(FULL_TURN / MAX_CHORD_ANGLE);

/** Share of a chord by which an arc may be longer than whole chords: rounding. */
const CHORD_TOLERANCE = 1e-9;

/** Cross product of two sides, as a share of their lengths, from which on three points count as a line. */
const STRAIGHT = 1e-12;

/** A vertex of a curve; z and m are NaN where there are none. */
export interface CurvePoint {
  x: number;
  y: number;
  z: number;
  m: number;
}

interface Centre {
  x: number;
  y: number;
}

/**
 * Adds the vertices of the arc from `start` over `middle` to `end`, without `start` and with `end`. The three points
 * stay vertices, and an arc and its reverse give the same ones, so that neighbours keep their common boundary. An arc that
 * ends where it starts is a circle whose diameter leads to `middle`; one of three points on a line is that line.
 */
export function addArc(geometry: Geometry, start: CurvePoint, middle: CurvePoint, end: CurvePoint): void {
  const isClosed = isSame(start, end);
  const centre = isClosed ? centreBetween(start, middle) : centreOf(start, middle, end);
  if (centre === undefined) {
    addPoint(geometry, middle);
    addPoint(geometry, end);
    return;
  }
  const isClockwise = !isClosed && turnOf(start, middle, end) < 0;
  addHalf(geometry, start, middle, centre, isClockwise);
  addHalf(geometry, middle, end, centre, isClockwise);
}

/**
 * Adds the circle through three points, from the first one back to it.
 * @returns false when they are on a line, and nothing is added
 */
export function addCircle(geometry: Geometry, one: CurvePoint, two: CurvePoint, three: CurvePoint): boolean {
  const centre = isSame(one, three) ? undefined : centreOf(one, two, three);
  if (centre === undefined) return false;
  const sweep = turnOf(one, two, three) < 0 ? -FULL_TURN : FULL_TURN;
  addPoint(geometry, one);
  addChords(geometry, { centre, first: one, last: one, sweep }, false);
  addPoint(geometry, one);
  return true;
}

/** Adds an arc around a centre, from one angle to another, in degrees counter-clockwise from the x axis. */
export function addArcByCentre(
  geometry: Geometry,
  centre: CurvePoint,
  radius: number,
  startDegrees: number,
  endDegrees: number,
): void {
  const sweep = (endDegrees - startDegrees) * DEGREE;
  const at = (angle: number): CurvePoint => ({
    ...centre,
    x: centre.x + radius * Math.cos(angle),
    y: centre.y + radius * Math.sin(angle),
  });
  const first = at(startDegrees * DEGREE);
  const last = Math.abs(endDegrees - startDegrees) === 360 ? first : at(endDegrees * DEGREE);
  addPoint(geometry, first);
  addChords(geometry, { centre, first, last, sweep }, false);
  addPoint(geometry, last);
}

/** Adds one vertex; its height and measure count where the geometry has them. */
export function addPoint(geometry: Geometry, { x, y, z, m }: CurvePoint): void {
  makeVertexRoom(geometry, 1, geometry.hasZ, geometry.hasM);
  const index = geometry.vertices++;
  geometry.xy[2 * index] = x;
  geometry.xy[2 * index + 1] = y;
  if (geometry.hasZ) geometry.z[index] = z;
  if (geometry.hasM) geometry.m[index] = m;
}

const isSame = (a: CurvePoint, b: CurvePoint): boolean => a.x === b.x && a.y === b.y;
const isBefore = (a: CurvePoint, b: CurvePoint): boolean => a.x < b.x || (a.x === b.x && a.y < b.y);

/** Above 0 where the way over three points turns left. */
const turnOf = (a: CurvePoint, b: CurvePoint, c: CurvePoint): number =>
  (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

function centreBetween(a: CurvePoint, b: CurvePoint): Centre | undefined {
  return isSame(a, b) ? undefined : { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** Centre of the circle through three points; undefined when they are on a line. */
function centreOf(one: CurvePoint, middle: CurvePoint, three: CurvePoint): Centre | undefined {
  // From the same end in both directions, so that rounding is the same, too.
  const [start, end] = isBefore(three, one) ? [three, one] : [one, three];
  // From `start`, so that large coordinates cost no digits.
  const ax = middle.x - start.x;
  const ay = middle.y - start.y;
  const bx = end.x - start.x;
  const by = end.y - start.y;
  const cross = ax * by - ay * bx;
  const a = ax * ax + ay * ay;
  const b = bx * bx + by * by;
  if (!(Math.abs(cross) > STRAIGHT * Math.sqrt(a * b))) return undefined;
  const x = start.x + (by * a - ay * b) / (2 * cross);
  const y = start.y + (ax * b - bx * a) / (2 * cross);
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : undefined;
}

/** The part of an arc between two of its three points, with the second. It is always cut from the lesser of them. */
function addHalf(geometry: Geometry, from: CurvePoint, to: CurvePoint, centre: Centre, isClockwise: boolean): void {
  const isReversed = isBefore(to, from);
  const first = isReversed ? to : from;
  const last = isReversed ? from : to;
  let sweep = angleOf(centre, last) - angleOf(centre, first);
  if (isClockwise !== isReversed) sweep = sweep > 0 ? sweep - FULL_TURN : sweep;
  else sweep = sweep < 0 ? sweep + FULL_TURN : sweep;
  addChords(geometry, { centre, first, last, sweep }, isReversed);
  addPoint(geometry, to);
}

interface Sweep {
  centre: Centre;
  first: CurvePoint;
  last: CurvePoint;
  /** Radians from the first to the last point, counter-clockwise. */
  sweep: number;
}

/** Adds the vertices between two points of a circle; heights and measures go evenly from the one's to the other's. */
function addChords(geometry: Geometry, { centre, first, last, sweep }: Sweep, isReversed: boolean): void {
  const start = angleOf(centre, first);
  const radius = Math.hypot(first.x - centre.x, first.y - centre.y);
  const chords = Math.min(MAX_CHORDS, Math.ceil(Math.abs(sweep) / MAX_CHORD_ANGLE - CHORD_TOLERANCE));
  for (let step = 1; step < chords; step++) {
    const share = (isReversed ? chords - step : step) / chords;
    const angle = start + sweep * share;
    addPoint(geometry, {
      x: centre.x + radius * Math.cos(angle),
      y: centre.y + radius * Math.sin(angle),
      z: first.z + (last.z - first.z) * share,
      m: first.m + (last.m - first.m) * share,
    });
  }
}

const angleOf = (centre: Centre, point: CurvePoint): number => Math.atan2(point.y - centre.y, point.x - centre.x);
