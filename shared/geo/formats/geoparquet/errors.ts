import { LonghaulError } from '../../../errors/longhaul-error.ts';

/** GeoParquet tells a CRS other than OGC:CRS84 in PROJJSON alone. */
export function geoParquetNeedsProjjson(crs: string): LonghaulError {
  return new LonghaulError({
    code: 'geoparquet-needs-projjson',
    retryable: false,
    detail: `There is no PROJJSON for ${crs}, which GeoParquet needs.`,
    remedy: 'Leave the CRS of the output out, or choose another format for it.',
  });
}
