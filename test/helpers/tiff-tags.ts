import type { TiffOptions } from './make-tiff.ts';
import type { BlockLayout } from './tiff-blocks.ts';
import { SAMPLE_BYTES } from './tiff-block-encoder.ts';

/** Field types of TIFF 6.0 and BigTIFF that are written here. */
export const FIELD = { ascii: 2, short: 3, long: 4, undefined: 7, double: 12, long8: 16 } as const;

export interface TiffTag {
  id: number;
  type: number;
  values: readonly number[];
}

export interface TiffImage {
  tags: TiffTag[];
  tiled: boolean;
  /** Encoded blocks in file order; one of no bytes is not stored. */
  blocks: Uint8Array[];
}

const COMPRESSION_CODES = { none: 1, lzw: 5, deflate: 8, 'old-deflate': 32946, packbits: 32773, zstd: 50000 } as const;
const PHOTOMETRIC_CODES = { 'min-is-white': 0, 'min-is-black': 1, rgb: 2, palette: 3 } as const;
const MASK_PHOTOMETRIC = 4;

/** Tags of one image but for its block offsets and sizes. */
export function imageTags(options: TiffOptions, layout: BlockLayout, level: number, mask: boolean): TiffTag[] {
  const bands = options.bands ?? 1;
  const samples = mask ? 1 : bands + (options.alpha === true ? 1 : 0);
  const type = options.sampleType ?? 'uint8';
  const short = (id: number, ...values: number[]): TiffTag => ({ id, type: FIELD.short, values });
  const long = (id: number, ...values: number[]): TiffTag => ({ id, type: FIELD.long, values });
  const compression = options.compressionCode ?? COMPRESSION_CODES[options.compression ?? 'none'];
  const photometric = options.photometricCode ?? PHOTOMETRIC_CODES[options.photometric ?? defaultPhotometric(options)];
  const tags: TiffTag[] = [
    long(254, (level > 0 ? 1 : 0) | (mask ? 4 : 0)),
    long(256, layout.width),
    long(257, layout.height),
    short(258, ...Array.from({ length: samples }, () => (mask ? 1 : SAMPLE_BYTES[type] * 8))),
    short(259, mask ? COMPRESSION_CODES.deflate : compression),
    short(262, mask ? MASK_PHOTOMETRIC : photometric),
    short(277, samples),
    short(284, options.bandInterleaved === true && !mask ? 2 : 1),
  ];
  if (options.tileSize === undefined) tags.push(long(278, layout.blockHeight));
  else tags.push(long(322, layout.blockWidth), long(323, layout.blockHeight));
  if (mask) return tags;
  if ((options.predictor ?? 1) > 1) tags.push(short(317, options.predictor ?? 1));
  const colours = [0, 1, 3].includes(photometric) ? 1 : 3;
  const extras = samples - Math.min(colours, samples);
  if (extras > 0) {
    const kinds = Array.from({ length: extras }, (_, index) =>
      options.alpha === true && index === extras - 1 ? 2 : 0,
    );
    tags.push(short(338, ...kinds));
  }
  const format = type.startsWith('float') ? 3 : type.startsWith('int') ? 2 : 1;
  tags.push(short(339, ...Array.from({ length: samples }, () => format)));
  if (options.palette !== undefined) tags.push(short(320, ...colourMap(options.palette)));
  if (options.jpegTables !== undefined) tags.push({ id: 347, type: FIELD.undefined, values: [...options.jpegTables] });
  if (options.nodata !== undefined) {
    tags.push({ id: 42113, type: FIELD.ascii, values: [...Buffer.from(`${options.nodata}\0`)] });
  }
  return level === 0 ? [...tags, ...georeference(options)] : tags;
}

function defaultPhotometric(options: TiffOptions): keyof typeof PHOTOMETRIC_CODES {
  if (options.palette !== undefined) return 'palette';
  return (options.bands ?? 1) >= 3 ? 'rgb' : 'min-is-black';
}

/** TIFF colour maps hold all reds, then all greens, then all blues, in 16 bits. */
function colourMap(palette: Uint8Array): number[] {
  return [0, 1, 2].flatMap((channel) => Array.from({ length: 256 }, (_, index) => palette[index * 3 + channel]! * 257));
}

function georeference(options: TiffOptions): TiffTag[] {
  const tags: TiffTag[] = [];
  const double = (id: number, ...values: number[]): TiffTag => ({ id, type: FIELD.double, values });
  const half = options.pixelIsPoint === true ? 0.5 : 0;
  const resolution = options.resolution ?? 10;
  if (options.transform !== undefined) {
    const [a, b, c, d, e, f] = options.transform;
    const x = c + (a + b) * half;
    const y = f + (d + e) * half;
    tags.push(double(34264, a, b, 0, x, d, e, 0, y, 0, 0, 0, 0, 0, 0, 0, 1));
  } else if (options.origin !== null) {
    const [x, y] = options.origin ?? [500_000, 5_000_000];
    tags.push(double(33550, resolution, resolution, 0));
    tags.push(double(33922, 0, 0, 0, x + half * resolution, y - half * resolution, 0));
  }
  if (options.epsg !== null) {
    const epsg = options.epsg ?? 32621;
    const geographic = options.geographic ?? (epsg >= 4000 && epsg < 5000);
    const keys = [
      [1024, 0, 1, geographic ? 2 : 1],
      [1025, 0, 1, options.pixelIsPoint === true ? 2 : 1],
      [geographic ? 2048 : 3072, 0, 1, epsg],
    ];
    tags.push({ id: 34735, type: FIELD.short, values: [1, 1, 0, keys.length, ...keys.flat()] });
  }
  return tags;
}
