import type { Crs } from '../projections/crs.ts';

export type SampleType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'float64';

export type Photometric = 'min-is-black' | 'min-is-white' | 'rgb' | 'palette' | 'ycbcr';

/** What a file lacks that makes it slow, or holds that is not used. */
export type Advisory = 'no-overviews' | 'striped' | 'overview-ignored' | 'several-images';

export type Samples =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Affine transform from pixel corners to the CRS: x = a·column + b·row + c; y = d·column + e·row + f. */
export type AffineTransform = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** A decoded block, pixel-interleaved. */
export interface Block {
  /** Pixels across: the level's `blockWidth`, also at the right edge. */
  readonly width: number;
  /** Rows: the level's `blockHeight`; fewer in the last strip of a striped file. */
  readonly height: number;
  /** width × height × samples values, in the raster's sample type. */
  readonly samples: Samples;
  /** 0 or 255 for each pixel; undefined when every pixel is valid or the file has no mask. */
  readonly mask: Uint8Array | undefined;
}

/** One resolution of a raster. */
export interface RasterLevel {
  readonly width: number;
  readonly height: number;
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly blocksAcross: number;
  readonly blocksDown: number;
  /**
   * Reads and decodes a block; undefined when the file stores no bytes for it (sparse).
   * @throws LonghaulError `raster-block-corrupt` or `raster-truncated` (final), and what the reader throws
   */
  readBlock(column: number, row: number, signal?: AbortSignal): Promise<Block | undefined>;
}

/** An open GeoTIFF. */
export interface Raster {
  readonly url: URL;
  readonly etag: string;
  readonly byteSize: number;
  readonly width: number;
  readonly height: number;
  /** Colour or data bands, without alpha. */
  readonly bands: number;
  /** Whether the last sample of a pixel is alpha, not multiplied into the others. */
  readonly alpha: boolean;
  /** Samples of a pixel in a block: bands, then alpha. */
  readonly samples: number;
  readonly sampleType: SampleType;
  /** Value that stands for no data, as a sample holds it; NaN is allowed. */
  readonly nodata: number | undefined;
  /** Blocks of a `ycbcr` raster are decoded to red, green and blue. */
  readonly photometric: Photometric;
  /** 256 colours of three bytes, in a palette raster. */
  readonly palette: Uint8Array | undefined;
  readonly crs: Crs;
  /** Of the full-resolution level. */
  readonly transform: AffineTransform;
  /** Full resolution first, then overviews by decreasing size. */
  readonly levels: readonly RasterLevel[];
  /** Name of the compression of the full resolution, such as `deflate`. */
  readonly compression: string;
  readonly tiled: boolean;
  readonly advisories: readonly Advisory[];
}
