import type { FeatureProblem } from '../../features/feature-sink.ts';
import { GEOMETRY_TYPES, type Geometry } from '../../features/geometry.ts';
import { tooManyRings } from './errors.ts';
import { isRingWithin } from './ring-within.ts';

/** Pairs of rings of one polygon whose boxes are compared: some tenths of a second. */
const MAX_PAIRS = 100_000_000;

/** Vertices that are looked at to tell which ring of one polygon lies within which: some tenths of a second. */
const MAX_VERTEX_STEPS = 100_000_000;

const WINDING: FeatureProblem = {
  code: 'shapefile-ring-winding',
  reason: 'A ring is wound against the standard of shapefiles; what it lies within told an outer ring from a hole.',
};

interface Ring {
  /** First vertex, and the one behind the last. */
  first: number;
  end: number;
  /** Twice the area; below 0 where it runs clockwise. */
  area: number;
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  /** The smallest ring that it lies within. */
  parent: Ring | undefined;
  /** Rings that it lies within. */
  depth: number;
}

/**
 * Sorts the rings of a shape into polygons. A ring within an even number of others is an outer ring, one within an odd
 * number a hole of the smallest; shapefiles say the same by winding (outer rings clockwise), which is not to be relied
 * on: rings that are wound otherwise are noted. Rings are moved only where a hole does not follow its outer ring.
 */
export class RingGrouper {
  readonly #note: (problem: FeatureProblem) => void;

  constructor(note: (problem: FeatureProblem) => void) {
    this.#note = note;
  }

  /**
   * Makes one or more polygons of the lines of a geometry; with more than one it becomes a MultiPolygon.
   * @throws FeatureError `shapefile-too-many-rings`
   */
  group(geometry: Geometry): void {
    if (geometry.lines === 0) return;
    if (geometry.lines === 1) {
      if (signedArea(geometry.xy, 0, geometry.vertices) > 0) this.#note(WINDING);
      geometry.endPolygon();
      return;
    }
    const rings = ringsOf(geometry);
    nest(geometry, rings);
    if (rings.some(({ area, depth }) => (depth % 2 === 0 ? area > 0 : area < 0))) this.#note(WINDING);
    const order = inOrder(rings);
    const isMoved = order.some((ring, index) => ring !== rings[index]);
    if (isMoved) move(geometry, order);
    endPolygons(geometry, order);
    if (geometry.polygons > 1) geometry.type = GEOMETRY_TYPES.multiPolygon;
  }
}

/** Twice the area of a ring, from its first vertex, so that large coordinates cost no digits. */
function signedArea(xy: Float64Array, first: number, end: number): number {
  const x0 = xy[2 * first]!;
  const y0 = xy[2 * first + 1]!;
  let area = 0;
  let x1 = 0;
  let y1 = 0;
  for (let index = 2 * first + 2; index < 2 * end; index += 2) {
    const x2 = xy[index]! - x0;
    const y2 = xy[index + 1]! - y0;
    area += x1 * y2 - x2 * y1;
    x1 = x2;
    y1 = y2;
  }
  return area;
}

function ringsOf({ xy, lines, lineEnds }: Geometry): Ring[] {
  return Array.from({ length: lines }, (_, line) => {
    const first = line === 0 ? 0 : lineEnds[line - 1]!;
    const end = lineEnds[line]!;
    const ring: Ring = {
      ...{ first, end, area: signedArea(xy, first, end), parent: undefined, depth: 0 },
      ...{ minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity },
    };
    for (let index = 2 * first; index < 2 * end; index += 2) {
      const x = xy[index]!;
      const y = xy[index + 1]!;
      if (x < ring.minX) ring.minX = x;
      if (x > ring.maxX) ring.maxX = x;
      if (y < ring.minY) ring.minY = y;
      if (y > ring.maxY) ring.maxY = y;
    }
    return ring;
  });
}

/**
 * Finds what each ring lies within, from left to right: only rings that reach as far as the left side of a ring can hold
 * it.
 */
