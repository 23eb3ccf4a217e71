import type { PositionList } from './position-list.ts';

/**
 * Largest angle between two vertices of an arc that was made linear, in degrees, as GDAL has it by default: chords stay
 * within 0.061 % of the radius of their arc.
 */
export const ARC_STEP_DEGREES = 4;

const STEP = (ARC_STEP_DEGREES * Math.PI) / 180;
const TURN = 2 * Math.PI;
/** Cross product of two sides, as a share of their lengths, from which on three points count as a line. */
const STRAIGHT = 1e-12;

type Point = readonly [x: number, y: number, z: number];

/**
 * Adds the arc from the first through the second to the third point, each of them as it is; on one line they are joined
 * straight.
 */
export function addArc(target: PositionList, from: Point, through: Point, to: Point): void {
  const centre = centreOf(from, through, to);
  if (centre === undefined) {
    for (const point of [from, through, to]) target.add(...point);
    return;
  }
  const [first, middle, last] = [from, through, to].map((point) => angleOf(centre, point)) as [number, number, number];
  const isCounterClockwise = positive(middle - first) <= positive(last - first);
  const sweep = (end: number, start: number): number =>
    isCounterClockwise ? positive(end - start) : -positive(start - end);
  target.add(...from);
  addBetween(target, centre, from, through, first, sweep(middle, first));
  target.add(...through);
  addBetween(target, centre, through, to, middle, sweep(last, middle));
  target.add(...to);
}

/** Adds the circle through three points, closed at the first. */
export function addCircle(target: PositionList, one: Point, two: Point, three: Point): boolean {
  const centre = centreOf(one, two, three);
  if (centre === undefined) return false;
  const start = angleOf(centre, one);
  const isCounterClockwise = positive(angleOf(centre, two) - start) <= positive(angleOf(centre, three) - start);
  target.add(...one);
  addBetween(target, centre, one, one, start, isCounterClockwise ? TURN : -TURN);
  target.add(...one);
  return true;
}

/** Adds an arc around a centre, from one angle to another in degrees counter-clockwise from the x axis. */
export function addArcByCentre(target: PositionList, centre: Point, radius: number, start: number, end: number): void {
  const first = (start * Math.PI) / 180;
  const sweep = ((end - start) * Math.PI) / 180;
  const at = (angle: number): Point => [
    centre[0] + radius * Math.cos(angle),
    centre[1] + radius * Math.sin(angle),
    centre[2],
  ];
  const from = at(first);
  const isClosed = Math.abs(Math.abs(sweep) - TURN) < 1e-12;
  const to = isClosed ? from : at(first + sweep);
  target.add(...from);
  addBetween(target, centre, from, to, first, sweep);
  target.add(...to);
}

/** Adds the vertices between two points of a circle; heights go evenly from the one's to the other's. */
function addBetween(
  target: PositionList,
  centre: readonly [number, number, ...unknown[]],
  from: Point,
  to: Point,
  start: number,
  sweep: number,
): void {
  const radius = Math.hypot(from[0] - centre[0], from[1] - centre[1]);
  const steps = Math.ceil(Math.abs(sweep) / STEP - 1e-9);
  for (let step = 1; step < steps; step++) {
    const angle = start + (sweep * step) / steps;
    const z = from[2] + ((to[2] - from[2]) * step) / steps;
    target.add(centre[0] + radius * Math.cos(angle), centre[1] + radius * Math.sin(angle), z);
  }
}

/** Centre of the circle through three points; undefined when they are on a line. */
function centreOf(one: Point, two: Point, three: Point): [number, number] | undefined {
  // Relative to the first point: large coordinates lose no digits.
  const bx = two[0] - one[0];
  const by = two[1] - one[1];
  const cx = three[0] - one[0];
  const cy = three[1] - one[1];
  const cross = bx * cy - by * cx;
  const b = bx * bx + by * by;
  const c = cx * cx + cy * cy;
  if (!(Math.abs(cross) > STRAIGHT * Math.sqrt(b * c))) return undefined;
  return [one[0] + (cy * b - by * c) / (2 * cross), one[1] + (bx * c - cx * b) / (2 * cross)];
}

const angleOf = (centre: readonly [number, number], point: Point): number =>
  Math.atan2(point[1] - centre[1], point[0] - centre[0]);

/** The same angle from 0 to a turn. */
const positive = (angle: number): number => ((angle % TURN) + TURN) % TURN;
