import proj4 from 'proj4';
import type { Crs, SourceCrs } from './crs.ts';
import { findCrs, NO_SHIFT, notReprojected } from './crs-from-epsg.ts';
import { crsFromName } from './crs-from-name.ts';
import { crsUnknown } from './errors.ts';
import { ellipsoidFromWkt, projectionFromWkt, type WktProjection } from './projection-from-wkt.ts';
import { childOf, epsgOf, nameOf, numberOf, parseWkt, type WktNode } from './wkt-node.ts';

const WEB_MERCATOR = 3857;
/** With the codes that it had before. */
const WEB_MERCATORS: ReadonlySet<number> = new Set([WEB_MERCATOR, 3785, 900913]);

/** Largest distance of two projections that are taken for the same, in units of the CRS: methods are approximated. */
const SAME_PROJECTION = 0.5;

/** Difference of ellipsoids that is none: metres of the semi-major axis, and of the inverse flattening. */
const SAME_AXIS = 0.01;
const SAME_FLATTENING = 1e-4;

const PROJECTED: ReadonlySet<string> = new Set(['PROJCS', 'PROJCRS', 'PROJECTEDCRS']);
const GEOGRAPHIC: ReadonlySet<string> = new Set(['GEOGCS', 'GEOGCRS', 'GEOGRAPHICCRS', 'GEODCRS', 'GEODETICCRS']);

/**
 * The CRS that well-known text describes: WKT 1 of the OGC and of Esri (`.prj`), WKT 2. It is told by the EPSG code that
 * the text gives, else by a name of the register or of Esri whose projection is the text's, else by its parameters.
 * @throws LonghaulError `crs-unknown` (final) where none of them is certain
 */
export function crsFromWkt(text: string): SourceCrs {
  const { root, shift } = horizontal(parseWkt(text));
  const code = epsgOf(root);
  const coded = code === undefined ? undefined : findCrs(code);
  if (coded !== undefined) return coded;
  // The table lacks what proj4 computes otherwise than PROJ, though its parameters may look like those of a method it has.
  if (code !== undefined && PROJECTED.has(root.keyword)) throw uncertain(root, code);
  const geographic = GEOGRAPHIC.has(root.keyword)
    ? root
    : childOf(root, 'GEOGCS', 'BASEGEOGCRS', 'BASEGEODCRS', 'GEOGCRS');
  if (geographic === undefined) throw uncertain(root, code);
  const projection = projectionFromWkt(root, geographic);
  const named = namedCrs(root, geographic, projection);
  if (named !== undefined) return named;
  if (projection === undefined || !isComputed(projection)) throw uncertain(root, code);
  if (projection.words[0] === 'web-mercator') return findCrs(WEB_MERCATOR)!;
  return described(nameOf(root), projection, datumOf(geographic, projection, shift));
}

/** The CRS that the name says, if the text does not say otherwise. */
function namedCrs(root: WktNode, geographic: WktNode, projection: WktProjection | undefined): Crs | undefined {
  const candidates = crsFromName(nameOf(root));
  const web = candidates.find(({ epsg }) => WEB_MERCATORS.has(epsg));
  // WKT 1 cannot say that the formulas of the sphere are meant: only the name does.
  if (web !== undefined && (projection === undefined || /^(proj=merc|web-mercator)$/.test(projection.words[0]!)))
    return web;
  if (projection !== undefined) {
    return isComputed(projection) ? candidates.find((candidate) => agree(projection, candidate)) : undefined;
  }
  const ellipsoid = ellipsoidFromWkt(geographic);
  const [only, ...others] = candidates;
  const isSure =
    only !== undefined && others.length === 0 && Math.abs(ellipsoidOf(only).a - (ellipsoid?.a ?? 0)) < SAME_AXIS;
  return isSure ? only : undefined;
}

/** The part of a CRS that says where x and y are, and the shift to WGS 84 that a bound CRS adds. */
function horizontal(node: WktNode): { root: WktNode; shift?: number[] } {
  const { keyword, children } = node;
  if (PROJECTED.has(keyword) || GEOGRAPHIC.has(keyword)) return { root: node };
  const inner = childOf(node, 'SOURCECRS')?.children[0] ?? children.find(isHorizontal);
  if (inner === undefined) throw uncertain(node, undefined);
  if (keyword === 'COMPD_CS' || keyword === 'COMPOUNDCRS') return horizontal(inner);
  if (keyword !== 'BOUNDCRS') throw uncertain(node, undefined);
  const shift = boundShift(node);
  return { ...horizontal(inner), ...(shift === undefined ? {} : { shift }) };
}

/** Parameters of the transformation to WGS 84, as TOWGS84 has them: metres, arc seconds by position vector, millionths. */
function boundShift(node: WktNode): number[] | undefined {
  const target = childOf(node, 'TARGETCRS')?.children[0];
  const transformation = childOf(node, 'ABRIDGEDTRANSFORMATION');
  if (transformation === undefined || target === undefined || !crsFromName(nameOf(target)).some(isWgs84))
    return undefined;
  const parameters = transformation.children.filter((child) => child.keyword === 'PARAMETER');
  const values = parameters.map((parameter) => numberOf(parameter) ?? NaN);
  const isFrame = /coordinate frame/i.test(nameOf(childOf(transformation, 'METHOD') ?? transformation));
  const shift = values.map((value, index) => {
    // A scale of WKT 2 is a factor.
    if (index === 6) return Math.abs(value) > 0.5 ? (value - 1) * 1e6 : value;
    return isFrame && index > 2 ? -value : value;
  });
  return [3, 7].includes(shift.length) && shift.every(Number.isFinite) ? shift : undefined;
}

