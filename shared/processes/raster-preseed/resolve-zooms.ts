import type { Raster } from '../../geo/tiff/raster.ts';
import { MAX_ZOOM, tileResolution } from '../../geo/tiles/web-mercator-quad.ts';
import { checkZoomRange } from '../../geo/tiles/zoom-range.ts';
import { nativeResolution } from '../../geo/warp/native-resolution.ts';
import { sourcePixelsOfTile } from '../../geo/warp/source-cost.ts';
import { COVERAGE_FIELDS } from './dataset-coverage.ts';
import { overviewsMissing, resolutionUnknown } from './errors.ts';
import type { RasterPreseedInputs } from './inputs.ts';

/** Most source pixels to be decoded for one tile, about a second of work: a source with overviews needs under 2^22. */
export const MAX_SOURCE_PIXELS = 2 ** 26;

export interface Zooms {
  minzoom: number;
  maxzoom: number;
  /** Source pixels decoded for a tile of the most expensive zoom. */
  sourcePixels: number;
}

/**
 * The zooms to make: those asked for, else from the zoom at which the source is about one tile to the one nearest to
 * its own resolution.
 * @throws LonghaulError (final) `minzoom-above-maxzoom`; `raster-overviews-missing` where a tile would be made from
 *   too much of the source; `raster-resolution-unknown`
 */
export function resolveZooms(raster: Raster, inputs: RasterPreseedInputs, sourceField: string): Zooms {
  const native = nativeResolution(raster);
  if (native === undefined) throw resolutionUnknown(sourceField);
  const { tileSize } = inputs;
  const zoomOf = (resolution: number) => clampZoom(Math.round(Math.log2(tileResolution(0, tileSize) / resolution)));
  const costOf = (zoom: number) => sourcePixelsOfTile(raster, tileResolution(zoom, tileSize) / native, tileSize);
  const lowestAffordable = lowestZoom((zoom) => costOf(zoom) <= MAX_SOURCE_PIXELS);

  const wholeInOneTile = zoomOf((native * Math.max(raster.width, raster.height)) / tileSize);
  const maxzoom = inputs.maxzoom ?? Math.max(zoomOf(native), inputs.minzoom ?? 0);
  const minzoom = inputs.minzoom ?? Math.min(maxzoom, Math.max(wholeInOneTile, lowestAffordable));
  checkZoomRange(minzoom, maxzoom, COVERAGE_FIELDS);
  if (minzoom < lowestAffordable) {
    const field = inputs.minzoom === undefined ? COVERAGE_FIELDS.maxzoom : COVERAGE_FIELDS.minzoom;
    throw overviewsMissing(minzoom, lowestAffordable, costOf(minzoom), MAX_SOURCE_PIXELS, field);
  }
  return { minzoom, maxzoom, sourcePixels: Math.max(costOf(minzoom), costOf(maxzoom)) };
}

/** The lowest zoom from which on every higher one is affordable. */
function lowestZoom(affordable: (zoom: number) => boolean): number {
  let zoom = MAX_ZOOM;
  while (zoom > 0 && affordable(zoom - 1)) zoom--;
  return zoom;
}

function clampZoom(zoom: number): number {
  return Math.max(0, Math.min(MAX_ZOOM, zoom));
}
