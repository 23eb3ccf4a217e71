import { LonghaulError } from '../../errors/longhaul-error.ts';

/** A CRS that cannot be told for certain, or not be computed. */
export function crsUnknown(detail: string, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'crs-unknown',
    retryable: false,
    detail,
    remedy:
      'Say by `sourceCrs` which CRS of the EPSG register the coordinates are in, such as `EPSG:32633`, or reproject the source.',
    cause,
  });
}
