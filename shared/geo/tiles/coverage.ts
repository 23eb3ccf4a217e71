import type { Area } from './area.ts';
import { descend } from './descend.ts';
import { createEdgeSet } from './edge-set.ts';
import { lastAtMost } from './last-at-most.ts';
import { firstTileId } from './tile-id.ts';
import { checkZoomRange, type ZoomFields } from './zoom-range.ts';

/** The tiles of an area, numbered without gaps in the order of their ids: the n-th is computed, not stored. */
export interface Coverage {
  /** Number of tiles; 0 when no tile touches all areas. */
  readonly count: number;
  readonly countByZoom: readonly { readonly zoom: number; readonly tiles: number }[];
  /**
   * The id of a tile by its position; ascending.
   * @param position 0 … count − 1
   * @throws RangeError when there is no such position
   */
  tileIdAt(position: number): number;
  /** The position of a tile; undefined when it is not covered. */
  positionOf(tileId: number): number | undefined;
  /**
   * Positions of the tiles that also touch `area`: sorted, disjoint, half-open ranges.
   * @throws LonghaulError `coverage-too-complex` (final)
   */
  select(area: Area): { start: number; end: number }[];
}

export interface CoverageOptions {
  /**
   * An area, or several of which a tile must touch each. Several are not intersected: a tile that touches each at
   * another place counts, so that the outline may take in tiles which a true intersection would not.
   */
  area: Area | readonly Area[];
  minzoom: number;
  maxzoom: number;
  signal?: AbortSignal;
  /** JSON pointers to the inputs, for the errors. */
  fields?: ZoomFields & { area?: string };
}

/**
 * Covers an area with tiles: those whose inside it overlaps with some surface (more than 1.2 mm deep). A tile that only
 * shares an edge or a corner does not count. Time and memory grow with the outline at `maxzoom`, not with the tiles; it
 * does not yield meanwhile, at most for about two seconds.
 * @throws LonghaulError `zoom-out-of-range`, `minzoom-above-maxzoom`, `coverage-too-complex` (final)
 */
export function buildCoverage(options: CoverageOptions): Coverage {
  const { minzoom, maxzoom, signal, fields = {} } = options;
  checkZoomRange(minzoom, maxzoom, fields);
  signal?.throwIfAborted();
  const areas = isList(options.area) ? options.area : [options.area];
  const runs = descend(areas.map(createEdgeSet), minzoom, maxzoom, fields.area);

  const runCount = runs.reduce((sum, list) => sum + list.length, 0);
  /** First id of each run, and the position of that id. */
  const firstIds = new Float64Array(runCount);
  const positions = new Float64Array(runCount);
  const countByZoom: { zoom: number; tiles: number }[] = [];
  let count = 0;
  let run = 0;
  for (let zoom = minzoom; zoom <= maxzoom; zoom++) {
    const list = runs[zoom]!;
    for (let index = 0; index < list.length; index++, run++) {
      firstIds[run] = firstTileId(zoom) + list.start(index);
      positions[run] = count;
      count += list.end(index) - list.start(index);
    }
    countByZoom.push({ zoom, tiles: list.total });
  }

  function tileIdAt(position: number): number {
    if (!(Number.isInteger(position) && position >= 0 && position < count)) {
      throw new RangeError(`position ${position} is outside of the ${count} tiles of this coverage`);
    }
    const found = lastAtMost(positions, position);
    return firstIds[found]! + position - positions[found]!;
  }

  function positionOf(tileId: number): number | undefined {
    const found = lastAtMost(firstIds, tileId);
    if (found < 0 || !Number.isInteger(tileId)) return undefined;
    const position = positions[found]! + tileId - firstIds[found]!;
    return position < (positions[found + 1] ?? count) ? position : undefined;
  }

  function select(area: Area): { start: number; end: number }[] {
    const selected: { start: number; end: number }[] = [];
    const selectedRuns = descend([...areas, area].map(createEdgeSet), minzoom, maxzoom);
    for (let zoom = minzoom; zoom <= maxzoom; zoom++) {
      const list = selectedRuns[zoom]!;
      for (let index = 0; index < list.length; index++) {
        // A run of the selection lies within one run of the coverage, so its positions are as dense as its ids.
        const start = positionOf(firstTileId(zoom) + list.start(index))!;
        const end = start + list.end(index) - list.start(index);
        const last = selected.at(-1);
        if (last?.end === start) last.end = end;
        else selected.push({ start, end });
      }
    }
    return selected;
  }

  return { count, countByZoom, tileIdAt, positionOf, select };
}

function isList(area: Area | readonly Area[]): area is readonly Area[] {
  return Array.isArray(area);
}
