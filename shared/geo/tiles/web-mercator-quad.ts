/** A tile of the OGC tile matrix set WebMercatorQuad (OGC 17-083r4, annex D.1); row 0 is the northernmost. */
export interface Tile {
  readonly zoom: number;
  readonly column: number;
  readonly row: number;
}

/** `[minX, minY, maxX, maxY]` in metres of EPSG:3857, or `[west, south, east, north]` in degrees where said so. */
export type Bounds = readonly [minX: number, minY: number, maxX: number, maxY: number];

/** The deepest zoom: all tile ids up to here are below 2^49, exact in a double. */
export const MAX_ZOOM = 24;

/** Radius of the sphere of EPSG:3857, in metres. */
export const EARTH_RADIUS = 6_378_137;

/** Half of the side of the world's square, in metres: the world spans ±HALF_WORLD in x and y. */
export const HALF_WORLD = Math.PI * EARTH_RADIUS;

/** Latitude at which the world's square ends, in degrees. */
export const MAX_LATITUDE = 85.0511287798066;

const DEGREE = Math.PI / 180;

/** Bounds of a tile in metres of EPSG:3857. */
export function tileBounds(tile: Tile): Bounds {
  const tiles = 2 ** tile.zoom;
  return [
    HALF_WORLD * ((2 * tile.column) / tiles - 1),
    HALF_WORLD * (1 - (2 * (tile.row + 1)) / tiles),
    HALF_WORLD * ((2 * (tile.column + 1)) / tiles - 1),
    HALF_WORLD * (1 - (2 * tile.row) / tiles),
  ];
}

/** Side of a pixel in metres of EPSG:3857 (on the ground: times the cosine of the latitude). */
export function tileResolution(zoom: number, tileSize: number): number {
  return (2 * HALF_WORLD) / (tileSize * 2 ** zoom);
}

/** The tile that holds a point; points outside of the world's square belong to its outermost tiles. */
export function tileAt(longitude: number, latitude: number, zoom: number): Tile {
  const tiles = 2 ** zoom;
  const [x, y] = toMercator(longitude, latitude);
  const clamp = (index: number) => Math.max(0, Math.min(tiles - 1, Math.floor(index)));
  return {
    zoom,
    column: clamp(((x / HALF_WORLD + 1) / 2) * tiles),
    row: clamp(((1 - y / HALF_WORLD) / 2) * tiles),
  };
}

/** Longitude and latitude in degrees to metres of EPSG:3857; y is infinite at the poles. */
export function toMercator(longitude: number, latitude: number): [x: number, y: number] {
  return [EARTH_RADIUS * longitude * DEGREE, EARTH_RADIUS * Math.atanh(Math.sin(latitude * DEGREE))];
}

/** Metres of EPSG:3857 to longitude and latitude in degrees. */
export function toLongitudeLatitude(x: number, y: number): [longitude: number, latitude: number] {
  return [x / EARTH_RADIUS / DEGREE, Math.atan(Math.sinh(y / EARTH_RADIUS)) / DEGREE];
}
