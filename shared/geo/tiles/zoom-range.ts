import { minzoomAboveMaxzoom, zoomOutOfRange } from './errors.ts';
import { MAX_ZOOM } from './web-mercator-quad.ts';

/** JSON pointers to the two inputs, for the errors. */
export interface ZoomFields {
  minzoom?: string;
  maxzoom?: string;
}

/**
 * Checks a range of zooms.
 * @throws LonghaulError `zoom-out-of-range`, `minzoom-above-maxzoom` (final)
 */
export function checkZoomRange(minzoom: number, maxzoom: number, fields: ZoomFields = {}): void {
  if (!isZoom(minzoom)) throw zoomOutOfRange(minzoom, MAX_ZOOM, fields.minzoom);
  if (!isZoom(maxzoom)) throw zoomOutOfRange(maxzoom, MAX_ZOOM, fields.maxzoom);
  if (minzoom > maxzoom) throw minzoomAboveMaxzoom(minzoom, maxzoom, fields.minzoom);
}

function isZoom(zoom: number): boolean {
  return Number.isInteger(zoom) && zoom >= 0 && zoom <= MAX_ZOOM;
}
