import { SubFileType, TiffTag, type TiffImage } from '@cogeotiff/core';
import { blockTooLarge, headerCorrupt, rasterTooLarge, unsupported, zeroArea } from './errors.ts';
import { tagNumber, tagNumbers } from './tag-values.ts';

const MIB = 2 ** 20;

/** Bytes of one block, encoded or decoded. */
export const MAX_BLOCK_BYTES = 64 * MIB;

/** Pixels of one level: a million by a million. */
export const MAX_PIXELS = 2 ** 40;

/** Samples of one pixel. */
export const MAX_SAMPLES = 1024;

const OLD_REDUCED_IMAGE = 2;
const MSB_FIRST = 1;
const BAND_INTERLEAVED = 2;

/** How the pixels of one directory are stored. */
export interface ImageLayout {
  width: number;
  height: number;
  tiled: boolean;
  blockWidth: number;
  blockHeight: number;
  blocksAcross: number;
  blocksDown: number;
  samples: number;
  /** Bits of one sample: the same for all. */
  bits: number;
  /** SampleFormat: 1 unsigned, 2 signed, 3 floating point. */
  format: number;
  /** Each sample in a plane of its own (PlanarConfiguration 2). */
  bandInterleaved: boolean;
  /** Compression tag. */
  compression: number;
  /** Predictor tag. */
  predictor: number;
  /** PhotometricInterpretation tag. */
  photometric: number;
  /** ExtraSamples tag. */
  extraSamples: number[];
  reduced: boolean;
  mask: boolean;
}

/**
 * Reads and bounds what one directory says of its pixels.
 * @throws LonghaulError `raster-zero-area`, `raster-too-large`, `raster-header-corrupt`, `raster-block-too-large`,
 *   `raster-sample-format-unsupported`, `raster-fill-order-unsupported` (all final)
 */
export async function readImageLayout(image: TiffImage, signal?: AbortSignal): Promise<ImageLayout> {
  const number = (tag: TiffTag): Promise<number | undefined> => tagNumber(image, tag, signal);
  const numbers = (tag: TiffTag): Promise<number[] | undefined> => tagNumbers(image, tag, signal);

  const width = whole('ImageWidth', await number(TiffTag.ImageWidth));
  const height = whole('ImageLength', await number(TiffTag.ImageHeight));
  if (width === 0 || height === 0) throw zeroArea(`it has ${width} × ${height} pixels`);
  if (width * height > MAX_PIXELS) throw rasterTooLarge('pixels', width * height, MAX_PIXELS);

  const samples = whole('SamplesPerPixel', (await number(TiffTag.SamplesPerPixel)) ?? 1);
  if (samples === 0 || samples > MAX_SAMPLES) {
    throw unsupported('sample-format', `${samples} samples of a pixel are not supported: at most ${MAX_SAMPLES} are.`);
  }
  const bits = same('BitsPerSample', (await numbers(TiffTag.BitsPerSample)) ?? [1]);
  const format = same('SampleFormat', (await numbers(TiffTag.SampleFormat)) ?? [1]);
  const fillOrder = (await number(TiffTag.FillOrder)) ?? MSB_FIRST;
  if (fillOrder !== MSB_FIRST) {
    throw unsupported('fill-order', `FillOrder ${fillOrder} (bits stored last to first) is not supported.`);
  }

  const tiled = image.tags.has(TiffTag.TileWidth) || image.tags.has(TiffTag.TileOffsets);
  const rowsPerStrip = (await number(TiffTag.RowsPerStrip)) ?? height;
  const blockWidth = tiled ? whole('TileWidth', await number(TiffTag.TileWidth)) : width;
  const blockHeight = tiled
    ? whole('TileLength', await number(TiffTag.TileHeight))
    : Math.min(whole('RowsPerStrip', rowsPerStrip), height);
  if (blockWidth === 0 || blockHeight === 0)
    throw headerCorrupt(`its blocks have ${blockWidth} × ${blockHeight} pixels`);
  const blockBytes = Math.ceil((blockWidth * bits * samples) / 8) * blockHeight;
  if (blockBytes > MAX_BLOCK_BYTES) {
    const kind = tiled ? 'A tile' : 'A strip';
    throw blockTooLarge(`${kind} of ${blockWidth} × ${blockHeight} pixels`, blockBytes, MAX_BLOCK_BYTES);
  }

  const subFile = (await number(TiffTag.SubFileType)) ?? 0;
  const oldSubFile = await number(TiffTag.OldSubFileType);
  return {
    width,
    height,
    tiled,
    blockWidth,
    blockHeight,
    blocksAcross: Math.ceil(width / blockWidth),
    blocksDown: Math.ceil(height / blockHeight),
    samples,
    bits,
    format,
    bandInterleaved: (await number(TiffTag.PlanarConfiguration)) === BAND_INTERLEAVED && samples > 1,
    compression: (await number(TiffTag.Compression)) ?? 1,
    predictor: (await number(TiffTag.Predictor)) ?? 1,
    photometric: (await number(TiffTag.Photometric)) ?? 1,
    extraSamples: (await numbers(TiffTag.ExtraSamples)) ?? [],
    reduced: (subFile & SubFileType.ReducedImage) !== 0 || oldSubFile === OLD_REDUCED_IMAGE,
    mask: (subFile & SubFileType.Mask) !== 0,
  };
}

function whole(tag: string, value: number | undefined): number {
  if (value !== undefined && Number.isSafeInteger(value) && value >= 0) return value;
  throw headerCorrupt(`${tag} is ${value ?? 'missing'}`);
}

function same(tag: string, values: readonly number[]): number {
  const first = values[0]!;
  if (values.every((value) => value === first)) return first;
  throw unsupported(
    'sample-format',
    `Samples that differ within a pixel (${tag} ${values.join(', ')}) are not supported.`,
  );
}
