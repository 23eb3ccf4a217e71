import { LonghaulError } from '../../errors/longhaul-error.ts';

const CONVERT = 'Convert the file, for instance with `gdal_translate -of COG`, and submit the result.';
const COMPLETE = 'Check that the file was written and uploaded completely; `gdalinfo -checksum` must read it.';

/** Final errors of a file that is broken, or is not what it should be. */
function broken(code: string, detail: string, remedy: string, cause?: unknown): LonghaulError {
  return new LonghaulError({ code, retryable: false, detail, remedy, cause });
}

export function notATiff(reason: string): LonghaulError {
  return broken('not-a-tiff', `The source is not a TIFF: ${reason}.`, 'Give a GeoTIFF or a COG.');
}

export function rasterTruncated(what: string, end: number, size: number): LonghaulError {
  return new LonghaulError({
    code: 'raster-truncated',
    retryable: false,
    detail: `The file is cut off: ${what} would end at byte ${end}, and the file has ${size}.`,
    remedy: COMPLETE,
    limit: size,
    actual: end,
  });
}

export function ifdLoop(offset: number): LonghaulError {
  return broken('raster-ifd-loop', `The chain of image directories comes back to byte ${offset}.`, COMPLETE);
}

export function tooManyIfds(limit: number): LonghaulError {
  return new LonghaulError({
    code: 'raster-too-many-ifds',
    retryable: false,
    detail: `The file has more than ${limit} image directories.`,
    remedy: 'Split the file into one file for each image.',
    limit,
  });
}

export function headerCorrupt(reason: string, cause?: unknown): LonghaulError {
  return broken('raster-header-corrupt', `The TIFF header is not valid: ${reason}.`, COMPLETE, cause);
}

export function blockCorrupt(block: string, reason: string, cause?: unknown): LonghaulError {
  return broken('raster-block-corrupt', `${block} cannot be decoded: ${reason}.`, COMPLETE, cause);
}

export function crsMissing(): LonghaulError {
  return broken(
    'raster-crs-missing',
    'The file does not say which coordinate reference system it is in.',
    'Write one into it, for instance with `gdal_edit.py -a_srs EPSG:32621`.',
  );
}

export function crsUnknown(detail: string): LonghaulError {
  return broken(
    'raster-crs-unknown',
    detail,
    'Reproject the file to a CRS of the EPSG register, for instance with `gdalwarp -t_srs EPSG:3857`.',
  );
}

export function transformMissing(reason: string): LonghaulError {
  return broken(
    'raster-transform-missing',
    `The file does not say where it lies: ${reason}.`,
    'Write a georeference into it with `gdal_edit.py -a_ullr`, or warp it by its control points with `gdalwarp`.',
  );
}

export function zeroArea(reason: string): LonghaulError {
  return broken('raster-zero-area', `The raster covers no area: ${reason}.`, 'Correct the georeference of the file.');
}

/** Something that a TIFF may hold and that is not read; `what` says it in the terms of the standard. */
export function unsupported(
  what: 'compression' | 'sample-format' | 'predictor' | 'photometric' | 'alpha' | 'fill-order' | 'mask',
  detail: string,
): LonghaulError {
  return broken(`raster-${what}-unsupported`, detail, CONVERT);
}

export function rasterTooLarge(what: string, actual: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'raster-too-large',
    retryable: false,
    detail: `The raster has ${actual} ${what}; at most ${limit} are read.`,
    remedy: 'Split the raster into several datasets.',
    limit,
    actual,
  });
}

export function blockTooLarge(block: string, actual: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'raster-block-too-large',
    retryable: false,
    detail: `${block} takes ${actual} bytes; at most ${limit} are read at once.`,
    remedy: CONVERT,
    limit,
    actual,
  });
}
