import { childOf, nameOf, numberOf, type WktNode } from './wkt-node.ts';
import { WKT_METHODS, type WktMethod } from './wkt-methods.ts';

/** What well-known text says to compute, in PROJ words without plus signs. */
export interface WktProjection {
  geographic: boolean;
  /** The projection, with its unit. */
  words: string[];
  /** Semi-major axis in metres, and inverse flattening: 0 for a sphere. */
  a: number;
  rf: number;
}

const DEGREE = Math.PI / 180;
/** Difference of units that is none: writers round them. */
const UNIT_TOLERANCE = 1e-8;

const ANGLES: ReadonlySet<string> = new Set(['lat_0', 'lat_1', 'lat_2', 'lat_ts', 'lon_0', 'lonc', 'alpha', 'gamma']);
const SCALES: ReadonlySet<string> = new Set(['k_0']);

/**
 * Reads ellipsoid, projection and units of a geographic or projected CRS.
 * @param geographic the geographic CRS itself, or the one that a projected CRS is based on
 * @returns undefined where that is not certain: a method or parameter that is not known, a prime meridian other than
 *   Greenwich, angles that are not degrees, axes that do not point east and north
 */
export function projectionFromWkt(root: WktNode, geographic: WktNode): WktProjection | undefined {
  const ellipsoid = ellipsoidFromWkt(geographic);
  if (ellipsoid === undefined || !pointsEastAndNorth(root) || !isGreenwich(geographic)) return undefined;
  if (root === geographic) {
    return hasDegrees(root) ? { geographic: true, words: ['proj=longlat'], ...ellipsoid } : undefined;
  }
  const unit = lengthUnit(root);
  const { method, parameters } = conversionOf(root, geographic, unit);
  if (method === undefined || parameters === undefined || unit === undefined) return undefined;
  if (method.form === 'web-mercator') return { geographic: false, words: ['web-mercator'], ...ellipsoid };
  const shaped = shape(method, parameters);
  if (shaped === undefined || (shaped.get('k_0') ?? 1) <= 0) return undefined;
  const words = [...shaped].map(([word, value]) => `${word}=${value}`);
  const flags = method.form === 'no-offset' ? ['no_uoff'] : [];
  const units = Math.abs(unit - 1) < UNIT_TOLERANCE ? [] : [`to_meter=${unit}`];
  return { geographic: false, words: [`proj=${method.proj}`, ...words, ...flags, ...units], ...ellipsoid };
}

function conversionOf(root: WktNode, geographic: WktNode, unit: number | undefined) {
  // WKT 2 has a node of its own for them; in WKT 1 they stand beside the others.
  const conversion = childOf(root, 'CONVERSION') ?? root;
  const methodNode = childOf(conversion, 'METHOD', 'PROJECTION');
  const methodName = methodNode === undefined ? '' : plain(nameOf(methodNode));
  const method = Object.hasOwn(WKT_METHODS, methodName) ? WKT_METHODS[methodName] : undefined;
  if (method === undefined) return { method, parameters: undefined };
  const parameters = new Map<string, number>();
  const angle = angleUnit(geographic);
  for (const node of conversion.children.filter(({ keyword }) => keyword === 'PARAMETER')) {
    const name = plain(nameOf(node));
    const value = numberOf(node);
    const word = Object.hasOwn(method.parameters, name) ? method.parameters[name] : undefined;
    if (value === undefined || !Number.isFinite(value)) return { method, parameters: undefined };
    if (word === undefined) {
      if (value === 0 && (method.zeros?.includes(name) ?? false)) continue;
      if (isNeutral(name, value)) continue;
      return { method, parameters: undefined };
    }
    const own = numberOf(childOf(node, 'ANGLEUNIT', 'LENGTHUNIT', 'SCALEUNIT', 'UNIT'));
    if (SCALES.has(word)) parameters.set(word, value * (own ?? 1));
    else if (!ANGLES.has(word)) parameters.set(word, value * (own ?? unit ?? NaN));
    else if (isDegree(own ?? angle)) parameters.set(word, value);
    else if (value !== 0) return { method, parameters: undefined };
  }
  return { method, parameters };
}

