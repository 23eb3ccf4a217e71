import { polygonBounds } from '../../geo/tiles/area.ts';
import { toLongitudeLatitude, type Bounds } from '../../geo/tiles/web-mercator-quad.ts';
import { clipAreas } from './dataset-coverage.ts';
import type { RasterDetail } from './detail.ts';

/** Decimal places of degrees: a tenth of a millimetre, and the same text on every machine. */
const DECIMALS = 9;

/**
 * Bounds of what a dataset shows, in degrees: of the part of its footprint that was asked for. One that crosses the
 * antimeridian spans all longitudes, as PMTiles has no other way to say it.
 */
export function tilesetBounds({
  footprint,
  clip,
}: Pick<RasterDetail, 'footprint' | 'clip'>): [west: number, south: number, east: number, north: number] {
  let boxes = footprint.extents.map(({ bounds }) => bounds);
  for (const area of clipAreas(clip)) {
    const asked = area.polygons.map(polygonBounds);
    boxes = boxes.flatMap((box) => asked.map((other) => intersect(box, other)).filter(isFilled));
  }
  const [west, south] = toLongitudeLatitude(
    Math.min(...boxes.map(([minX]) => minX)),
    Math.min(...boxes.map(([, minY]) => minY)),
  );
  const [east, north] = toLongitudeLatitude(
    Math.max(...boxes.map(([, , maxX]) => maxX)),
    Math.max(...boxes.map(([, , , maxY]) => maxY)),
  );
  return [round(west), round(south), round(east), round(north)];
}

function intersect(one: Bounds, other: Bounds): Bounds {
  return [
    Math.max(one[0], other[0]),
    Math.max(one[1], other[1]),
    Math.min(one[2], other[2]),
    Math.min(one[3], other[3]),
  ];
}

function isFilled([minX, minY, maxX, maxY]: Bounds): boolean {
  return minX < maxX && minY < maxY;
}

function round(degrees: number): number {
  return Number(degrees.toFixed(DECIMALS));
}
