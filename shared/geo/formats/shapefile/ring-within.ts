/** Vertices of a ring: `first` to `end` − 1. */
interface VertexRange {
  first: number;
  end: number;
}

/**
 * Whether a ring lies within another, by the first of its vertices that is not on the boundary of the other; undefined
 * when all are.
 * @param budget vertices that may be looked at: each one is counted, below 0 nothing is looked at any more
 */
export function isRingWithin(
  xy: Float64Array,
  inner: VertexRange,
  outer: VertexRange,
  budget: { steps: number },
): boolean | undefined {
  for (let vertex = inner.first; vertex < inner.end && budget.steps >= 0; vertex++) {
    budget.steps -= outer.end - outer.first;
    const side = sideOf(xy, xy[2 * vertex]!, xy[2 * vertex + 1]!, outer);
    if (side !== 0) return side > 0;
  }
  return undefined;
}

/** 1 inside of a ring, −1 outside of it, 0 on its boundary. An open ring is closed. */
function sideOf(xy: Float64Array, x: number, y: number, { first, end }: VertexRange): -1 | 0 | 1 {
  let isInside = false;
  let x1 = xy[2 * end - 2]!;
  let y1 = xy[2 * end - 1]!;
  for (let index = 2 * first; index < 2 * end; index += 2) {
    const x2 = xy[index]!;
    const y2 = xy[index + 1]!;
    const turn = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1);
    if (turn === 0 && isBetween(x, x1, x2) && isBetween(y, y1, y2)) return 0;
    if (y1 > y !== y2 > y && turn > 0 === y2 > y1) isInside = !isInside;
    x1 = x2;
    y1 = y2;
  }
  return isInside ? 1 : -1;
}

const isBetween = (value: number, a: number, b: number): boolean =>
  (value >= a && value <= b) || (value <= a && value >= b);
