import type { Geometry } from '../geometry.ts';
import { isStarShapedAboutMean } from './is-star-shaped-about-mean.ts';
import { createSegmentGrid } from './segment-grid.ts';
import { segmentsTouch } from './segments-touch.ts';

/** Up to so many segments each is compared with each: 2,016 pairs. */
const MAX_PAIRWISE = 64;

/** Segments of one polygon that are searched: the index of more would take 40 MiB. */
const MAX_SEGMENTS = 1024 * 1024;

/** Comparisons for one polygon: about half a second. */
const MAX_COMPARISONS = 64 * 1024 * 1024;

/**
 * Counts the pairs of segments of a polygon that meet where they may not, up to `most`. A polygon of one ring, as most are, is
 * tried in linear time first: with holes that would not do, as it says nothing of how rings lie to each other.
 * @returns undefined when the polygon is too large to be searched
 */
export function countSelfIntersections(geometry: Geometry, polygon: number, most: number): number | undefined {
  const { lineEnds, polygonEnds } = geometry;
  const firstRing = polygon === 0 ? 0 : polygonEnds[polygon - 1]!;
  const start = firstRing === 0 ? 0 : lineEnds[firstRing - 1]!;
  const end = lineEnds[polygonEnds[polygon]! - 1]!;
  const segments = end - start - (polygonEnds[polygon]! - firstRing);
  if (segments > MAX_SEGMENTS) return undefined;
  const isAlone = polygonEnds[polygon]! - firstRing === 1;
  if (isAlone && isStarShapedAboutMean(geometry.xy, start, end)) return 0;
  if (segments <= MAX_PAIRWISE) return countPairwise(geometry, firstRing, polygonEnds[polygon]!, most);
  return countByGrid(geometry, firstRing, polygonEnds[polygon]!, most);
}

function countPairwise(geometry: Geometry, firstRing: number, ringsEnd: number, most: number): number {
  const { xy, lineEnds } = geometry;
  let count = 0;
  for (let ring = firstRing; ring < ringsEnd; ring++) {
    const start = ring === 0 ? 0 : lineEnds[ring - 1]!;
    const last = lineEnds[ring]! - 2;
    for (let a = start; a <= last; a++) {
      const ax = xy[2 * a]!;
      const ay = xy[2 * a + 1]!;
      const bx = xy[2 * a + 2]!;
      const by = xy[2 * a + 3]!;
      const minX = ax < bx ? ax : bx;
      const maxX = ax < bx ? bx : ax;
      const minY = ay < by ? ay : by;
      const maxY = ay < by ? by : ay;
      // The segments behind it: of this ring, then of the rings that follow.
      for (let other = ring, b = a + 1; other < ringsEnd; other++, b++) {
        for (const otherEnd = lineEnds[other]! - 1; b < otherEnd; b++) {
          const cx = xy[2 * b]!;
          const dx = xy[2 * b + 2]!;
          if ((cx < minX && dx < minX) || (cx > maxX && dx > maxX)) continue;
          const cy = xy[2 * b + 1]!;
          const dy = xy[2 * b + 3]!;
          if ((cy < minY && dy < minY) || (cy > maxY && dy > maxY)) continue;
          const joined = other === ring && (b === a + 1 || (a === start && b === last));
          if (segmentsTouch(xy, a, b, other === ring, joined) && ++count >= most) return count;
        }
      }
    }
  }
  return count;
}

function countByGrid(geometry: Geometry, firstRing: number, ringsEnd: number, most: number): number | undefined {
  const { xy } = geometry;
  const grid = createSegmentGrid(geometry, firstRing, ringsEnd);
  if (grid === undefined || grid.comparisons > MAX_COMPARISONS) return undefined;
  const { cellStarts, entries, segments, ringOf, ringStart, ringLast } = grid;
  let count = 0;
  for (let cell = 0; cell + 1 < cellStarts.length; cell++) {
    const cellEnd = cellStarts[cell + 1]!;
    for (let i = cellStarts[cell]!; i + 1 < cellEnd; i++) {
      const a = segments[entries[i]!]!;
      const ring = ringOf[entries[i]!]!;
      const ax = xy[2 * a]!;
      const ay = xy[2 * a + 1]!;
      const bx = xy[2 * a + 2]!;
      const by = xy[2 * a + 3]!;
      const minX = ax < bx ? ax : bx;
      const maxX = ax < bx ? bx : ax;
      const minY = ay < by ? ay : by;
      const maxY = ay < by ? by : ay;
      for (let j = i + 1; j < cellEnd; j++) {
        const b = segments[entries[j]!]!;
        const cx = xy[2 * b]!;
        const dx = xy[2 * b + 2]!;
        if ((cx < minX && dx < minX) || (cx > maxX && dx > maxX)) continue;
        const cy = xy[2 * b + 1]!;
        const dy = xy[2 * b + 3]!;
        if ((cy < minY && dy < minY) || (cy > maxY && dy > maxY)) continue;
        const sameRing = ringOf[entries[j]!] === ring;
        const joined = sameRing && (b === a + 1 || (a === ringStart[ring] && b === ringLast[ring]));
        if (segmentsTouch(xy, a, b, sameRing, joined) && ++count >= most) return count;
      }
    }
  }
  return count;
}
