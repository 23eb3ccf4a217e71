import type { Extent } from '../features/geometry-statistics.ts';

/** Longest side of a thumbnail, and the shortest, in pixels. */
const MAX_SIDE = 512;
const MIN_SIDE = 64;

/** Pixels around what is drawn: a dot at the edge of the extent is seen whole. */
const MARGIN = 4;

/** Samples of a pixel along either axis: edges are smooth. */
export const SAMPLES = 2;

/** Near a pole a degree of longitude is drawn at this share of one of latitude at least. */
const LEAST_SHARE = 0.1;

/** Where positions are drawn: column = x × scaleX + originX, row = y × scaleY + originY, in samples. */
export interface ThumbnailFrame {
  /** In pixels. */
  width: number;
  height: number;
  scaleX: number;
  scaleY: number;
  originX: number;
  originY: number;
}

/**
 * Fits an extent into a thumbnail of its shape. Degrees of longitude are drawn as long as they are, beside those of latitude,
 * in the middle of the extent.
 */
export function thumbnailFrame([minX, minY, maxX, maxY]: Extent, geographic: boolean): ThumbnailFrame {
  const middle = (((minY + maxY) / 2) * Math.PI) / 180;
  const share = geographic ? Math.max(LEAST_SHARE, Math.cos(middle)) : 1;
  const longest = Math.max((maxX - minX) * share, maxY - minY);
  const room = MAX_SIDE - 2 * MARGIN;
  // A single position has no size: it is drawn in the middle.
  const scale = longest > 0 ? room / longest : 1;
  const side = (length: number): number => Math.max(MIN_SIDE, Math.ceil(length * scale) + 2 * MARGIN);
  const width = Math.min(MAX_SIDE, side((maxX - minX) * share));
  const height = Math.min(MAX_SIDE, side(maxY - minY));
  const scaleX = scale * share * SAMPLES;
  const scaleY = -scale * SAMPLES;
  return {
    width,
    height,
    scaleX,
    scaleY,
    originX: (width * SAMPLES) / 2 - ((minX + maxX) / 2) * scaleX,
    originY: (height * SAMPLES) / 2 - ((minY + maxY) / 2) * scaleY,
  };
}
