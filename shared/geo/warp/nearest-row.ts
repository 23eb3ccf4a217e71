import { toByte, type RowKernel } from './resample-row.ts';

/** The pixel that a place lies in. */
export const nearestRow: RowKernel = (canvas, window, run, { values, softAlpha }) => {
  const { colours, stride, data } = canvas;
  const { samples, alpha, width, height } = window;
  for (let index = 0; index < run.count; index++) {
    const column = Math.floor(run.u + index * run.du);
    const row = Math.floor(run.v + index * run.dv);
    if (!(column >= 0 && column < width && row >= 0 && row < height)) continue;
    const source = row * width + column;
    const opacity = alpha === undefined ? 255 : alpha[source]!;
    if (opacity === 0) continue;
    const target = (run.pixel + index) * stride;
    for (let channel = 0; channel < colours; channel++) {
      const value = samples[source * colours + channel]!;
      data[target + channel] = toByte(value * values.scale[channel]! + values.offset[channel]!);
    }
    if (stride > colours) data[target + colours] = softAlpha ? opacity : 255;
  }
};
