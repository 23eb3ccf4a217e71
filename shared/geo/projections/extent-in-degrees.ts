import type { SourceCrs } from './crs.ts';
import { transformer, type Transform } from './transformer.ts';

/** Parts that each side is divided into: sides are curves on the globe. */
const PARTS = 128;

/** Farthest that a position may come back from where it was, there and back, as a share of the extent. */
const MAX_ROUND_TRIP = 1e-3;

/** Decimal places of degrees: a tenth of a millimetre, and the same text on every machine. */
const DECIMALS = 9;

/** West, south, east and north in degrees; west is beyond east across the antimeridian (RFC 7946, 5.2). */
export type DegreesBox = [west: number, south: number, east: number, north: number];

const WORLD: DegreesBox = [-180, -90, 180, 90];

/**
 * The longitudes and latitudes that a rectangle of another CRS spans. Around a pole they are all longitudes up to the pole. A
 * rectangle that reaches beyond what its projection is defined for may span any: it spans the world.
 */
export function extentInDegrees([minX, minY, maxX, maxY]: readonly [number, number, number, number], crs: SourceCrs) {
  const toDegrees = transformer(crs, 'EPSG:4326');
  const fromDegrees = transformer('EPSG:4326', crs);
  const most = MAX_ROUND_TRIP * Math.max(maxX - minX, maxY - minY, 1);
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
  let longitude: number | undefined;
  // Counted on across the antimeridian: once around, it is a turn on where there is a pole within.
  let first = 0;
  for (const [x, y] of border(minX, minY, maxX, maxY)) {
    const [degrees, latitude] = toDegrees(x, y);
    if (!comesBack(fromDegrees, [degrees, latitude], [x, y], crs.geographic ? Infinity : most)) return WORLD;
    if (longitude === undefined) first = longitude = degrees;
    else longitude += shortWay(degrees - longitude);
    west = Math.min(west, longitude);
    east = Math.max(east, longitude);
    south = Math.min(south, latitude);
    north = Math.max(north, latitude);
  }
  if (Math.abs(longitude! - first) > 180) {
    const [x, y] = fromDegrees(0, 90);
    const isNorth = x >= minX && x <= maxX && y >= minY && y <= maxY;
    return rounded(isNorth ? [-180, south, 180, 90] : [-180, -90, 180, north]);
  }
  return rounded(brought([west, south, east, north]));
}

/** Positions along the border and back to the first. */
function* border(minX: number, minY: number, maxX: number, maxY: number): Generator<[x: number, y: number]> {
  const corners = [
    [minX, minY],
    [maxX, minY],
    [maxX, maxY],
    [minX, maxY],
    [minX, minY],
  ] as const;
  for (const [index, to] of corners.entries()) {
    const from = corners[index - 1];
    if (from === undefined) continue;
    for (let part = 0; part < PARTS; part++) {
      const share = part / PARTS;
      yield [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
    }
  }
  yield [minX, minY];
}

function comesBack(fromDegrees: Transform, there: [number, number], from: [number, number], most: number): boolean {
  if (!Number.isFinite(there[0]) || !Number.isFinite(there[1])) return false;
  const [x, y] = fromDegrees(...there);
  return most === Infinity || (Math.abs(x - from[0]) <= most && Math.abs(y - from[1]) <= most);
}

/** Longitudes back between −180 and 180. */
function brought([west, south, east, north]: DegreesBox): DegreesBox {
  if (east - west >= 360) return [-180, south, 180, north];
  const turns = 360 * Math.floor((west + 180) / 360);
  const [from, to] = [west - turns, east - turns];
  return [from, south, to > 180 ? to - 360 : to, north];
}

const shortWay = (degrees: number): number => degrees - 360 * Math.round(degrees / 360);

const rounded = (box: DegreesBox): DegreesBox => box.map((degrees) => Number(degrees.toFixed(DECIMALS))) as DegreesBox;
