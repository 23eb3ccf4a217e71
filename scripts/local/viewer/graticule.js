/** Steps of the graticule in degrees, by the zoom from which they are used. */
const STEPS = [
  [0, 30],
  [3, 10],
  [5, 5],
  [6.5, 2],
  [7.5, 1],
  [9, 0.5],
  [10.5, 0.1],
  [13, 0.02],
  [16, 0.005],
];

/** Where Web Mercator ends. */
const MAX_LATITUDE = 85.0511;

/** Lines that are drawn at most in each direction, whatever the view. */
const MAX_LINES = 80;

/**
 * Meridians and parallels over the part of the world that is in view.
 * @param {{ west: number, south: number, east: number, north: number }} view degrees; may reach beyond ±180
 * @param {number} zoom
 * @returns GeoJSON MultiLineString
 */
export function graticule(view, zoom) {
  const step = STEPS.findLast(([from]) => zoom >= from)?.[1] ?? STEPS[0][1];
  const south = Math.max(view.south, -MAX_LATITUDE);
  const north = Math.min(view.north, MAX_LATITUDE);
  const meridians = multiples(view.west, view.east, step).map((x) => [
    [x, south],
    [x, north],
  ]);
  const parallels = multiples(south, north, step).map((y) => [
    [view.west, y],
    [view.east, y],
  ]);
  return { type: 'MultiLineString', coordinates: [...meridians, ...parallels] };
}

function multiples(low, high, step) {
  const first = Math.ceil(low / step);
  const count = Math.min(Math.floor(high / step) - first + 1, MAX_LINES);
  return Array.from({ length: Math.max(count, 0) }, (_, index) => (first + index) * step);
}