const isWgs84 = ({ epsg }: Crs): boolean => epsg === 4326;

const isHorizontal = ({ keyword }: WktNode): boolean =>
  PROJECTED.has(keyword) || GEOGRAPHIC.has(keyword) || keyword === 'BOUNDCRS';

/** Whether the projection of a text is that of a CRS of the register, on the same ellipsoid. */
function agree(projection: WktProjection, crs: Crs): boolean {
  const ellipsoid = ellipsoidOf(crs);
  const isSameEllipsoid =
    Math.abs(ellipsoid.a - projection.a) < SAME_AXIS && Math.abs(ellipsoid.rf - projection.rf) < SAME_FLATTENING;
  if (projection.words[0] === 'web-mercator') return false;
  if (!isSameEllipsoid || crs.geographic !== projection.geographic) return false;
  if (crs.geographic) return !/\+(pm|to_meter)=/.test(crs.proj4);
  const base = `+proj=longlat ${ellipsoidWords(projection)} +no_defs`;
  const own = proj4(base, projString(projection, ellipsoidWords(projection)));
  const other = proj4(base, withoutDatum(crs.proj4, ellipsoidWords(projection)));
  return placesOf(projection).every((place) => {
    const [x = NaN, y = NaN] = own.forward([...place]);
    const [otherX = NaN, otherY = NaN] = other.forward([...place]);
    return Math.hypot(x - otherX, y - otherY) < SAME_PROJECTION;
  });
}

/** Whether proj4 takes the projection: a transverse Mercator of a sphere, for one, it does not. */
function isComputed(projection: WktProjection): boolean {
  if (projection.words[0] === 'web-mercator') return true;
  try {
    proj4.Proj(projString(projection, ellipsoidWords(projection)));
    return true;
  } catch {
    return false;
  }
}

/** Positions about the centre of a projection at which it is compared: longitude and latitude in degrees. */
function placesOf({ words }: WktProjection): [number, number][] {
  const value = (...names: string[]) =>
    Number(names.flatMap((name) => words.find((word) => word.startsWith(`${name}=`))?.split('=')[1] ?? [])[0] ?? 0);
  const longitude = value('lon_0', 'lonc');
  const latitude = Math.max(-80, Math.min(80, value('lat_1', 'lat_ts', 'lat_0')));
  return [-2, 1].flatMap((east) => [-1.5, 3].map((north): [number, number] => [longitude + east, latitude + north]));
}

/** PROJ words for the datum, and what is known of its accuracy. */
function datumOf(geographic: WktNode, projection: WktProjection, shift: number[] | undefined) {
  const own = shift ?? childOf(childOf(geographic, 'DATUM') ?? geographic, 'TOWGS84')?.values.map(Number);
  const words = ellipsoidWords(projection);
  if (own !== undefined && [3, 7].includes(own.length) && own.every(Number.isFinite)) {
    return { words: `${words} +towgs84=${own.join(',')}` };
  }
  const code = epsgOf(geographic);
  const coded = code === undefined ? undefined : findCrs(code);
  const candidates = coded === undefined ? crsFromName(nameOf(geographic)) : [coded];
  const same: WktProjection = { ...projection, geographic: true, words: ['proj=longlat'] };
  const base = candidates.find((candidate) => agree(same, candidate));
  if (base === undefined) return { words, accuracy: NO_SHIFT };
  const datum = base.proj4.split(' ').filter((word) => /^\+(datum|ellps|a|b|rf|R|towgs84)(=|$)/.test(word));
  return { words: datum.join(' '), ...(base.accuracy === undefined ? {} : { accuracy: base.accuracy }) };
}

function described(name: string, projection: WktProjection, datum: { words: string; accuracy?: string }): SourceCrs {
  return {
    name,
    proj4: projString(projection, datum.words),
    geographic: projection.geographic,
    ...(datum.accuracy === undefined ? {} : { accuracy: datum.accuracy }),
  };
}

const projString = ({ words }: WktProjection, datum: string): string =>
  `${words.map((word) => `+${word}`).join(' ')} ${datum} +no_defs`;

const ellipsoidWords = ({ a, rf }: WktProjection): string => (rf === 0 ? `+a=${a} +b=${a}` : `+a=${a} +rf=${rf}`);

const withoutDatum = (text: string, ellipsoid: string): string =>
  `${text
    .split(' ')
    .filter((word) => !/^\+(datum|ellps|a|b|rf|R|towgs84|nadgrids|no_defs)(=|$)/.test(word))
    .join(' ')} ${ellipsoid} +no_defs`;

function ellipsoidOf(crs: Crs): { a: number; rf: number } {
  const { a, b } = proj4.Proj(crs.proj4) as unknown as { a: number; b: number };
  return { a, rf: a === b ? 0 : a / (a - b) };
}

function uncertain(root: WktNode, code: number | undefined) {
  const name = nameOf(root).slice(0, 100);
  if (code !== undefined) return crsUnknown(notReprojected(code));
  return crsUnknown(
    `The CRS ${JSON.stringify(name === '' ? root.keyword : name)} cannot be told for certain by its text.`,
  );
}
