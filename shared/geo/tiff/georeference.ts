import { ModelTypeCode, RasterTypeKey, TiffTag, TiffTagGeo, type TiffImage } from '@cogeotiff/core';
import type { Crs } from '../projections/crs.ts';
import { findCrs, notReprojected } from '../projections/crs-from-epsg.ts';
import { crsMissing, crsUnknown, headerCorrupt, transformMissing, zeroArea } from './errors.ts';
import type { AffineTransform } from './raster.ts';
import { tagNumbers } from './tag-values.ts';

/** GeoKey value for something that is described by other keys (GeoTIFF 1.1, 7.1). */
const USER_DEFINED = 32767;

/**
 * The EPSG-coded CRS of the first directory (GeoTIFF 1.1, OGC 19-008r4).
 * @throws LonghaulError `raster-crs-missing`, `raster-crs-unknown` (final)
 */
export function readCrs(image: TiffImage): Crs {
  const model = geoNumber(image, TiffTagGeo.GTModelTypeGeoKey);
  const projected = geoNumber(image, TiffTagGeo.ProjectedCRSGeoKey);
  const geodetic = geoNumber(image, TiffTagGeo.GeodeticCRSGeoKey);
  if (model === ModelTypeCode.Geocentric) throw crsUnknown('Geocentric coordinates are not supported.');
  const code = model === ModelTypeCode.Geographic ? geodetic : (projected ?? geodetic);
  if (code === undefined && model === undefined) throw crsMissing();
  if (code === undefined || code === USER_DEFINED || (projected === undefined && model === ModelTypeCode.Projected)) {
    throw crsUnknown('The coordinate reference system is described by parameters and has no EPSG code.');
  }
  const crs = findCrs(code);
  if (crs === undefined) throw crsUnknown(notReprojected(code));
  return crs;
}

/**
 * The affine transform of the first directory, for pixel corners whatever the file was written for.
 * @throws LonghaulError `raster-transform-missing`, `raster-zero-area`, `raster-header-corrupt` (final)
 */
export async function readTransform(image: TiffImage, signal?: AbortSignal): Promise<AffineTransform> {
  const stored = (await matrixTransform(image, signal)) ?? (await tiepointTransform(image, signal));
  if (!stored.every(Number.isFinite)) throw headerCorrupt(`its georeference is ${stored.join(', ')}`);
  const [a, b, c, d, e, f] = stored;
  if (a * e - b * d === 0) throw zeroArea('a pixel has no width or no height');
  if (geoNumber(image, TiffTagGeo.GTRasterTypeGeoKey) !== RasterTypeKey.PixelIsPoint) return stored;
  // The stored coordinates are those of pixel centres: the corner is half a pixel before.
  return [a, b, c - (a + b) / 2, d, e, f - (d + e) / 2];
}

async function matrixTransform(image: TiffImage, signal?: AbortSignal): Promise<AffineTransform | undefined> {
  const matrix = await tagNumbers(image, TiffTag.ModelTransformation, signal);
  if (matrix === undefined) return undefined;
  if (matrix.length !== 16) throw headerCorrupt(`ModelTransformation has ${matrix.length} values, not 16`);
  return [matrix[0]!, matrix[1]!, matrix[3]!, matrix[4]!, matrix[5]!, matrix[7]!];
}

async function tiepointTransform(image: TiffImage, signal?: AbortSignal): Promise<AffineTransform> {
  const scale = await tagNumbers(image, TiffTag.ModelPixelScale, signal);
  const tiepoints = await tagNumbers(image, TiffTag.ModelTiePoint, signal);
  if (tiepoints === undefined) throw transformMissing('it has no tie point and no transformation');
  if (scale === undefined)
    throw transformMissing(`it has ${Math.floor(tiepoints.length / 6)} control points and no scale`);
  const [scaleX, scaleY] = scale;
  const [column, row, , x, y] = tiepoints;
  if (scaleX === undefined || scaleY === undefined || column === undefined || row === undefined) {
    throw headerCorrupt('ModelPixelScale or ModelTiepoint is too short');
  }
  if (x === undefined || y === undefined) throw headerCorrupt('ModelTiepoint is too short');
  return [scaleX, 0, x - column * scaleX, 0, -scaleY, y + row * scaleY];
}

function geoNumber(image: TiffImage, key: TiffTagGeo): number | undefined {
  const value: unknown = image.valueGeo(key);
  return typeof value === 'number' ? value : undefined;
}
