import { orient } from './orient.ts';

/**
 * Whether two segments a → b and c → d of one polygon meet otherwise than they may: they cross, run along each other, or,
 * being of one ring, touch. Consecutive segments, and rings that touch at a point, may meet at their ends.
 * @param sameRing whether both are of one ring
 * @param joined whether the second begins where the first ends, as the next of its ring
 */
export function segmentsTouch(
  xy: Float64Array,
  first: number,
  second: number,
  sameRing: boolean,
  joined: boolean,
): boolean {
  const ax = xy[2 * first]!;
  const ay = xy[2 * first + 1]!;
  const bx = xy[2 * first + 2]!;
  const by = xy[2 * first + 3]!;
  const cx = xy[2 * second]!;
  const cy = xy[2 * second + 1]!;
  const dx = xy[2 * second + 2]!;
  const dy = xy[2 * second + 3]!;
  const d = orient(ax, ay, bx, by, dx, dy);
  // They have a corner in common: more only when they lie on one line.
  if (joined && d !== 0 && bx === cx && by === cy) return false;
  const c = orient(ax, ay, bx, by, cx, cy);
  if ((c > 0 && d > 0) || (c < 0 && d < 0)) return false;
  const a = orient(cx, cy, dx, dy, ax, ay);
  const b = orient(cx, cy, dx, dy, bx, by);
  if ((a > 0 && b > 0) || (a < 0 && b < 0)) return false;
  if (c === 0 && d === 0) return shareLength(ax, ay, bx, by, cx, cy, dx, dy, sameRing && !joined);
  // They meet at one point, at which two segments that follow each other may.
  if (joined) return false;
  return sameRing || (a !== 0 && b !== 0 && c !== 0 && d !== 0);
}

/** Whether two segments of one line have more than a point in common, or a point where that is enough. */
function shareLength(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
  pointIsEnough: boolean,
): boolean {
  const alongX = Math.abs(bx - ax) >= Math.abs(by - ay);
  const [a, b, c, d] = alongX ? [ax, bx, cx, dx] : [ay, by, cy, dy];
  const from = Math.max(Math.min(a, b), Math.min(c, d));
  const to = Math.min(Math.max(a, b), Math.max(c, d));
  return pointIsEnough ? from <= to : from < to;
}
