import { TiffTag, type TiffImage } from '@cogeotiff/core';
import { headerCorrupt } from './errors.ts';
import { tagNumbers } from './tag-values.ts';

const COLOURS = 256;
const CHANNELS = 3;

/**
 * The ColorMap of an 8-bit palette raster (TIFF 6.0 section 5), which holds all reds, then greens, then blues.
 * @returns 256 colours of three bytes
 * @throws LonghaulError `raster-header-corrupt` (final)
 */
export async function readPalette(image: TiffImage, signal?: AbortSignal): Promise<Uint8Array> {
  const map = await tagNumbers(image, TiffTag.ColorMap, signal);
  if (map?.length !== COLOURS * CHANNELS) {
    throw headerCorrupt(`ColorMap has ${map?.length ?? 0} values, not ${COLOURS * CHANNELS}`);
  }
  // The values have 16 bits; some writers put 8 bits into them.
  const shift = map.some((value) => value > 255) ? 8 : 0;
  const palette = new Uint8Array(COLOURS * CHANNELS);
  for (let colour = 0; colour < COLOURS; colour++) {
    for (let channel = 0; channel < CHANNELS; channel++) {
      palette[colour * CHANNELS + channel] = map[channel * COLOURS + colour]! >> shift;
    }
  }
  return palette;
}
