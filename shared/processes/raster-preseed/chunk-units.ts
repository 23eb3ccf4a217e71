import type { RasterPreseedInputs } from './inputs.ts';

/**
 * Tiles of 256 pixels in a chunk: some seconds of work on one core (120 PNG, 110 WebP or 210 JPEG a second on the
 * machine that this was measured on), and at most 67 MB of PNG.
 */
const BASE_UNITS = { png: 256, webp: 512, jpeg: 512 } as const;

/** Source pixels that a chunk may decode when its tiles share none: under a minute of work. */
const MAX_CHUNK_PIXELS = 2 ** 32;

/** Units of a chunk: fewer where a tile is larger, or costs much to read. */
export function chunkUnitsOf(
  { format, tileSize }: Pick<RasterPreseedInputs, 'format' | 'tileSize'>,
  sourcePixels: number,
): number {
  const bySize = BASE_UNITS[format] / (tileSize / 256) ** 2;
  const byCost = Math.floor(MAX_CHUNK_PIXELS / sourcePixels);
  return Math.max(1, Math.min(bySize, byCost));
}
