import { LonghaulError } from '../../../errors/longhaul-error.ts';

const COMPLETE = 'Check that the file was written and uploaded completely; any parser of JSON must read it.';

export function notGeoJson(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'not-geojson',
    retryable: false,
    detail: `The source is not GeoJSON: ${reason}.`,
    remedy: 'Give a FeatureCollection, a Feature or a geometry of RFC 7946.',
  });
}

export function geoJsonTruncated(size: number): LonghaulError {
  return new LonghaulError({
    code: 'geojson-truncated',
    retryable: false,
    detail: `The file is cut off: it has ${size} bytes, and its outermost object does not end.`,
    remedy: COMPLETE,
  });
}

export function isTruncated(error: unknown): boolean {
  return error instanceof LonghaulError && error.code === 'geojson-truncated';
}

export function geoJsonCorrupt(offset: number, reason: string): LonghaulError {
  return new LonghaulError({
    code: 'geojson-corrupt',
    retryable: false,
    detail: `The file is not valid JSON at byte ${offset}: ${reason}.`,
    remedy: COMPLETE,
  });
}

export function geoJsonTrailing(offset: number): LonghaulError {
  return new LonghaulError({
    code: 'geojson-trailing-content',
    retryable: false,
    detail: `Something follows the outermost object at byte ${offset}.`,
    remedy: 'Submit a file of one feature to a line as GeoJSONSeq; otherwise keep one object in it.',
  });
}

/** RFC 7946, section 4: coordinates of GeoJSON are longitude and latitude. */
export function geoJsonNeedsCrs84(crs: string): LonghaulError {
  return new LonghaulError({
    code: 'geojson-needs-crs84',
    retryable: false,
    detail: `GeoJSON is always in longitude and latitude (OGC:CRS84), not in ${crs}.`,
    remedy: 'Leave the CRS of the output out, or choose another format for it.',
  });
}
