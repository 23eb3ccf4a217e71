import proj4 from 'proj4';
import type { Bounds } from '../../../../shared/geo/tiles/web-mercator-quad.ts';
import type { MemoryRasterOptions } from './memory-raster.ts';
import { crsFromEpsg } from '../../../../shared/geo/projections/crs-from-epsg.ts';
import { noise } from './memory-raster.ts';

export interface ReferencePixel {
  /** Place in the full-resolution raster; 0 is the outer edge of the first pixel. */
  u: number;
  v: number;
  /** Values that are not rounded; undefined when the pixel is not there. */
  values: number[] | undefined;
}

const EARTH_RADIUS = 6_378_137;
const DEGREE = Math.PI / 180;

/** Longitude and latitude of a point in EPSG:3857. */
function toDegrees(x: number, y: number): [number, number] {
  return [x / EARTH_RADIUS / DEGREE, 90 - (2 * Math.atan(Math.exp(-y / EARTH_RADIUS))) / DEGREE];
}

/**
 * What a target shows, by projecting every pixel with proj4 and interpolating in full precision between the values that
 * are there: slow, plain, and sharing nothing with the code under test but the table of CRSs. For a raster whose x lies
 * within one turn, without overviews.
 */
export function referenceWarp(
  options: MemoryRasterOptions,
  bounds: Bounds,
  size: number,
  resampling: 'bilinear' | 'nearest',
): ReferencePixel[] {
  const { width, height, transform, bands = 3, value = noise } = options;
  const [a, b, c, d, e, f] = transform;
  const determinant = a * e - b * d;
  const crs = crsFromEpsg(options.epsg);
  const project = proj4('WGS84', crs.proj4);
  const isThere = (column: number, row: number) =>
    column >= 0 && row >= 0 && column < width && row < height && (options.mask?.(column, row, 0) ?? true);

  function place(x: number, y: number): [number, number] {
    const [longitude, latitude] = toDegrees(x, y);
    let [sourceX, sourceY] = crs.epsg === 3857 ? [x, y] : project.forward([longitude, latitude]);
    if (crs.geographic) while (sourceX < c) sourceX += 360;
    sourceX -= c;
    sourceY -= f;
    return [(e * sourceX - b * sourceY) / determinant, (a * sourceY - d * sourceX) / determinant];
  }

  function sample(u: number, v: number): number[] | undefined {
    if (!(u >= 0 && v >= 0 && u < width && v < height)) return undefined;
    const places =
      resampling === 'nearest'
        ? [[Math.floor(u), Math.floor(v), 1] as const]
        : [0, 1].flatMap((right) =>
            [0, 1].map((below) => {
              const column = Math.floor(u - 0.5) + right;
              const row = Math.floor(v - 0.5) + below;
              return [column, row, (1 - Math.abs(u - 0.5 - column)) * (1 - Math.abs(v - 0.5 - row))] as const;
            }),
          );
    const inside = places.filter(([x, y]) => x >= 0 && y >= 0 && x < width && y < height);
    const there = inside.filter(([x, y]) => isThere(x, y));
    const weight = there.reduce((sum, [, , part]) => sum + part, 0);
    if (weight === 0 || weight < inside.reduce((sum, [, , part]) => sum + part, 0) / 2) return undefined;
    return Array.from({ length: bands }, (_, band) =>
      there.reduce((sum, [x, y, part]) => sum + (part / weight) * value(x, y, band, 0), 0),
    );
  }

  return Array.from({ length: size * size }, (_, pixel) => {
    const step = (bounds[2] - bounds[0]) / size;
    const [u, v] = place(
      bounds[0] + ((pixel % size) + 0.5) * step,
      bounds[3] - (Math.floor(pixel / size) + 0.5) * step,
    );
    return { u, v, values: sample(u, v) };
  });
}
