import type { Block, Raster, Samples } from '../tiff/raster.ts';
import type { BlockCache } from './block-cache.ts';
import type { BufferPool } from './buffer-pool.ts';

/** Pixels of a level: first column and row, and how many. */
export interface Rectangle {
  readonly column: number;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

/** Which samples of a raster become the channels of an image. */
export interface ChannelSelection {
  /** One or three bands, counted from 1. A palette's colours take the place of its one band. */
  readonly bands: readonly number[];
  /** A pixel whose selected bands all have this value (NaN allowed) is not there. */
  readonly nodata: number | undefined;
}

export type WindowSamples = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A rectangle of a level, in memory: values as they are in the file, channels interleaved. */
export interface SourceWindow extends Rectangle {
  readonly channels: 1 | 3;
  readonly samples: WindowSamples;
  /** 0 (not there) … 255 for each pixel; absent when all of them are there. */
  readonly alpha: Uint8Array | undefined;
}

interface OpenWindow extends Rectangle {
  readonly channels: 1 | 3;
  readonly samples: WindowSamples;
  /** Made for the first pixel that is not there in full. */
  alpha: Uint8Array | undefined;
}

const CHANNELS_OF_PALETTE = 3;

export function channelCount(raster: Pick<Raster, 'palette'>, selection: ChannelSelection): 1 | 3 {
  return raster.palette !== undefined || selection.bands.length === CHANNELS_OF_PALETTE ? 3 : 1;
}

/** Bytes that one pixel of a window takes. */
export function windowBytesPerPixel(raster: Raster, selection: ChannelSelection): number {
  return channelCount(raster, selection) * windowArray(raster).BYTES_PER_ELEMENT + 1;
}

/**
 * Assembles a rectangle from the blocks under it. What the file does not store is transparent, and so are
 * nodata, masked pixels and values that are not numbers.
 * @param pool where the memory of the samples comes from, to be given back when they are no longer used; memory of a
 *   window that failed is not given back, as reads under way may still write to it
 * @throws LonghaulError as `RasterLevel.readBlock`
 */
export async function readWindow(
  raster: Raster,
  cache: BlockCache,
  levelIndex: number,
  rectangle: Rectangle,
  selection: ChannelSelection,
  pool: BufferPool,
): Promise<SourceWindow> {
  const level = raster.levels[levelIndex]!;
  const channels = channelCount(raster, selection);
  const pixels = rectangle.width * rectangle.height;
  const window: OpenWindow = {
    ...rectangle,
    channels,
    samples: takeSamples(raster, pixels * channels, pool),
    alpha: undefined,
  };
  const reads: Promise<void>[] = [];
  const lastRow = Math.floor((rectangle.row + rectangle.height - 1) / level.blockHeight);
  const lastColumn = Math.floor((rectangle.column + rectangle.width - 1) / level.blockWidth);
  for (let row = Math.floor(rectangle.row / level.blockHeight); row <= lastRow; row++) {
    for (let column = Math.floor(rectangle.column / level.blockWidth); column <= lastColumn; column++) {
      const left = column * level.blockWidth;
      const top = row * level.blockHeight;
      const place = { column: left, row: top, width: level.blockWidth, height: level.blockHeight };
      reads.push(
        cache.read(levelIndex, column, row).then((block) => copyBlock(raster, selection, window, block, place)),
      );
    }
  }
  await Promise.all(reads);
  return window;
}

/** 8 bits stay as they are; all else is held in the smallest floating-point type that is exact for it. */
function windowArray(raster: Raster) {
  switch (raster.sampleType) {
    case 'uint8':
      return Uint8Array;
    case 'int8':
    case 'uint16':
    case 'int16':
    case 'float32':
      return Float32Array;
    case 'uint32':
    case 'int32':
    case 'float64':
      return Float64Array;
  }
}

function takeSamples(raster: Raster, values: number, pool: BufferPool): WindowSamples {
  const Type = windowArray(raster);
  return new Type(pool.take(values * Type.BYTES_PER_ELEMENT), 0, values);
}

function copyBlock(
  raster: Raster,
  selection: ChannelSelection,
  window: OpenWindow,
  block: Block | undefined,
  place: Rectangle,
): void {
  const left = Math.max(window.column, place.column);
  const right = Math.min(window.column + window.width, place.column + place.width);
  const top = Math.max(window.row, place.row);
  const bottom = Math.min(window.row + window.height, place.row + place.height);
  const plain = isPlain(raster, selection) && block?.mask === undefined;
  const { samples } = raster;
  const sourceBytes = block && bytesOf(block.samples);
  const targetBytes = bytesOf(window.samples);
  for (let row = top; row < bottom; row++) {
    const to = (row - window.row) * window.width + left - window.column;
    if (block === undefined) {
      alphaOf(window).fill(0, to, to + right - left);
      continue;
    }
    const from = (row - place.row) * block.width + left - place.column;
    if (plain) {
      // Without a view for each row, of which there would be a million a second.
      sourceBytes!.copy(targetBytes, to * samples, from * samples, (from + right - left) * samples);
    } else {
      copyPixels(raster, selection, window, block, from, to, right - left);
    }
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Samples): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function alphaOf(window: OpenWindow): Uint8Array {
  window.alpha ??= new Uint8Array(window.width * window.height).fill(255);
  return window.alpha;
}

/** Whether a row of a block can be copied as it is. */
function isPlain(raster: Raster, selection: ChannelSelection): boolean {
  return (
    raster.sampleType === 'uint8' &&
    raster.palette === undefined &&
    raster.samples === selection.bands.length &&
    selection.nodata === undefined &&
    selection.bands.every((band, index) => band === index + 1)
  );
}

/** Copies `count` pixels one by one: any selection of bands, palette, nodata, alpha and mask. */
function copyPixels(
  raster: Raster,
  selection: ChannelSelection,
  window: OpenWindow,
  block: Block,
  from: number,
  to: number,
  count: number,
): void {
  const { palette } = raster;
  const { samples: target, channels } = window;
  const source = block.samples;
  for (let index = 0; index < count; index++) {
    const first = (from + index) * raster.samples;
    const pixel = to + index;
    let opacity = block.mask === undefined ? 255 : block.mask[from + index]!;
    if (raster.alpha) opacity = Math.min(opacity, alphaValue(raster, source, first + raster.samples - 1));
    if (isMissing(source, first, selection)) opacity = 0;
    if (palette === undefined) {
      for (let channel = 0; channel < channels; channel++) {
        target[pixel * channels + channel] = source[first + selection.bands[channel]! - 1]!;
      }
    } else {
      const colour = source[first + selection.bands[0]! - 1]! * CHANNELS_OF_PALETTE;
      for (let channel = 0; channel < CHANNELS_OF_PALETTE; channel++) {
        target[pixel * channels + channel] = palette[colour + channel] ?? 0;
      }
    }
    if (opacity !== 255) alphaOf(window)[pixel] = opacity;
  }
}

/** Whether the pixel whose samples begin at `first` is not there: nodata in every band, or not a number in one. */
export function isMissing(source: Samples, first: number, { bands, nodata }: ChannelSelection): boolean {
  let allNodata = nodata !== undefined;
  for (let index = 0; index < bands.length; index++) {
    const value = source[first + bands[index]! - 1]!;
    if (!Number.isFinite(value)) return true;
    if (value !== nodata) allNodata = false;
  }
  return allNodata;
}

/** Alpha as 0 … 255: 16-bit alpha is scaled, any other kind is there or not. */
function alphaValue(raster: Raster, source: Samples, index: number): number {
  const value = source[index]!;
  if (raster.sampleType === 'uint8') return value;
  if (raster.sampleType === 'uint16') return Math.round(value / 257);
  return value > 0 ? 255 : 0;
}
