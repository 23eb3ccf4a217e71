import { blockBytes, maskBytes, type BlockLayout } from './tiff-blocks.ts';
import { compressBlock, type LosslessCompression } from './tiff-block-encoder.ts';
import { imageTags, type TiffImage } from './tiff-tags.ts';
import { writeTiffFile } from './tiff-file.ts';

export type SampleType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'float64';

/** What the TIFF is to hold; what is absent takes the value in brackets. */
export interface TiffOptions {
  width: number;
  height: number;
  /** Colour or data bands, without alpha [1]. */
  bands?: number;
  /** An extra sample that is alpha, after the bands [false]. */
  alpha?: boolean;
  sampleType?: SampleType;
  /** Value of a sample; column and row are those of the full resolution [a pattern that differs by band]. */
  value?: (column: number, row: number, sample: number, level: number) => number;
  /** Width and height of a tile in pixels [striped]. */
  tileSize?: number;
  /** Rows of a strip, when there is no `tileSize` [16]. */
  rowsPerStrip?: number;
  compression?: LosslessCompression;
  /** 1 none, 2 horizontal differences, 3 floating point [1]. */
  predictor?: 1 | 2 | 3;
  /** Bands in one plane each: PlanarConfiguration 2 [false]. */
  bandInterleaved?: boolean;
  bigEndian?: boolean;
  bigTiff?: boolean;
  /** [rgb from three bands on, palette when there is one, else min-is-black] */
  photometric?: 'min-is-white' | 'min-is-black' | 'rgb' | 'palette';
  /** 256 colours of three bytes. */
  palette?: Uint8Array;
  /** Text of the GDAL_NODATA tag. */
  nodata?: number | string;
  /** Number of overviews, each half of the one before [0]. */
  overviews?: number;
  /** True where a pixel is valid, by column and row of the full resolution: writes a mask for every level. */
  mask?: (column: number, row: number) => boolean;
  /** True for the blocks that are not stored. */
  sparse?: (column: number, row: number, level: number) => boolean;
  /** [32621; null writes no GeoKeys at all] */
  epsg?: number | null;
  /** Whether `epsg` is a geographic CRS [4000 ≤ epsg < 5000]. */
  geographic?: boolean;
  /** Outer corner of the first pixel in the CRS [500000, 5000000]; null writes no georeference. */
  origin?: readonly [x: number, y: number] | null;
  /** Size of a pixel in units of the CRS [10]. */
  resolution?: number;
  /** Affine transform a, b, c, d, e, f, written as ModelTransformation in place of origin and resolution. */
  transform?: readonly [number, number, number, number, number, number];
  /** Write the georeference for pixel centres (RasterPixelIsPoint); the raster lies where it lay [false]. */
  pixelIsPoint?: boolean;
  /** Encodes a block in place of `compression`; `compressionCode` is then the tag's value. */
  encodeBlock?: (bytes: Uint8Array, layout: BlockLayout) => Uint8Array;
  compressionCode?: number;
  /** Written as the JPEGTables tag. */
  jpegTables?: Uint8Array;
  /** Overrides PhotometricInterpretation, such as 6 for YCbCr. */
  photometricCode?: number;
}

/** Default values: differ by band, repeat late, and look like an image rather than noise. */
export function pattern(column: number, row: number, sample: number): number {
  return (column * 3 + row * 5 + sample * 67 + ((column >> 3) ^ (row >> 3)) * 7) % 251;
}

/** Writes a GeoTIFF, laid out as a COG: all directories first, then the blocks, full resolution first. */
export function makeTiff(options: TiffOptions): Uint8Array {
  const images: TiffImage[] = [];
  for (let level = 0; level <= (options.overviews ?? 0); level++) {
    images.push(dataImage(options, level));
    if (options.mask !== undefined) images.push(maskImage(options, options.mask, level));
  }
  return writeTiffFile(images, options.bigEndian !== true, options.bigTiff === true);
}

/** Blocks of a level in file order: by plane, then row, then column. */
export function blockLayouts(options: TiffOptions, level: number, mask = false): BlockLayout[] {
  const width = Math.ceil(options.width / 2 ** level);
  const height = Math.ceil(options.height / 2 ** level);
  const blockWidth = options.tileSize ?? width;
  const blockHeight = options.tileSize ?? options.rowsPerStrip ?? 16;
  const allSamples = (options.bands ?? 1) + (options.alpha === true ? 1 : 0);
  const planes = options.bandInterleaved === true && !mask ? allSamples : 1;
  const layouts: BlockLayout[] = [];
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < Math.ceil(height / blockHeight); row++) {
      for (let column = 0; column < Math.ceil(width / blockWidth); column++) {
        const rows = options.tileSize === undefined ? Math.min(blockHeight, height - row * blockHeight) : blockHeight;
        const samples = planes > 1 ? [plane] : Array.from({ length: mask ? 1 : allSamples }, (_, index) => index);
        layouts.push({ level, width, height, column, row, blockWidth, blockHeight, rows, samples });
      }
    }
  }
  return layouts;
}

function dataImage(options: TiffOptions, level: number): TiffImage {
  const layouts = blockLayouts(options, level);
  const encode = options.encodeBlock ?? ((bytes: Uint8Array) => compressBlock(bytes, options.compression ?? 'none'));
  const blocks = layouts.map((layout) =>
    options.sparse?.(layout.column, layout.row, level) === true
      ? new Uint8Array(0)
      : encode(blockBytes(options, layout), layout),
  );
  return { tags: imageTags(options, layouts[0]!, level, false), tiled: options.tileSize !== undefined, blocks };
}

function maskImage(options: TiffOptions, mask: (column: number, row: number) => boolean, level: number): TiffImage {
  const layouts = blockLayouts(options, level, true);
  const blocks = layouts.map((layout) => compressBlock(maskBytes(mask, layout), 'deflate'));
  return { tags: imageTags(options, layouts[0]!, level, true), tiled: options.tileSize !== undefined, blocks };
}
