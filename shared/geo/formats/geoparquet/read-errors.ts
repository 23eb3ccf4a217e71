import { LonghaulError } from '../../../errors/longhaul-error.ts';
import { FeatureError } from '../feature-error.ts';

const COMPLETE = 'Check that the file was written and uploaded completely; `parquet-tools` or pyarrow must read it.';
const REWRITE = 'Write the file again with a current tool, for instance `ogr2ogr -f Parquet`.';

export function notParquet(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'not-a-parquet',
    retryable: false,
    detail: `The source is not a Parquet file: ${reason}.`,
    remedy: 'Give a GeoParquet.',
  });
}

/** The file as a whole, or what follows in a block, cannot be read. */
export function parquetCorrupt(reason: string, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'parquet-corrupt',
    retryable: false,
    detail: `The Parquet file is not valid: ${reason}.`,
    remedy: COMPLETE,
    cause,
  });
}

export function parquetTooLarge(what: string, actual: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'parquet-too-large',
    retryable: false,
    detail: `The Parquet file has ${actual} ${what}; at most ${limit} are read.`,
    remedy: 'Write it with smaller pages and row groups, or split it into several files.',
    limit,
    actual,
  });
}

export function parquetUnsupported(what: string): LonghaulError {
  return new LonghaulError({
    code: 'parquet-unsupported',
    retryable: false,
    detail: `The Parquet file ${what}, which is not read.`,
    remedy: REWRITE,
  });
}

export function geometryColumnMissing(): LonghaulError {
  return new LonghaulError({
    code: 'geoparquet-geometry-missing',
    retryable: false,
    detail: 'The Parquet file does not say which of its columns has the geometries.',
    remedy:
      'Give a GeoParquet: with the metadata `geo`, the logical type GEOMETRY, or a column of WKB named `geometry`.',
  });
}

export function geoMetadataInvalid(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'geoparquet-metadata-invalid',
    retryable: false,
    detail: `The metadata \`geo\` of the Parquet file is not valid: ${reason}.`,
    remedy: REWRITE,
  });
}

export function geometryInvalid(reason: string): FeatureError {
  return new FeatureError({
    code: 'geoparquet-geometry-invalid',
    retryable: false,
    detail: `The geometry is not valid: ${reason}.`,
    remedy: REWRITE,
  });
}
