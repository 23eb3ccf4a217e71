import { transformer } from '../projections/transformer.ts';
import type { Raster } from '../tiff/raster.ts';

/** Maps a point of EPSG:3857 to continuous pixel coordinates of a level; NaN where there is none. */
export type SourceProjection = (x: number, y: number, result: { u: number; v: number }) => void;

/**
 * Web Mercator metres → columns (`u`) and rows (`v`) of a level; 0 is the outer edge of the first pixel.
 * @param shift added to the source's x before it becomes a column: whole turns of a source that counts beyond ±180°
 */
export function sourceProjection(raster: Raster, levelIndex: number, shift: number): SourceProjection {
  const forward = transformer('EPSG:3857', raster.crs);
  const level = raster.levels[levelIndex]!;
  const acrossFactor = level.width / raster.width;
  const downFactor = level.height / raster.height;
  const [a, b, c, d, e, f] = raster.transform;
  const determinant = a * e - b * d;
  const uX = (e / determinant) * acrossFactor;
  const uY = (-b / determinant) * acrossFactor;
  const vX = (-d / determinant) * downFactor;
  const vY = (a / determinant) * downFactor;
  return (x, y, result) => {
    const point = forward(x, y);
    const dx = point[0] + shift - c;
    const dy = point[1] - f;
    result.u = uX * dx + uY * dy;
    result.v = vX * dx + vY * dy;
  };
}
