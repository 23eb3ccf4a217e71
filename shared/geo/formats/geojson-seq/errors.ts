import { LonghaulError } from '../../../errors/longhaul-error.ts';

export function notGeoJsonSeq(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'not-geojson-seq',
    retryable: false,
    detail: `The source is no sequence of GeoJSON: ${reason}.`,
    remedy: 'Give one feature to a line, or texts that each follow a record separator (RFC 8142).',
  });
}
