import type { Pixels } from '../../../../shared/geo/warp/pixels.ts';
import type { ReferencePixel } from './reference-warp.ts';

/** Distance from a line at which a pixel may come or go, in source pixels: what the control grid may be off. */
const UNDECIDED = 1 / 256;

export interface Comparison {
  /** Largest difference of a value, in grey levels. */
  worst: number;
  /** Pixels that one shows and the other does not, though it is clear whether they should. */
  visibilityErrors: number;
  /** Pixels that both show. */
  compared: number;
}

/**
 * @param undecided whether a place in the source is so near to where the values jump that either answer is right
 */
export function compareWithReference(
  pixels: Pixels | undefined,
  reference: readonly ReferencePixel[],
  undecided: (u: number, v: number) => boolean,
): Comparison {
  const comparison: Comparison = { worst: 0, visibilityErrors: 0, compared: 0 };
  for (const [index, { u, v, values }] of reference.entries()) {
    if (undecided(u, v)) continue;
    const shown = pixels === undefined ? undefined : visible(pixels, index);
    if ((shown === undefined) !== (values === undefined)) comparison.visibilityErrors++;
    if (shown === undefined || values === undefined) continue;
    comparison.compared++;
    for (const [channel, value] of values.entries()) {
      const difference = Math.abs(shown[channel]! - Math.round(value));
      comparison.worst = Math.max(comparison.worst, difference);
    }
  }
  return comparison;
}

/** Whether a place lies on the edge of a raster. */
export function onEdge(width: number, height: number): (u: number, v: number) => boolean {
  return (u, v) => Math.min(Math.abs(u), Math.abs(v), Math.abs(u - width), Math.abs(v - height)) < UNDECIDED;
}

/** Whether a place lies between two pixels. */
export function betweenPixels(u: number, v: number): boolean {
  return Math.abs(u - Math.round(u)) < UNDECIDED || Math.abs(v - Math.round(v)) < UNDECIDED;
}

function visible({ data, channels }: Pixels, index: number): Uint8Array | undefined {
  const pixel = data.subarray(index * channels, (index + 1) * channels);
  if (channels === 1 || channels === 3) return pixel;
  return pixel[channels - 1] === 0 ? undefined : pixel.subarray(0, channels - 1);
}
