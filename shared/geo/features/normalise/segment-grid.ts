import type { Geometry } from '../geometry.ts';

/** Segments of a polygon by the cells of a grid that their boxes reach into. */
export interface SegmentGrid {
  /** First vertex of each segment, and the number of its ring within the polygon; in ascending order. */
  segments: Uint32Array;
  ringOf: Uint32Array;
  /** First and last segment of each ring, by their first vertices. */
  ringStart: Uint32Array;
  ringLast: Uint32Array;
  /** Where the entries of each cell begin; one more than there are cells. */
  cellStarts: Uint32Array;
  /** Numbers of segments, ascending within a cell. */
  entries: Uint32Array;
  /** Pairs within cells: the work of comparing all. */
  comparisons: number;
}

/** Entries for each segment, on average: a cell is about as large as a segment. */
const MAX_ENTRIES_PER_SEGMENT = 8;

/** @returns undefined when the segments are too long for their number */
export function createSegmentGrid(geometry: Geometry, firstRing: number, ringsEnd: number): SegmentGrid | undefined {
  const { xy, lineEnds } = geometry;
  const start = firstRing === 0 ? 0 : lineEnds[firstRing - 1]!;
  const count = lineEnds[ringsEnd - 1]! - start - (ringsEnd - firstRing);
  const segments = new Uint32Array(count);
  const ringOf = new Uint32Array(count);
  const ringStart = new Uint32Array(ringsEnd - firstRing);
  const ringLast = new Uint32Array(ringsEnd - firstRing);
  let [minX, minY, maxX, maxY, sumX, sumY, at] = [Infinity, Infinity, -Infinity, -Infinity, 0, 0, 0];
  for (let ring = firstRing, vertex = start; ring < ringsEnd; ring++, vertex++) {
    ringStart[ring - firstRing] = vertex;
    ringLast[ring - firstRing] = lineEnds[ring]! - 2;
    for (; vertex < lineEnds[ring]! - 1; vertex++) {
      segments[at] = vertex;
      ringOf[at++] = ring - firstRing;
      const x = xy[2 * vertex]!;
      const y = xy[2 * vertex + 1]!;
      if (x < minX) minX = x;
      if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      if (y > maxY) maxY = y;
      sumX += Math.abs(xy[2 * vertex + 2]! - x);
      sumY += Math.abs(xy[2 * vertex + 3]! - y);
    }
  }
  const columns = cellsAlong(maxX - minX, sumX / count, count);
  const rows = Math.min(cellsAlong(maxY - minY, sumY / count, count), Math.max(1, Math.floor((2 * count) / columns)));
  const toColumn = columns / (maxX - minX || 1);
  const toRow = rows / (maxY - minY || 1);
  const cellStarts = new Uint32Array(columns * rows + 1);
  let total = 0;
  eachCell((cell) => {
    cellStarts[cell + 1]!++;
    total++;
  });
  if (total > MAX_ENTRIES_PER_SEGMENT * count + columns * rows) return undefined;
  let comparisons = 0;
  for (let cell = 0; cell < columns * rows; cell++) {
    const inCell = cellStarts[cell + 1]!;
    comparisons += (inCell * (inCell - 1)) / 2;
    cellStarts[cell + 1] = cellStarts[cell]! + inCell;
  }
  const entries = new Uint32Array(total);
  const next = cellStarts.slice();
  eachCell((cell, segment) => {
    entries[next[cell]!++] = segment;
  });
  return { segments, ringOf, ringStart, ringLast, cellStarts, entries, comparisons };

  function eachCell(visit: (cell: number, segment: number) => void): void {
    const limit = MAX_ENTRIES_PER_SEGMENT * count + columns * rows;
    for (let segment = 0, visited = 0; segment < count; segment++) {
      const from = 2 * segments[segment]!;
      const ax = xy[from]!;
      const ay = xy[from + 1]!;
      const bx = xy[from + 2]!;
      const by = xy[from + 3]!;
      const firstColumn = clamp(((ax < bx ? ax : bx) - minX) * toColumn, columns);
      const lastColumn = clamp(((ax < bx ? bx : ax) - minX) * toColumn, columns);
      const firstRow = clamp(((ay < by ? ay : by) - minY) * toRow, rows);
      const lastRow = clamp(((ay < by ? by : ay) - minY) * toRow, rows);
      for (let row = firstRow; row <= lastRow; row++) {
        for (let column = firstColumn; column <= lastColumn; column++) visit(row * columns + column, segment);
      }
      visited += (lastRow - firstRow + 1) * (lastColumn - firstColumn + 1);
      if (visited > limit) return;
    }
  }
}

/** Cells along an extent, about as long as a segment is. */
function cellsAlong(extent: number, length: number, count: number): number {
  if (!(extent > 0) || !(length > 0)) return 1;
  return Math.max(1, Math.min(Math.ceil(extent / length), Math.ceil(Math.sqrt(count) * 4)));
}

function clamp(value: number, cells: number): number {
  return value >= cells ? cells - 1 : Math.floor(value);
}
