import type { RowKernel } from './resample-row.ts';

/** Weights are fractions of 2^BITS: four products of 8 + 2 × 11 bits fit into 31. */
const BITS = 11;
const ONE = 1 << BITS;
const SHIFT = 2 * BITS;
const HALF = 1 << (SHIFT - 1);

/**
 * `bilinearRow` in whole numbers, for 8-bit samples that are all there and are not rescaled, and for runs
 * whose four neighbours all lie inside of the window: most of what a preseed does.
 */
export const bilinearRowOfBytes: RowKernel = (canvas, window, run) => {
  if (canvas.colours === 3) threeChannels(canvas, window, run);
  else oneChannel(canvas, window, run);
};

const threeChannels = (
  { data, stride }: Parameters<RowKernel>[0],
  { samples, width }: Parameters<RowKernel>[1],
  { pixel, count, u, v, du, dv }: Parameters<RowKernel>[2],
): void => {
  const down = width * 3;
  const first = u - 0.5;
  const top = v - 0.5;
  for (let index = 0, target = pixel * stride; index < count; index++, target += stride) {
    const x = first + index * du;
    const y = top + index * dv;
    const column = x | 0;
    const row = y | 0;
    const right = ((x - column) * ONE) | 0;
    const lower = ((y - row) * ONE) | 0;
    const w11 = right * lower;
    const w10 = (right << BITS) - w11;
    const w01 = (lower << BITS) - w11;
    const w00 = (1 << SHIFT) - w11 - w10 - w01;
    const p = (row * width + column) * 3;
    const q = p + down;
    data[target] =
      (samples[p]! * w00 + samples[p + 3]! * w10 + samples[q]! * w01 + samples[q + 3]! * w11 + HALF) >> SHIFT;
    data[target + 1] =
      (samples[p + 1]! * w00 + samples[p + 4]! * w10 + samples[q + 1]! * w01 + samples[q + 4]! * w11 + HALF) >> SHIFT;
    data[target + 2] =
      (samples[p + 2]! * w00 + samples[p + 5]! * w10 + samples[q + 2]! * w01 + samples[q + 5]! * w11 + HALF) >> SHIFT;
    if (stride === 4) data[target + 3] = 255;
  }
};

const oneChannel = (
  { data, stride }: Parameters<RowKernel>[0],
  { samples, width }: Parameters<RowKernel>[1],
  { pixel, count, u, v, du, dv }: Parameters<RowKernel>[2],
): void => {
  for (let index = 0, target = pixel * stride; index < count; index++, target += stride) {
    const x = u - 0.5 + index * du;
    const y = v - 0.5 + index * dv;
    const column = x | 0;
    const row = y | 0;
    const right = ((x - column) * ONE) | 0;
    const lower = ((y - row) * ONE) | 0;
    const w11 = right * lower;
    const w10 = (right << BITS) - w11;
    const w01 = (lower << BITS) - w11;
    const w00 = (1 << SHIFT) - w11 - w10 - w01;
    const p = row * width + column;
    const q = p + width;
    data[target] =
      (samples[p]! * w00 + samples[p + 1]! * w10 + samples[q]! * w01 + samples[q + 1]! * w11 + HALF) >> SHIFT;
    if (stride === 2) data[target + 1] = 255;
  }
};
