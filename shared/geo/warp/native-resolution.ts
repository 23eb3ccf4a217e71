import { transformer } from '../projections/transformer.ts';
import type { Raster } from '../tiff/raster.ts';
import { MAX_LATITUDE, toMercator } from '../tiles/web-mercator-quad.ts';
import { sourceProjection } from './source-projection.ts';
import { sourceScale } from './source-scale.ts';

/**
 * Side of a full-resolution pixel in metres of EPSG:3857, in the middle of the raster.
 * @returns undefined when the middle has no place in EPSG:3857
 */
export function nativeResolution(raster: Raster): number | undefined {
  const [a, b, c, d, e, f] = raster.transform;
  const [column, row] = [raster.width / 2, raster.height / 2];
  const toDegrees = transformer(raster.crs, 'EPSG:4326');
  const [longitude, latitude] = toDegrees(a * column + b * row + c, d * column + e * row + f);
  if (!Number.isFinite(longitude) || !Number.isFinite(latitude)) return undefined;
  const [x, y] = toMercator(longitude, Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, latitude)));
  const region = { column: 0, row: 0, width: 1, height: 1 };
  const scale = sourceScale(sourceProjection(raster, 0, 0), { left: x, top: y, step: 1 }, region);
  return Number.isFinite(scale) && scale > 0 ? 1 / scale : undefined;
}