function nest({ xy }: Geometry, rings: readonly Ring[]): void {
  const budget = { pairs: MAX_PAIRS, steps: MAX_VERTEX_STEPS };
  const open: Ring[] = [];
  for (const ring of rings.toSorted(fromLeft)) {
    const holders = holdersOf(ring, open, budget);
    ring.parent = smallestHolder(xy, ring, holders, budget);
    if (budget.pairs < 0 || budget.steps < 0) throw tooManyRings(rings.length);
    open.push(ring);
  }
  for (const ring of rings.toSorted(bySize).reverse())
    ring.depth = ring.parent === undefined ? 0 : ring.parent.depth + 1;
}

const bySize = (a: Ring, b: Ring): number => Math.abs(a.area) - Math.abs(b.area);

/** Of rings with the same left side, what may hold the others comes first. */
const fromLeft = (a: Ring, b: Ring): number => a.minX - b.minX || b.maxX - a.maxX || bySize(b, a);

/** Rings whose box holds that of a ring; those that end before it are taken out of `open`. */
function holdersOf(ring: Ring, open: Ring[], budget: { pairs: number }): Ring[] {
  const holders: Ring[] = [];
  budget.pairs -= open.length;
  let kept = 0;
  for (const candidate of open) {
    if (candidate.maxX < ring.minX) continue;
    open[kept++] = candidate;
    const isHolder = candidate.maxX >= ring.maxX && candidate.minY <= ring.minY && candidate.maxY >= ring.maxY;
    if (isHolder && Math.abs(candidate.area) >= Math.abs(ring.area)) holders.push(candidate);
  }
  open.length = kept;
  return holders;
}

/** The smallest of some rings that a ring lies within: most often the smallest of all. */
function smallestHolder(
  xy: Float64Array,
  ring: Ring,
  holders: Ring[],
  budget: { pairs: number; steps: number },
): Ring | undefined {
  while (holders.length > 0 && budget.pairs >= 0) {
    budget.pairs -= holders.length;
    let smallest = 0;
    for (let index = 1; index < holders.length; index++) {
      if (bySize(holders[index]!, holders[smallest]!) < 0) smallest = index;
    }
    const holder = holders[smallest]!;
    if (lies(xy, ring, holder, budget)) return holder;
    holders[smallest] = holders.at(-1)!;
    holders.pop();
  }
  return undefined;
}

/** A ring that has every vertex on another is within it when it is wound the other way: a hole, not a duplicate. */
function lies(xy: Float64Array, ring: Ring, candidate: Ring, budget: { steps: number }): boolean {
  return isRingWithin(xy, ring, candidate, budget) ?? ring.area < 0 !== candidate.area < 0;
}

/** Outer rings in the order of the shape, each followed by its holes. */
function inOrder(rings: readonly Ring[]): Ring[] {
  const holes = new Map<Ring, Ring[]>();
  for (const ring of rings) {
    if (ring.depth % 2 === 0) holes.set(ring, []);
  }
  for (const ring of rings) {
    if (ring.depth % 2 === 1) holes.get(ring.parent!)!.push(ring);
  }
  return [...holes].flatMap(([outer, inner]) => [outer, ...inner]);
}

function move(geometry: Geometry, order: readonly Ring[]): void {
  const xy = geometry.xy.slice(0, 2 * geometry.vertices);
  const z = geometry.hasZ ? geometry.z.slice(0, geometry.vertices) : undefined;
  const m = geometry.hasM ? geometry.m.slice(0, geometry.vertices) : undefined;
  let target = 0;
  order.forEach(({ first, end }, line) => {
    geometry.xy.set(xy.subarray(2 * first, 2 * end), 2 * target);
    if (z !== undefined) geometry.z.set(z.subarray(first, end), target);
    if (m !== undefined) geometry.m.set(m.subarray(first, end), target);
    target += end - first;
    geometry.lineEnds[line] = target;
  });
}

/** Ends a polygon before each outer ring but the first, and at the end. */
function endPolygons(geometry: Geometry, order: readonly Ring[]): void {
  const { lines } = geometry;
  for (let line = 1; line <= lines; line++) {
    if (line < lines && order[line]!.depth % 2 === 1) continue;
    geometry.lines = line;
    geometry.endPolygon();
  }
}
