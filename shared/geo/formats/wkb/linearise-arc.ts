import type { Geometry } from '../../features/geometry.ts';
import { makeVertexRoom } from '../vertex-room.ts';

/**
 * Angle of one chord of a linearised arc, in radians: 4°, as GDAL takes by default. A chord then lies within 1/1,641 of the
 * radius (1 − cos 2°) of its arc, whatever the unit of the coordinates is.
 */
export const MAX_CHORD_ANGLE = (4 * Math.PI) / 180;

/** Most chords of one half of an arc, which is less than a full circle. */
export const MAX_CHORDS = Math.ceil((2 * Math.PI) / MAX_CHORD_ANGLE);

/** A vertex of a curve; z and m are NaN where there are none. */
export interface CurvePoint {
  x: number;
  y: number;
  z: number;
  m: number;
}

/**
 * Adds the vertices of the arc from `start` over `middle` to `end`, without `start` and with `end`. The three points
 * stay vertices, and an arc and its reverse give the same ones, so that neighbours keep their common boundary. An arc that
 * ends where it starts is a circle whose diameter leads to `middle`; one of three points on a line is that line.
 */
export function addArc(geometry: Geometry, start: CurvePoint, middle: CurvePoint, end: CurvePoint): void {
  // From the same end in both directions, so that rounding is the same, too.
  const centre = isBefore(end, start) ? centreOf(end, middle, start) : centreOf(start, middle, end);
  if (centre === undefined) {
    addPoint(geometry, middle);
    addPoint(geometry, end);
    return;
  }
  const isClosed = start.x === end.x && start.y === end.y;
  const turn = (middle.x - start.x) * (end.y - start.y) - (middle.y - start.y) * (end.x - start.x);
  const isClockwise = !isClosed && turn < 0;
  addHalf(geometry, start, middle, centre, isClockwise);
  addHalf(geometry, middle, end, centre, isClockwise);
}

const isBefore = (a: CurvePoint, b: CurvePoint): boolean => a.x < b.x || (a.x === b.x && a.y < b.y);

interface Centre {
  x: number;
  y: number;
}

function centreOf(start: CurvePoint, middle: CurvePoint, end: CurvePoint): Centre | undefined {
  if (start.x === end.x && start.y === end.y) {
    if (start.x === middle.x && start.y === middle.y) return undefined;
    return { x: (start.x + middle.x) / 2, y: (start.y + middle.y) / 2 };
  }
  // From `start`, so that large coordinates cost no digits.
  const ax = middle.x - start.x;
  const ay = middle.y - start.y;
  const bx = end.x - start.x;
  const by = end.y - start.y;
  const area = 2 * (ax * by - ay * bx);
  const a = ax * ax + ay * ay;
  const b = bx * bx + by * by;
  const x = start.x + (by * a - ay * b) / area;
  const y = start.y + (ax * b - bx * a) / area;
  return Number.isFinite(x) && Number.isFinite(y) ? { x, y } : undefined;
}

/** The part of an arc between two of its three points. It is always cut from the lesser of them. */
function addHalf(geometry: Geometry, from: CurvePoint, to: CurvePoint, centre: Centre, isClockwise: boolean): void {
  const isReversed = isBefore(to, from);
  const first = isReversed ? to : from;
  const last = isReversed ? from : to;
  const startAngle = Math.atan2(first.y - centre.y, first.x - centre.x);
  let sweep = Math.atan2(last.y - centre.y, last.x - centre.x) - startAngle;
  const fullTurn = 2 * Math.PI;
  if (isClockwise !== isReversed) sweep = sweep > 0 ? sweep - fullTurn : sweep;
  else sweep = sweep < 0 ? sweep + fullTurn : sweep;
  const radius = Math.hypot(first.x - centre.x, first.y - centre.y);
  const chords = Math.min(MAX_CHORDS, Math.ceil(Math.abs(sweep) / MAX_CHORD_ANGLE));
  for (let step = 1; step < chords; step++) {
    const share = (isReversed ? chords - step : step) / chords;
    const angle = startAngle + sweep * share;
    addPoint(geometry, {
      x: centre.x + radius * Math.cos(angle),
      y: centre.y + radius * Math.sin(angle),
      z: first.z + (last.z - first.z) * share,
      m: first.m + (last.m - first.m) * share,
    });
  }
  addPoint(geometry, to);
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
