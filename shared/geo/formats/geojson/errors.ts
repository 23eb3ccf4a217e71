import { LonghaulError } from '../../../errors/longhaul-error.ts';

/** RFC 7946, section 4: coordinates of GeoJSON are longitude and latitude. */
export function geoJsonNeedsCrs84(crs: string): LonghaulError {
  return new LonghaulError({
    code: 'geojson-needs-crs84',
    retryable: false,
    detail: `GeoJSON is always in longitude and latitude (OGC:CRS84), not in ${crs}.`,
    remedy: 'Leave the CRS of the output out, or choose another format for it.',
  });
}
