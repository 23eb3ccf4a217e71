import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SourceProjection } from './source-projection.ts';

/** Side of the largest patch in target pixels. */
const MAX_PATCH = 64;

/** A patch of this side that is no polynomial is projected pixel by pixel. */
const MIN_PATCH = 4;

/**
 * Largest error of the interpolation inside a cell, in source pixels: a quarter of a grey level between two pixels
 * that are as different as they can be, in each of the two directions.
 */
const TOLERANCE = 1 / 1024;

/** Projections (about 1 µs each) after which other work, such as an abort, gets its turn: some 20 ms. */
const PROJECTIONS_PER_TURN = 20_000;

/** Where inside a patch its polynomial is checked: there the errors of the third and fourth order are largest. */
const CHECKS = [
  [0.25, 0.25],
  [0.75, 0.25],
  [0.25, 0.75],
] as const;

const PATCH_POINTS = 9;

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
 * Builds the control grid of a region: patches of MAX_PATCH pixels, each halved until a polynomial of second order through
 * nine points agrees with the projection, and at last projected pixel by pixel. A patch is divided into as many bilinear
 * cells as its bend asks for, which costs no more projections. All in all within TOLERANCE of the projection.
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
  /** Values of the patch in hand, three rows of three. */
  const us = new Float64Array(PATCH_POINTS);
  const vs = new Float64Array(PATCH_POINTS);
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

  /** Tries one patch as a whole. @returns whether a polynomial was good enough */
  function addWhole(column: number, row: number, width: number, height: number): boolean {
    for (let index = 0; index < PATCH_POINTS; index++) {
      projectTo(column + (width * (index % 3)) / 2, row + (height * Math.floor(index / 3)) / 2);
      us[index] = point.u;
      vs[index] = point.v;
    }
    for (const [s, t] of CHECKS) {
      projectTo(column + width * s, row + height * t);
      const error = Math.max(Math.abs(patchValue(us, s, t) - point.u), Math.abs(patchValue(vs, s, t) - point.v));
      // Not a number is never within the tolerance.
      if (!(error <= TOLERANCE / 2)) return false;
    }
    const parts = { across: partsOf(us, vs, 1), down: partsOf(us, vs, 3) };
    // A cell is a pixel at least, and its middle is where it is looked at.
    if (parts.across > width || parts.down > height) return false;
    for (let down = 0; down < parts.down; down++) {
      for (let across = 0; across < parts.across; across++) {
        const left = Math.round((width * across) / parts.across);
        const right = Math.round((width * (across + 1)) / parts.across);
        const upper = Math.round((height * down) / parts.down);
        const lower = Math.round((height * (down + 1)) / parts.down);
        cells.push(column + left, row + upper, right - left, lower - upper);
        addCorner(left / width, upper / height);
        addCorner(right / width, upper / height);
        addCorner(left / width, lower / height);
        addCorner(right / width, lower / height);
      }
    }
    return true;
  }

  function addCorner(s: number, t: number): void {
    const u = patchValue(us, s, t);
    const v = patchValue(vs, s, t);
    cells.push(u, v);
    extend(u, v);
  }

  async function addPatch(column: number, row: number, width: number, height: number): Promise<void> {
    if (projections > PROJECTIONS_PER_TURN) {
      projections = 0;
      await nextTurn();
      signal?.throwIfAborted();
    }
    if (width > 1 && height > 1 && addWhole(column, row, width, height)) return;
    if (width <= MIN_PATCH || height <= MIN_PATCH) return addPixels(column, row, width, height);
    const left = width >> 1;
    const upper = height >> 1;
    await addPatch(column, row, left, upper);
    await addPatch(column + left, row, width - left, upper);
    await addPatch(column, row + upper, left, height - upper);
    await addPatch(column + left, row + upper, width - left, height - upper);
  }

  for (let y = 0; y < region.height; y += MAX_PATCH) {
    for (let x = 0; x < region.width; x += MAX_PATCH) {
      const width = Math.min(MAX_PATCH, region.width - x);
      const height = Math.min(MAX_PATCH, region.height - y);
      await addPatch(region.column + x, region.row + y, width, height);
    }
  }
  return { cells, ...bounds, complete };
}

/** The polynomial of second order through the nine values of a patch, at 0 … 1 across and down. */
function patchValue(values: Float64Array, s: number, t: number): number {
  const left = (1 - s) * (1 - 2 * s);
  const middle = 4 * s * (1 - s);
  const right = s * (2 * s - 1);
  const upper = values[0]! * left + values[1]! * middle + values[2]! * right;
  const centre = values[3]! * left + values[4]! * middle + values[5]! * right;
  const lower = values[6]! * left + values[7]! * middle + values[8]! * right;
  return upper * (1 - t) * (1 - 2 * t) + centre * 4 * t * (1 - t) + lower * t * (2 * t - 1);
}

/**
 * Parts that a patch is divided into in one direction, so that linear interpolation over each leaves a quarter of the
 * tolerance: the error of n parts is D / 2n², with D the second difference of three values in that direction.
 * @param step 1 across, 3 down
 */
function partsOf(us: Float64Array, vs: Float64Array, step: 1 | 3): number {
  let bend = 0;
  for (let line = 0; line < 3; line++) {
    const first = step === 1 ? line * 3 : line;
    for (const values of [us, vs]) {
      bend = Math.max(bend, Math.abs(values[first]! - 2 * values[first + step]! + values[first + 2 * step]!));
    }
  }
  return Math.max(1, Math.ceil(Math.sqrt((2 * bend) / TOLERANCE)));
}
