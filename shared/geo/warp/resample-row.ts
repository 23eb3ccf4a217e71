import type { SourceWindow } from './read-window.ts';

/** An image that is being filled. */
export interface Canvas {
  /** Colours of a pixel: 1 or 3. */
  readonly colours: 1 | 3;
  /** Values of a pixel in `data`: `colours`, and one more with alpha. */
  readonly stride: 1 | 2 | 3 | 4;
  /** Pixels. */
  readonly width: number;
  /** All zero, so transparent, at first. */
  readonly data: Uint8Array;
}

/** A run of target pixels in one row whose places in the window lie on a line. */
export interface PixelRun {
  /** Index of the first pixel in the canvas. */
  pixel: number;
  count: number;
  /** Column of the first pixel's centre in the window; 0 is the outer edge of the window. */
  u: number;
  /** Row of the first pixel's centre in the window. */
  v: number;
  /** From one pixel to the next. */
  du: number;
  dv: number;
}

/** Linear map of source values to 0 … 255, for each channel: value × scale + offset. */
export interface ValueScale {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** How a pixel is made from its neighbours. */
export interface Kernel {
  readonly values: ValueScale;
  /** Whether alpha is a matter of degree; else a pixel is there when at least half of what it is made of is. */
  readonly softAlpha: boolean;
}

/** Fills a run of pixels; pixels that have no place in the window stay as they are. */
export type RowKernel = (canvas: Canvas, window: SourceWindow, run: PixelRun, kernel: Kernel) => void;

/** Rounds to 0 … 255. */
export function toByte(value: number): number {
  if (value <= 0) return 0;
  return value >= 255 ? 255 : (value + 0.5) | 0;
}
