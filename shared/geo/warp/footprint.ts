import type { Crs } from '../projections/crs.ts';
import { transformer } from '../projections/transformer.ts';
import type { Raster } from '../tiff/raster.ts';
import { polygonBounds, WORLD, type Area, type Position } from '../tiles/area.ts';
import { areaFromRing } from '../tiles/area-from-ring.ts';
import { HALF_WORLD, toMercator } from '../tiles/web-mercator-quad.ts';
import type { Extent } from './extent.ts';

/** Parts that each side of the raster is divided into at least. */
const MIN_PARTS = 8;

/** Halvings of each of these parts at most: 512 vertices a side. */
const MAX_HALVINGS = 6;

/** Farthest that the outline may leave the true edge of the raster, in its pixels. */
const TOLERANCE_PIXELS = 0.5;

/** Farthest that a point may come back from where it was, projected there and back, in pixels. */
const ROUND_TRIP_PIXELS = 1;

/** Latitude up to which an outline is followed, in degrees: beyond the world's square, and finite in it. */
const MAX_FOLLOWED_LATITUDE = 89.9;

/** Where a raster lies in the world. */
export interface Footprint {
  readonly area: Area;
  readonly extents: readonly Extent[];
}

/**
 * The outline of a raster in EPSG:3857, cut at the antimeridian and at ±85.0511°; around a pole it is closed over it.
 * A raster that reaches beyond what its projection is defined for may lie anywhere: its footprint is the world.
 * @throws LonghaulError `area-empty` (final) when it lies beyond ±85.0511° altogether
 */
export function rasterFootprint(raster: Pick<Raster, 'crs' | 'transform' | 'width' | 'height'>): Footprint {
  const ring = outline(raster);
  const area = ring === undefined ? WORLD : areaFromRing(ring);
  const extents = area.polygons.map((polygon) => {
    const bounds = polygonBounds(polygon);
    return { bounds, sourceShift: sourceShift(raster, (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2) };
  });
  return { area, extents };
}

type Georeference = Pick<Raster, 'crs' | 'transform' | 'width' | 'height'>;

/** The raster's edge as a ring in EPSG:3857; undefined when a part of it cannot be projected. */
function outline(raster: Georeference): Position[] | undefined {
  const { width, height } = raster;
  const corners = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ] as const;
  const project = edgeProjection(raster);
  const ring: Position[] = [];
  for (const [index, from] of corners.entries()) {
    const to = corners[(index + 1) % corners.length]!;
    for (let part = 0; part < MIN_PARTS; part++) {
      const start = between(from, to, part / MIN_PARTS);
      const end = between(from, to, (part + 1) / MIN_PARTS);
      const first = project(start);
      const last = project(end);
      if (first === undefined || last === undefined) return undefined;
      ring.push(first);
      if (!divide(project, { pixel: start, point: first }, { pixel: end, point: last }, MAX_HALVINGS, ring)) {
        return undefined;
      }
    }
  }
  return ring;
}

type EdgeProjection = (pixel: Position) => Position | undefined;

interface EdgePoint {
  pixel: Position;
  point: Position;
}

/** Adds vertices between two points while the edge bends. @returns false where it cannot be projected */
function divide(project: EdgeProjection, from: EdgePoint, to: EdgePoint, halvings: number, ring: Position[]): boolean {
  const pixel = between(from.pixel, to.pixel, 0.5);
  const point = project(pixel);
  if (point === undefined) return false;
  const pixels = Math.hypot(to.pixel[0] - from.pixel[0], to.pixel[1] - from.pixel[1]);
  const length = Math.hypot(shortestWay(to.point[0] - from.point[0]), to.point[1] - from.point[1]);
  const bend = Math.hypot(
    shortestWay(point[0] - from.point[0]) - shortestWay(to.point[0] - from.point[0]) / 2,
    point[1] - (from.point[1] + to.point[1]) / 2,
  );
  if (halvings === 0 || bend <= (TOLERANCE_PIXELS * length) / pixels) return true;
  const middle = { pixel, point };
  if (!divide(project, from, middle, halvings - 1, ring)) return false;
  ring.push(point);
  return divide(project, middle, to, halvings - 1, ring);
}

/** Pixel coordinates → EPSG:3857; undefined where the projection does not come back to where it started. */
function edgeProjection({ crs, transform }: Georeference): EdgeProjection {
  const toDegrees = transformer(crs, 'EPSG:4326');
  const fromDegrees = transformer('EPSG:4326', crs);
  const [a, b, c, d, e, f] = transform;
  const maxError = ROUND_TRIP_PIXELS * Math.sqrt(Math.abs(a * e - b * d));
  const turn = turnOf(crs);
  return ([column, row]) => {
    const x = a * column + b * row + c;
    const y = d * column + e * row + f;
    // A global grid may reach half a pixel beyond the poles.
    const [longitude, latitude] = toDegrees(x, crs.geographic ? Math.max(-90, Math.min(90, y)) : y);
    if (!Number.isFinite(longitude) || !Number.isFinite(latitude)) return undefined;
    if (!crs.geographic) {
      const [xBack, yBack] = fromDegrees(longitude, latitude);
      const xError = turn === undefined ? x - xBack : (x - xBack) % turn;
      if (!(Math.abs(xError) <= maxError && Math.abs(y - yBack) <= maxError)) return undefined;
    }
    return toMercator(longitude, Math.max(-MAX_FOLLOWED_LATITUDE, Math.min(MAX_FOLLOWED_LATITUDE, latitude)));
  };
}

/** Whole turns from where a point of the world projects to where the raster has it. */
function sourceShift(raster: Georeference, x: number, y: number): number {
  const turn = turnOf(raster.crs);
  if (turn === undefined) return 0;
  const [a, b, c] = raster.transform;
  const [west, east] = [Math.min(0, a * raster.width), Math.max(0, a * raster.width)];
  const [low, high] = [Math.min(0, b * raster.height), Math.max(0, b * raster.height)];
  const [minX, maxX] = [c + west + low, c + east + high];
  const [projected] = transformer('EPSG:3857', raster.crs)(x, y);
  if (projected >= minX && projected <= maxX) return 0;
  return Math.ceil((minX - projected) / turn) * turn;
}

/** Once around the world in the x of a CRS that may count on beyond it; others come back by themselves. */
function turnOf(crs: Crs): number | undefined {
  if (crs.geographic) return 360;
  return crs.epsg === WEB_MERCATOR ? 2 * HALF_WORLD : undefined;
}

const WEB_MERCATOR = 3857;

function shortestWay(dx: number): number {
  return dx - Math.round(dx / (2 * HALF_WORLD)) * 2 * HALF_WORLD;
}

function between(from: Position, to: Position, fraction: number): Position {
  return [from[0] + (to[0] - from[0]) * fraction, from[1] + (to[1] - from[1]) * fraction];
}
