import { LonghaulError, type LonghaulErrorDetails } from '../../errors/longhaul-error.ts';

/** JSON pointer to the input that an error is about, when the caller knows it. */
type Field = string | undefined;

function invalid(field: Field, details: Omit<LonghaulErrorDetails, 'retryable' | 'field'>): LonghaulError {
  return new LonghaulError({ ...details, retryable: false, ...(field === undefined ? {} : { field }) });
}

/** A zoom that is no whole number from 0 to the deepest one. */
export function zoomOutOfRange(zoom: number, maxZoom: number, field?: string): LonghaulError {
  return invalid(field, {
    code: 'zoom-out-of-range',
    detail: `Zoom ${zoom} is not a whole number from 0 to ${maxZoom}.`,
    remedy: `Choose a zoom from 0 to ${maxZoom}.`,
    limit: maxZoom,
    actual: zoom,
  });
}

export function minzoomAboveMaxzoom(minzoom: number, maxzoom: number, field?: string): LonghaulError {
  return invalid(field, {
    code: 'minzoom-above-maxzoom',
    detail: `The lowest zoom ${minzoom} is above the highest zoom ${maxzoom}.`,
    remedy: 'Choose a minzoom that is at most maxzoom.',
    limit: maxzoom,
    actual: minzoom,
  });
}

/** An area that cannot be read as one. */
export function areaInvalid(detail: string, field?: string): LonghaulError {
  return invalid(field, {
    code: 'area-invalid',
    detail,
    remedy:
      'Give a GeoJSON Polygon or MultiPolygon with closed rings, or a bbox [west, south, east, north], in degrees.',
  });
}

/** An area without any surface inside the world's square (±85.0511°). */
export function areaEmpty(detail: string, field?: string): LonghaulError {
  return invalid(field, {
    code: 'area-empty',
    detail,
    remedy: 'Give an area with a surface between 85.0511 degrees south and north.',
  });
}

export function areaTooComplex(vertices: number, limit: number, field?: string): LonghaulError {
  return invalid(field, {
    code: 'area-too-complex',
    detail: `The area has at least ${vertices} vertices, slanted edges of many degrees counted as several; ${limit} are allowed.`,
    remedy: 'Simplify the area: a tolerance of half a pixel of the highest zoom changes no tile.',
    limit,
    actual: vertices,
  });
}

/** A coverage whose outline costs too much at the highest zoom. */
export function coverageTooComplex(what: string, limit: number, field?: string): LonghaulError {
  return invalid(field, {
    code: 'coverage-too-complex',
    detail: `The outline of the area needs more than ${limit} ${what} at this highest zoom.`,
    remedy: 'Simplify the area, lower maxzoom, or split the area over several jobs.',
    limit,
  });
}
