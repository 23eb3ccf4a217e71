import { orient } from './orient.ts';

/** The least ring is a triangle, whose first vertex is there again at the end. */
const MIN_VERTICES = 4;

/**
 * Whether a closed ring is star-shaped about the mean of its vertices: whether all of the ring can be seen from there, so that
 * the point lies in its kernel. Such a ring is simple. A ring may have a kernel elsewhere, which is not looked for; that of a
 * convex ring always holds the mean.
 *
 * Where the point lies strictly on the same side of every edge, the ring turns about it one way only. Where a single edge then
 * goes up past its height, it turns once: each ray from the point meets the ring once. The sides are exact (`orient`), and this
 * holds of any point, so that the mean may be rounded.
 * @param start the first vertex of the ring
 * @param end the vertex behind its last one
 */
export function isStarShapedAboutMean(xy: Float64Array, start: number, end: number): boolean {
  if (end - start < MIN_VERTICES) return false;
  const first = 2 * start;
  const last = 2 * (end - 1);
  let ax = xy[first]!;
  let ay = xy[first + 1]!;
  if (ax !== xy[last] || ay !== xy[last + 1]) return false;
  let x = 0;
  let y = 0;
  for (let at = first; at < last; at += 2) {
    x += xy[at]!;
    y += xy[at + 1]!;
  }
  x /= end - 1 - start;
  y /= end - 1 - start;
  if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
  const sign = orient(ax, ay, xy[first + 2]!, xy[first + 3]!, x, y) > 0 ? 1 : -1;
  let turns = 0;
  for (let at = first + 2; at <= last; at += 2) {
    const bx = xy[at]!;
    const by = xy[at + 1]!;
    if (sign * orient(ax, ay, bx, by, x, y) <= 0) return false;
    if (ay <= y && by > y && ++turns > 1) return false;
    ax = bx;
    ay = by;
  }
  return true;
}
