import { toByte, type RowKernel } from './resample-row.ts';

/** Weight of the neighbours that are there, of 255, from which a pixel without soft alpha is there too. */
const HALF_THERE = 127.5;

/**
 * Bilinear over the four pixels whose centres surround a place. Neighbours that are not there (outside of the
 * raster, nodata, masked, transparent) have no say in the colour: the weights of the others are renormalised.
 */
export const bilinearRow: RowKernel = (canvas, window, run, { values, softAlpha }) => {
  const { colours, stride, data } = canvas;
  const { samples, alpha, width, height } = window;
  for (let index = 0; index < run.count; index++) {
    const u = run.u + index * run.du;
    const v = run.v + index * run.dv;
    if (!(u >= 0 && u < width && v >= 0 && v < height)) continue;
    const column = Math.floor(u - 0.5);
    const row = Math.floor(v - 0.5);
    const right = u - 0.5 - column;
    const lower = v - 0.5 - row;
    const left = column < 0 ? 0 : column;
    const upper = row < 0 ? 0 : row;
    const nextColumn = column + 1 >= width ? left : column + 1;
    const nextRow = row + 1 >= height ? upper : row + 1;
    const p00 = upper * width + left;
    const p10 = upper * width + nextColumn;
    const p01 = nextRow * width + left;
    const p11 = nextRow * width + nextColumn;
    let w00 = (1 - right) * (1 - lower);
    let w10 = right * (1 - lower);
    let w01 = (1 - right) * lower;
    let w11 = right * lower;
    let opacity = 255;
    if (alpha !== undefined) {
      w00 *= alpha[p00]!;
      w10 *= alpha[p10]!;
      w01 *= alpha[p01]!;
      w11 *= alpha[p11]!;
      opacity = w00 + w10 + w01 + w11;
      if (opacity === 0 || (!softAlpha && opacity < HALF_THERE)) continue;
      w00 /= opacity;
      w10 /= opacity;
      w01 /= opacity;
      w11 /= opacity;
    }
    const target = (run.pixel + index) * stride;
    for (let channel = 0; channel < colours; channel++) {
      // A neighbour that is not there may hold anything, also what is not a number.
      const value =
        (w00 === 0 ? 0 : samples[p00 * colours + channel]! * w00) +
        (w10 === 0 ? 0 : samples[p10 * colours + channel]! * w10) +
        (w01 === 0 ? 0 : samples[p01 * colours + channel]! * w01) +
        (w11 === 0 ? 0 : samples[p11 * colours + channel]! * w11);
      data[target + channel] = toByte(value * values.scale[channel]! + values.offset[channel]!);
    }
    if (stride > colours) data[target + colours] = softAlpha ? toByte(opacity) : 255;
  }
};
