import { bilinearRow } from './bilinear-row.ts';
import { bilinearRowOfBytes, EDGE_MARGIN, MAX_WINDOW_SIDE } from './bilinear-row-bytes.ts';
import { CELL_VALUES, type ControlGrid } from './control-grid.ts';
import { nearestRow } from './nearest-row.ts';
import type { SourceWindow } from './read-window.ts';
import type { Canvas, Kernel, PixelRun } from './resample-row.ts';

export type Resampling = 'bilinear' | 'nearest';

/** Fills the canvas from the window: each cell of the grid row by row, each row along a line through the source. */
export function resampleCells(
  canvas: Canvas,
  window: SourceWindow,
  grid: ControlGrid,
  resampling: Resampling,
  kernel: Kernel,
): void {
  const plainBytes = resampling === 'bilinear' && isPlainBytes(window, kernel);
  const general = resampling === 'bilinear' ? bilinearRow : nearestRow;
  const run: PixelRun = { pixel: 0, count: 0, u: 0, v: 0, du: 0, dv: 0 };
  const { cells } = grid;
  for (let at = 0; at < cells.length; at += CELL_VALUES) {
    const column = cells[at]!;
    const row = cells[at + 1]!;
    const width = cells[at + 2]!;
    const height = cells[at + 3]!;
    const u00 = cells[at + 4]! - window.column;
    const v00 = cells[at + 5]! - window.row;
    const u10 = cells[at + 6]! - window.column;
    const v10 = cells[at + 7]! - window.row;
    const u01 = cells[at + 8]! - window.column;
    const v01 = cells[at + 9]! - window.row;
    const u11 = cells[at + 10]! - window.column;
    const v11 = cells[at + 11]! - window.row;
    // A cell is convex: what holds for its corners holds for all of its pixels.
    const inside =
      plainBytes &&
      Math.min(u00, u10, u01, u11) >= 0.5 + EDGE_MARGIN &&
      Math.min(v00, v10, v01, v11) >= 0.5 + EDGE_MARGIN &&
      Math.max(u00, u10, u01, u11) <= window.width - 0.5 - EDGE_MARGIN &&
      Math.max(v00, v10, v01, v11) <= window.height - 0.5 - EDGE_MARGIN;
    const fill = inside ? bilinearRowOfBytes : general;
    run.count = width;
    for (let y = 0; y < height; y++) {
      const t = (y + 0.5) / height;
      const uLeft = u00 + (u01 - u00) * t;
      const vLeft = v00 + (v01 - v00) * t;
      run.du = (u10 + (u11 - u10) * t - uLeft) / width;
      run.dv = (v10 + (v11 - v10) * t - vLeft) / width;
      run.u = uLeft + run.du * 0.5;
      run.v = vLeft + run.dv * 0.5;
      run.pixel = (row + y) * canvas.width + column;
      fill(canvas, window, run, kernel);
    }
  }
}

/** Whether the window's samples are the image's bytes: all there, and not to be rescaled. */
function isPlainBytes(window: SourceWindow, { values }: Kernel): boolean {
  return (
    window.samples instanceof Uint8Array &&
    window.alpha === undefined &&
    Math.max(window.width, window.height) <= MAX_WINDOW_SIDE &&
    values.scale.every((scale) => scale === 1) &&
    values.offset.every((offset) => offset === 0)
  );
}
