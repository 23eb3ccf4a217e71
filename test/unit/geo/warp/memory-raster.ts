import { crsFromEpsg } from '../../../../shared/geo/projections/crs-from-epsg.ts';
import type { AffineTransform, Block, Raster, RasterLevel, SampleType } from '../../../../shared/geo/tiff/raster.ts';

export interface MemoryRasterOptions {
  width: number;
  height: number;
  epsg: number;
  transform: AffineTransform;
  bands?: number;
  alpha?: boolean;
  sampleType?: SampleType;
  nodata?: number;
  palette?: Uint8Array;
  blockSize?: number;
  /** How many times the raster is halved [0]. */
  overviews?: number;
  /** By column and row of the level. */
  value?: (column: number, row: number, sample: number, level: number) => number;
  mask?: (column: number, row: number, level: number) => boolean;
  sparse?: (column: number, row: number, level: number) => boolean;
  onRead?: (level: number, column: number, row: number) => void | Promise<void>;
}

const ARRAYS = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Values without any likeness between neighbours, 0 … 255: the worst that an interpolation can meet. */
export function noise(column: number, row: number, sample: number): number {
  let hash = Math.imul(column + 1, 0x9e3779b1) ^ Math.imul(row + 1, 0x85ebca6b) ^ Math.imul(sample + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) & 255;
}

/** A raster that computes its blocks. */
export function memoryRaster(options: MemoryRasterOptions): Raster {
  const { bands = 3, alpha = false, sampleType = 'uint8', overviews = 0 } = options;
  const levels = Array.from({ length: overviews + 1 }, (_, index) => memoryLevel(options, index));
  return {
    url: new URL('memory:///raster.tif'),
    etag: '"memory"',
    byteSize: 0,
    width: options.width,
    height: options.height,
    bands,
    alpha,
    samples: bands + (alpha ? 1 : 0),
    sampleType,
    nodata: options.nodata,
    photometric: options.palette === undefined ? (bands >= 3 ? 'rgb' : 'min-is-black') : 'palette',
    palette: options.palette,
    crs: crsFromEpsg(options.epsg),
    transform: options.transform,
    levels,
    compression: 'none',
    tiled: true,
    advisories: overviews === 0 ? ['no-overviews'] : [],
  };
}

function memoryLevel(options: MemoryRasterOptions, index: number): RasterLevel {
  const { bands = 3, alpha = false, sampleType = 'uint8', blockSize = 64, value = noise } = options;
  const width = Math.ceil(options.width / 2 ** index);
  const height = Math.ceil(options.height / 2 ** index);
  const samples = bands + (alpha ? 1 : 0);

  function makeBlock(column: number, row: number): Block {
    const data = new ARRAYS[sampleType](blockSize * blockSize * samples);
    const mask = options.mask === undefined ? undefined : new Uint8Array(blockSize * blockSize);
    for (let y = 0; y < blockSize; y++) {
      for (let x = 0; x < blockSize; x++) {
        const pixel = y * blockSize + x;
        const [c, r] = [column * blockSize + x, row * blockSize + y];
        for (let sample = 0; sample < samples; sample++) data[pixel * samples + sample] = value(c, r, sample, index);
        if (mask !== undefined) mask[pixel] = options.mask!(c, r, index) ? 255 : 0;
      }
    }
    return { width: blockSize, height: blockSize, samples: data, mask };
  }

  return {
    width,
    height,
    blockWidth: blockSize,
    blockHeight: blockSize,
    blocksAcross: Math.ceil(width / blockSize),
    blocksDown: Math.ceil(height / blockSize),
    async readBlock(column, row, signal) {
      signal?.throwIfAborted();
      await options.onRead?.(index, column, row);
      return options.sparse?.(column, row, index) === true ? undefined : makeBlock(column, row);
    },
  };
}
