import { formatUnsupported, rasterGiven } from './errors.ts';
import type { FormatId } from './format-id.ts';

/** First bytes, in hexadecimal; a dot stands for any digit. */
const FORMATS: readonly (readonly [pattern: RegExp, id: FormatId])[] = [
  [/^1f8b/, 'gzip'],
  // A local header (APPNOTE 4.3.7), or the end record of an archive that is empty (4.3.16).
  [/^504b(0304|0506)/, 'zip'],
  // "SQLite format 3" and a zero; whether it is a GeoPackage is told by its application id.
  [/^53514c69746520666f726d6174203300/, 'geopackage'],
  [/^66676203666762/, 'flatgeobuf'],
  [/^50415231/, 'geoparquet'],
  // File code 9994 and five unused integers (ESRI Shapefile Technical Description, table 1).
  [/^0000270a(00000000){5}/, 'shapefile'],
];

const RASTERS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^(49492a00|4d4d002a|49492b00|4d4d002b)/, 'a TIFF'],
  [/^89504e470d0a1a0a/, 'a PNG'],
  [/^ffd8ff/, 'a JPEG'],
  [/^47494638/, 'a GIF'],
  [/^52494646.{8}57454250/, 'a WebP'],
  [/^(0000000c6a502020|ff4fff51)/, 'a JPEG 2000'],
  [/^504d54696c6573/, 'a PMTiles archive'],
  [/^47524942/, 'a GRIB'],
];

const OTHERS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^50415245/, 'an encrypted Parquet file'],
  [/^25504446/, 'a PDF'],
  [/^894844460d0a1a0a|^434446[0125]/, 'an HDF5 or NetCDF file'],
  [/^377abcaf271c/, 'a 7z archive'],
  [/^526172211a07/, 'a RAR archive'],
  [/^425a68[3-9]/, 'a bzip2 file'],
  [/^fd377a585a00/, 'an xz file'],
  [/^28b52ffd/, 'a Zstandard file'],
  [/^41524f5731/, 'an Arrow file'],
  [/^d0cf11e0a1b11ae1/, 'a document of an office program'],
  [/^4d5a/, 'a program'],
  [/^7f454c46/, 'a program'],
];

/** Bytes of the longest pattern. */
const MAGIC_BYTES = 24;

/** Tar tells itself at byte 257 (POSIX.1, ustar). */
const TAR_OFFSET = 257;

/**
 * The binary format that the first bytes tell.
 * @returns undefined when they tell none: it may be text
 * @throws LonghaulError `not-a-vector-format`, `vector-format-unsupported` (final)
 */
export function detectMagic(head: Uint8Array): FormatId | undefined {
  const digits = Buffer.from(head.subarray(0, MAGIC_BYTES)).toString('hex');
  const format = FORMATS.find(([pattern]) => pattern.test(digits));
  if (format !== undefined) return format[1];
  const raster = RASTERS.find(([pattern]) => pattern.test(digits));
  if (raster !== undefined) throw rasterGiven(raster[1]);
  const other = OTHERS.find(([pattern]) => pattern.test(digits));
  if (other !== undefined) throw formatUnsupported(other[1]);
  if (Buffer.from(head.subarray(TAR_OFFSET, TAR_OFFSET + 5)).toString('latin1') === 'ustar') {
    throw formatUnsupported('a tar archive');
  }
  return undefined;
}