/** Parameters of the form that PROJ takes; undefined when they contradict each other. */
function shape(method: WktMethod, parameters: Map<string, number>): Map<string, number> | undefined {
  const scale = parameters.get('k_0') ?? 1;
  if (method.form === 'one-parallel' && !parameters.has('lat_2')) {
    const parallel = parameters.get('lat_1') ?? parameters.get('lat_0');
    const origin = parameters.get('lat_0') ?? parallel;
    if (parallel === undefined || origin === undefined) return undefined;
    return new Map([...parameters, ['lat_1', parallel], ['lat_0', origin]]);
  }
  if (method.form?.startsWith('polar') !== true) return parameters;
  // The latitude of origin of WKT 1 is that of true scale, but for the pole itself, which has a scale factor.
  const latitude = parameters.get('lat_ts') ?? parameters.get('lat_0');
  if (latitude === undefined || latitude === 0) return undefined;
  const pole = method.form === 'polar' ? Math.sign(latitude) * 90 : method.form === 'polar-north' ? 90 : -90;
  const isPole = Math.abs(latitude) === 90;
  if (latitude * pole < 0 || (!isPole && scale !== 1)) return undefined;
  const rest = [...parameters].filter(([word]) => !['lat_0', 'lat_ts', 'k_0'].includes(word));
  return new Map([...rest, ['lat_0', pole], isPole ? ['k_0', scale] : ['lat_ts', latitude]]);
}

/** Parameters of Esri that say nothing where they have these values. */
function isNeutral(name: string, value: number): boolean {
  return (
    (name === 'scalefactor' && value === 1) || (name === 'xscale' && value === 1) || (name === 'yscale' && value === 1)
  );
}

/** Of a geographic CRS, in metres; undefined when the text has none. */
export function ellipsoidFromWkt(geographic: WktNode): { a: number; rf: number } | undefined {
  const node = childOf(
    childOf(geographic, 'DATUM', 'ENSEMBLE', 'TRF', 'GEODETICDATUM') ?? geographic,
    'SPHEROID',
    'ELLIPSOID',
  );
  const [a, rf] = node?.values.filter((value) => typeof value === 'number') ?? [];
  if (node === undefined || a === undefined || rf === undefined) return undefined;
  const metres = a * (numberOf(childOf(node, 'LENGTHUNIT', 'UNIT')) ?? 1);
  return isOfEarth(metres, rf) ? { a: metres, rf } : undefined;
}

/** Every ellipsoid of the EPSG register and every sphere of Esri lies within, far from what proj4 stumbles over. */
const isOfEarth = (a: number, rf: number): boolean =>
  a > 6_300_000 && a < 6_450_000 && (rf === 0 || (rf > 250 && rf < 350));

function isGreenwich(geographic: WktNode): boolean {
  return (numberOf(childOf(geographic, 'PRIMEM', 'PRIMEMERIDIAN')) ?? 0) === 0;
}

/** Axes that no text tells point east and north; the order of those that it does is no matter. */
function pointsEastAndNorth(root: WktNode): boolean {
  const axes = root.children.filter(({ keyword }) => keyword === 'AXIS').slice(0, 2);
  const directions = axes.map(({ values }) => String(values[1]).toLowerCase());
  if (directions.length === 0) return true;
  // Around a pole every axis points north or south, as EPSG has it.
  const isAround = (direction: string) => direction === 'north' || direction === 'south';
  const isPolar = directions.every(isAround) && directions[0] === directions[1];
  return isPolar || (directions.includes('east') && directions.includes('north'));
}

function lengthUnit(root: WktNode): number | undefined {
  const own = childOf(root, 'UNIT', 'LENGTHUNIT');
  const unit = own ?? childOf(childOf(root, 'AXIS') ?? root, 'LENGTHUNIT', 'UNIT');
  const metres = numberOf(unit);
  return metres !== undefined && metres > 0 && Number.isFinite(metres) ? metres : undefined;
}

function angleUnit(geographic: WktNode): number | undefined {
  const own = childOf(geographic, 'UNIT', 'ANGLEUNIT');
  return numberOf(own ?? childOf(childOf(geographic, 'AXIS') ?? geographic, 'ANGLEUNIT', 'UNIT'));
}

const hasDegrees = (geographic: WktNode): boolean => isDegree(angleUnit(geographic));

const isDegree = (radians: number | undefined): boolean =>
  radians !== undefined && Math.abs(radians - DEGREE) < UNIT_TOLERANCE;

/** Names of methods and parameters differ between dialects in case, spaces, underscores and brackets. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
