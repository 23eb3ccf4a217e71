import proj4 from 'proj4';
import type { SourceCrs } from './crs.ts';

/** Maps a position to another CRS; [NaN, NaN] where it has none there. x is easting or longitude. */
export type Transform = (x: number, y: number) => [x: number, y: number];

const EARTH_RADIUS = 6_378_137;
const DEGREE = Math.PI / 180;
const WGS84 = 'EPSG:4326';
const WEB_MERCATOR = 'EPSG:3857';

/** The parts of one CRS: to and from longitude and latitude on WGS 84, in degrees. */
interface Geographic {
  toDegrees: Transform;
  fromDegrees: Transform;
}

const identity: Transform = (x, y) => position(x, y);

/** EPSG:3857 on the sphere of the method (EPSG guidance note 7-2, 1024), with no detour through a datum. */
const webMercator: Geographic = {
  toDegrees: (x, y) =>
    position(x / EARTH_RADIUS / DEGREE, (2 * Math.atan(Math.exp(y / EARTH_RADIUS)) - Math.PI / 2) / DEGREE),
  fromDegrees: (longitude, latitude) =>
    Math.abs(latitude) < 90
      ? position(
          longitude * DEGREE * EARTH_RADIUS,
          Math.log(Math.tan(Math.PI / 4 + (latitude * DEGREE) / 2)) * EARTH_RADIUS,
        )
      : [NaN, NaN],
};

/** Kept of each kind: files may describe CRSs of their own without end. */
const MAX_KEPT = 512;

const geographics = new Map<string, Geographic>([
  [WGS84, { toDegrees: identity, fromDegrees: identity }],
  [WEB_MERCATOR, webMercator],
]);
const transforms = new Map<string, Transform>();

/**
 * The transform between two CRSs, over longitude and latitude on WGS 84: a datum is shifted by its Helmert parameters,
 * never by a grid (see `Crs.accuracy`). Made once for each pair.
 */
export function transformer(
  from: SourceCrs | 'EPSG:4326' | 'EPSG:3857',
  to: SourceCrs | 'EPSG:4326' | 'EPSG:3857',
): Transform {
  const key = `${keyOf(from)}>${keyOf(to)}`;
  let transform = transforms.get(key);
  if (transform === undefined) {
    transform = compose(from, to);
    if (transforms.size >= MAX_KEPT) transforms.clear();
    transforms.set(key, transform);
  }
  return transform;
}

function compose(from: SourceCrs | string, to: SourceCrs | string): Transform {
  if (keyOf(from) === keyOf(to)) return identity;
  const { toDegrees } = geographicOf(from);
  const { fromDegrees } = geographicOf(to);
  if (toDegrees === identity) return fromDegrees;
  if (fromDegrees === identity) return toDegrees;
  return (x, y) => {
    const [longitude, latitude] = toDegrees(x, y);
    return fromDegrees(longitude, latitude);
  };
}

function geographicOf(crs: SourceCrs | string): Geographic {
  const key = keyOf(crs);
  let geographic = geographics.get(key);
  if (geographic === undefined) {
    const definition = typeof crs === 'string' ? crs : crs.proj4;
    const converter = proj4('WGS84', definition);
    geographic = {
      toDegrees: guarded((point) => converter.inverse(point)),
      fromDegrees: guarded((point) => converter.forward(point)),
    };
    for (const first of geographics.keys()) {
      if (geographics.size < MAX_KEPT) break;
      if (first !== WGS84 && first !== WEB_MERCATOR) geographics.delete(first);
    }
    geographics.set(key, geographic);
  }
  return geographic;
}

/** proj4 throws for positions that are not finite, and gives undefined for some that it cannot map. */
function guarded(convert: (point: [number, number]) => [number, number] | undefined): Transform {
  return (x, y) => {
    const result = Number.isFinite(x) && Number.isFinite(y) ? convert([x, y]) : undefined;
    return result === undefined ? [NaN, NaN] : position(result[0], result[1]);
  };
}

/** Both coordinates or none. */
function position(x: number, y: number): [x: number, y: number] {
  return Number.isFinite(x) && Number.isFinite(y) ? [x, y] : [NaN, NaN];
}

function keyOf(crs: SourceCrs | string): string {
  if (typeof crs === 'string') return crs;
  return crs.epsg === undefined ? crs.proj4 : `EPSG:${crs.epsg}`;
}
