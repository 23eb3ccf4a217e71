import { WORLD_UNITS, type EdgeSet } from './edge-set.ts';
import { coverageTooComplex } from './errors.ts';
import { passesThrough, windingChange, type Box } from './node-edges.ts';
import { RunList } from './run-list.ts';

/** What one descent may cost. */
export interface DescentLimits {
  /** Runs of tiles over all zooms: 16 bytes each. */
  runs: number;
  /** Looks at an edge of a node. */
  steps: number;
}

/** About two seconds on a slow core, and 64 MB. */
export const DESCENT_LIMITS: DescentLimits = { runs: 4_000_000, steps: 50_000_000 };

/** What a node costs besides its edges, in steps. */
const NODE_STEPS = 4;

/**
 * What an area must reach into a tile to touch it, in grid units: 1.2 mm. Far more than the rounding of a projection,
 * so that a bbox along tile edges does not take in the neighbours, and 1/2,000 of a tile of the deepest zoom.
 */
const TOUCH_DEPTH = 2 ** 13;

/** A node of the quadtree with respect to one edge set. */
interface NodeEdges {
  /** Where the edges through the node lie in `candidates`. */
  start: number;
  end: number;
  /** Winding number at the node's centre. */
  winding: number;
}

type Relation = 'outside' | 'partial' | 'inside';

/**
 * Goes down the quadtree in the order of the Hilbert curve and collects, for each zoom, the runs of tiles that touch
 * every edge set. A node that lies wholly inside is one run at each zoom below it, so the work grows with the outline.
 * @returns runs of Hilbert indices by zoom; empty for zooms below `minzoom`
 * @throws LonghaulError `coverage-too-complex` (final)
 */
export function descend(
  edgeSets: readonly EdgeSet[],
  minzoom: number,
  maxzoom: number,
  field?: string,
  limits = DESCENT_LIMITS,
): RunList[] {
  const runs = Array.from({ length: maxzoom + 1 }, () => new RunList());
  const levels = Array.from({ length: maxzoom + 1 }, () =>
    edgeSets.map((): NodeEdges => ({ start: 0, end: 0, winding: 0 })),
  );
  let candidates = new Int32Array(edgeSets.reduce((sum, edges) => sum + edges.count, 64) * 2);
  let top = 0;
  let steps = 0;
  let runCount = 0;
  const box: Box = { minX: 0, minY: 0, maxX: 0, maxY: 0 };

  /** Appends to the runs of a zoom. */
  function append(zoom: number, index: number, size: number): void {
    runCount += runs[zoom]!.append(index, size);
    if (runCount > limits.runs) throw coverageTooComplex('runs of tiles', limits.runs, field);
  }

  /** Relates the node to each edge set, from what is known of its parent; leaves the edges on the stack. */
  function enter(zoom: number, column: number, row: number): Relation {
    const size = WORLD_UNITS / 2 ** zoom;
    box.minX = column * size + TOUCH_DEPTH;
    box.minY = row * size + TOUCH_DEPTH;
    box.maxX = (column + 1) * size - TOUCH_DEPTH;
    box.maxY = (row + 1) * size - TOUCH_DEPTH;
    const centreX = (column + 0.5) * size;
    const centreY = (row + 0.5) * size;
    const parentSize = size * 2;
    const fromX = zoom === 0 ? -1 : ((column >> 1) + 0.5) * parentSize;
    const fromY = zoom === 0 ? centreY : ((row >> 1) + 0.5) * parentSize;
    let relation: Relation = 'inside';
    for (let set = 0; set < edgeSets.length; set++) {
      const edges = edgeSets[set]!;
      const parent = zoom === 0 ? undefined : levels[zoom - 1]![set]!;
      const node = levels[zoom]![set]!;
      const start = parent?.start ?? 0;
      const end = parent?.end ?? edges.count;
      steps += NODE_STEPS + end - start;
      if (candidates.length < top + end - start) candidates = grown(candidates, top + end - start);
      node.start = top;
      for (let position = start; position < end; position++) {
        const edge = parent === undefined ? position : candidates[position]!;
        if (passesThrough(edges, edge, box)) candidates[top++] = edge;
      }
      node.end = top;
      if (node.end > node.start) relation = 'partial';
      // At the deepest zoom nobody asks for the winding number of a tile that an edge passes through.
      if (node.end > node.start && zoom === maxzoom) continue;
      node.winding = parent?.winding ?? 0;
      for (let position = start; position < end; position++) {
        const edge = parent === undefined ? position : candidates[position]!;
        node.winding += windingChange(edges, edge, fromX, fromY, centreX, centreY);
      }
      if (node.end === node.start && node.winding === 0) return 'outside';
    }
    if (steps > limits.steps) throw coverageTooComplex('steps', limits.steps, field);
    return relation;
  }

  /** Takes all tiles below a node. */
  function take(zoom: number, index: number): void {
    for (let below = Math.max(zoom, minzoom); below <= maxzoom; below++) {
      const tiles = 4 ** (below - zoom);
      append(below, index * tiles, tiles);
    }
  }

  /** Visits a node; `swap` and `flip` say how the curve lies in it (see `tileId`). */
  function visit(zoom: number, column: number, row: number, index: number, swap: number, flip: number): void {
    const bottom = top;
    const relation = enter(zoom, column, row);
    if (relation === 'inside') take(zoom, index);
    if (relation === 'partial') {
      if (zoom >= minzoom) append(zoom, index, 1);
      for (let digit = 0; zoom < maxzoom && digit < 4; digit++) {
        const along = digit >> 1;
        const across = (digit & 1) ^ along;
        const right = (swap ? across : along) ^ flip;
        const down = (swap ? along : across) ^ flip;
        const turns = across === 0;
        visit(
          zoom + 1,
          column * 2 + right,
          row * 2 + down,
          index * 4 + digit,
          turns ? swap ^ 1 : swap,
          turns ? flip ^ along : flip,
        );
      }
    }
    top = bottom;
  }

  visit(0, 0, 0, 0, 0, 0);
  return runs;
}

function grown(array: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(needed, array.length * 2));
  larger.set(array);
  return larger;
}
