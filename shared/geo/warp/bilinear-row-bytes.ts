import type { Canvas, PixelRun, RowKernel } from './resample-row.ts';
import type { SourceWindow } from './read-window.ts';

/** Weights are fractions of 2^BITS: four products of 8 + 2 × 11 bits fit into 31. */
const BITS = 11;
const SHIFT = 2 * BITS;
const HALF = 1 << (SHIFT - 1);
const MASK = (1 << BITS) - 1;

/** Places in the window are whole multiples of 2^-16 pixels. */
const PLACE_BITS = 16;
const TO_WEIGHT = PLACE_BITS - BITS;

/** Columns and rows of a window that a place of 31 bits reaches. */
export const MAX_WINDOW_SIDE = 2 ** (31 - PLACE_BITS) - 1;

/** How near to the edge of the window a run may come, in pixels: its places are rounded, 64 steps by 2^-17 each. */
export const EDGE_MARGIN = 2 ** -10;

const { imul } = Math;

/**
 * `bilinearRow` in whole numbers, for 8-bit samples that are all there and are not rescaled, and for runs of at most 64
 * pixels whose four neighbours all lie inside of the window: most of what a preseed does. Off by a fifth of a level.
 */
export const bilinearRowOfBytes: RowKernel = (canvas, window, run) => {
  const samples = window.samples as Uint8Array;
  if (canvas.colours === 3) threeChannels(canvas, samples, window, run);
  else oneChannel(canvas, samples, window, run);
};

function threeChannels({ data, stride }: Canvas, samples: Uint8Array, { width }: SourceWindow, run: PixelRun): void {
  const down = width * 3;
  const dx = toPlace(run.du);
  const dy = toPlace(run.dv);
  let x = toPlace(run.u - 0.5);
  let y = toPlace(run.v - 0.5);
  let target = run.pixel * stride;
  for (let index = 0; index < run.count; index++) {
    const right = (x >> TO_WEIGHT) & MASK;
    const lower = (y >> TO_WEIGHT) & MASK;
    const p = imul(imul(y >> PLACE_BITS, width) + (x >> PLACE_BITS), 3);
    const q = (p + down) | 0;
    x = (x + dx) | 0;
    y = (y + dy) | 0;
    const w11 = imul(right, lower);
    const w10 = ((right << BITS) - w11) | 0;
    const w01 = ((lower << BITS) - w11) | 0;
    const w00 = ((1 << SHIFT) - w11 - w10 - w01) | 0;
    data[target] =
      (imul(samples[p]!, w00) +
        imul(samples[p + 3]!, w10) +
        imul(samples[q]!, w01) +
        imul(samples[q + 3]!, w11) +
        HALF) >>
      SHIFT;
    data[target + 1] =
      (imul(samples[p + 1]!, w00) +
        imul(samples[p + 4]!, w10) +
        imul(samples[q + 1]!, w01) +
        imul(samples[q + 4]!, w11) +
        HALF) >>
      SHIFT;
    data[target + 2] =
      (imul(samples[p + 2]!, w00) +
        imul(samples[p + 5]!, w10) +
        imul(samples[q + 2]!, w01) +
        imul(samples[q + 5]!, w11) +
        HALF) >>
      SHIFT;
    if (stride === 4) data[target + 3] = 255;
    target = (target + stride) | 0;
  }
}

function oneChannel({ data, stride }: Canvas, samples: Uint8Array, { width }: SourceWindow, run: PixelRun): void {
  const dx = toPlace(run.du);
  const dy = toPlace(run.dv);
  let x = toPlace(run.u - 0.5);
  let y = toPlace(run.v - 0.5);
  let target = run.pixel * stride;
  for (let index = 0; index < run.count; index++) {
    const right = (x >> TO_WEIGHT) & MASK;
    const lower = (y >> TO_WEIGHT) & MASK;
    const p = (imul(y >> PLACE_BITS, width) + (x >> PLACE_BITS)) | 0;
    const q = (p + width) | 0;
    x = (x + dx) | 0;
    y = (y + dy) | 0;
    const w11 = imul(right, lower);
    const w10 = ((right << BITS) - w11) | 0;
    const w01 = ((lower << BITS) - w11) | 0;
    const w00 = ((1 << SHIFT) - w11 - w10 - w01) | 0;
    data[target] =
      (imul(samples[p]!, w00) +
        imul(samples[p + 1]!, w10) +
        imul(samples[q]!, w01) +
        imul(samples[q + 1]!, w11) +
        HALF) >>
      SHIFT;
    if (stride === 2) data[target + 1] = 255;
    target = (target + stride) | 0;
  }
}

function toPlace(pixels: number): number {
  return Math.round(pixels * 2 ** PLACE_BITS) | 0;
}
