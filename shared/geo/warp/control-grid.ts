import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SourceProjection } from './source-projection.ts';

/** Side of the largest cell in target pixels. */
const MAX_CELL = 64;

/** A cell of this side that cannot be interpolated is projected pixel by pixel. */
const MIN_CELL = 4;

/**
 * Largest error of the interpolation inside a cell, in source pixels: a quarter of a grey level between two pixels
 * that are as different as they can be, in each of the two directions.
 */
const TOLERANCE = 1 / 1024;

/** Projections (about 1 µs each) after which other work, such as an abort, gets its turn: some 20 ms. */
const PROJECTIONS_PER_TURN = 20_000;

/** Where inside a cell the interpolation is checked: the middle, the middles of two sides, two uneven places. */
const CHECKS = [
  [0.5, 0.5],
  [0.5, 0],
  [0, 0.5],
  [0.25, 0.25],
  [0.75, 0.25],
] as const;

/** Values of one cell in `ControlGrid.cells`. */
export const CELL_VALUES = 12;

/** A part of the target, in target pixels. */
export interface Region {
  readonly column: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

/** Target → source, piecewise bilinear: what a pixel costs is an addition and no projection. */
export interface ControlGrid {
  /**
   * CELL_VALUES numbers for each cell: column, row, width, height (target pixels), then u, v (source pixels) of its
   * upper left, upper right, lower left and lower right corner.
   */
  readonly cells: readonly number[];
  /** Bounds of all cells in the source; minU > maxU when no pixel has a place there. */
  readonly minU: number;
  readonly minV: number;
  readonly maxU: number;
  readonly maxV: number;
  /** Whether every pixel of the region has a place. */
  readonly complete: boolean;
}

/** Where target pixels lie: x = left + column × step, y = top − row × step, in EPSG:3857 metres. */
export interface TargetPlacement {
  readonly left: number;
  readonly top: number;
  readonly step: number;
}

/**
 * Builds the control grid of a region: cells of MAX_CELL pixels, each halved until linear interpolation between its
 * corners agrees with the projection to within TOLERANCE, and at last projected pixel by pixel.
 * @throws the signal's reason when it is aborted
 */
export async function buildControlGrid(
  project: SourceProjection,
  placement: TargetPlacement,
  region: Region,
  signal?: AbortSignal,
): Promise<ControlGrid> {
  const cells: number[] = [];
  const point = { u: 0, v: 0 };
  const bounds = { minU: Infinity, minV: Infinity, maxU: -Infinity, maxV: -Infinity };
  let projections = 0;
  let complete = true;

  function projectTo(column: number, row: number): void {
    projections++;
    project(placement.left + column * placement.step, placement.top - row * placement.step, point);
  }

  function extend(u: number, v: number): void {
    if (u < bounds.minU) bounds.minU = u;
    if (u > bounds.maxU) bounds.maxU = u;
    if (v < bounds.minV) bounds.minV = v;
    if (v > bounds.maxV) bounds.maxV = v;
  }

  function addPixels(column: number, row: number, width: number, height: number): void {
    for (let y = row; y < row + height; y++) {
      for (let x = column; x < column + width; x++) {
        projectTo(x + 0.5, y + 0.5);
        const { u, v } = point;
        if (!Number.isFinite(u) || !Number.isFinite(v)) {
          complete = false;
          continue;
        }
        cells.push(x, y, 1, 1, u, v, u, v, u, v, u, v);
        extend(u, v);
      }
    }
  }

  /** Tries one cell as a whole. @returns whether its corners were good enough */
  function addWhole(column: number, row: number, width: number, height: number): boolean {
    projectTo(column, row);
    const { u: u00, v: v00 } = point;
    projectTo(column + width, row);
    const { u: u10, v: v10 } = point;
    projectTo(column, row + height);
    const { u: u01, v: v01 } = point;
    projectTo(column + width, row + height);
    const { u: u11, v: v11 } = point;
    for (const [s, t] of CHECKS) {
      projectTo(column + width * s, row + height * t);
      const u = (u00 * (1 - s) + u10 * s) * (1 - t) + (u01 * (1 - s) + u11 * s) * t;
      const v = (v00 * (1 - s) + v10 * s) * (1 - t) + (v01 * (1 - s) + v11 * s) * t;
      // Not a number is never within the tolerance.
      if (!(Math.abs(u - point.u) <= TOLERANCE && Math.abs(v - point.v) <= TOLERANCE)) return false;
    }
    cells.push(column, row, width, height, u00, v00, u10, v10, u01, v01, u11, v11);
    extend(u00, v00);
    extend(u10, v10);
    extend(u01, v01);
    extend(u11, v11);
    return true;
  }

  async function addCell(column: number, row: number, width: number, height: number): Promise<void> {
    if (projections > PROJECTIONS_PER_TURN) {
      projections = 0;
      await nextTurn();
      signal?.throwIfAborted();
    }
    if (width > 1 && height > 1 && addWhole(column, row, width, height)) return;
    if (width <= MIN_CELL || height <= MIN_CELL) return addPixels(column, row, width, height);
    const left = width >> 1;
    const upper = height >> 1;
    await addCell(column, row, left, upper);
    await addCell(column + left, row, width - left, upper);
    await addCell(column, row + upper, left, height - upper);
    await addCell(column + left, row + upper, width - left, height - upper);
  }

  for (let y = 0; y < region.height; y += MAX_CELL) {
    for (let x = 0; x < region.width; x += MAX_CELL) {
      const width = Math.min(MAX_CELL, region.width - x);
      const height = Math.min(MAX_CELL, region.height - y);
      await addCell(region.column + x, region.row + y, width, height);
    }
  }
  return { cells, ...bounds, complete };
}
