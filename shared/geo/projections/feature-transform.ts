import type { FeatureProblem } from '../features/feature-sink.ts';
import type { Geometry } from '../features/geometry.ts';
import type { SourceCrs } from './crs.ts';
import { crsFromEpsg } from './crs-from-epsg.ts';
import { transformer, type Transform } from './transformer.ts';

/** Transforms features from one CRS to another. */
export interface FeatureTransform {
  /** Whether positions stay what they are. */
  readonly isIdentity: boolean;
  /** What is known about the error of the positions, when that is more than a metre. */
  readonly accuracy?: string;
  /**
   * Transforms every vertex in place; z and m are kept.
   * @returns what is wrong when a vertex has no position in the other CRS: the geometry is then of no use
   */
  apply(geometry: Geometry): FeatureProblem | undefined;
}

const WGS84 = 4326;

/** Words of a geographic CRS whose positions are those of WGS 84, within a millimetre. */
const SAME_AS_WGS84 = /^\+proj=longlat \+(datum=WGS84|ellps=(GRS80|WGS84) \+towgs84=0,0,0(,0,0,0,0)?) \+no_defs$/;

/** @param to longitude and latitude on WGS 84 (OGC:CRS84) by default */
export function featureTransform(from: SourceCrs, to: SourceCrs = crsFromEpsg(WGS84)): FeatureTransform {
  const isIdentity = from.proj4 === to.proj4 || (SAME_AS_WGS84.test(from.proj4) && SAME_AS_WGS84.test(to.proj4));
  if (isIdentity) return { isIdentity, apply: () => undefined };
  const accuracy = [...new Set([from.accuracy, to.accuracy])].filter((note) => note !== undefined).join(' ');
  const isWgs84 = (crs: SourceCrs) => SAME_AS_WGS84.test(crs.proj4);
  const transform = transformer(isWgs84(from) ? 'EPSG:4326' : from, isWgs84(to) ? 'EPSG:4326' : to);
  return {
    isIdentity,
    ...(accuracy === '' ? {} : { accuracy }),
    apply: (geometry) => transformAll(geometry, transform, to.name),
  };
}

/** Members are walked without recursion: a reader bounds their depth, this need not rely on it. */
function transformAll(geometry: Geometry, transform: Transform, target: string): FeatureProblem | undefined {
  const waiting = [geometry];
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    const wrong = transformVertices(current, transform);
    if (wrong !== undefined) return unplaced(wrong, target);
    for (let index = 0; index < current.memberCount; index++) waiting.push(current.members[index]!);
  }
  return undefined;
}

/** The position that has none in the other CRS, if there is one. */
function transformVertices({ xy, vertices }: Geometry, transform: Transform): [x: number, y: number] | undefined {
  const end = 2 * vertices;
  for (let at = 0; at < end; at += 2) {
    const x = xy[at]!;
    const y = xy[at + 1]!;
    const result = transform(x, y);
    // Both are NaN when one is.
    if (!(result[0] === result[0])) return [x, y];
    xy[at] = result[0];
    xy[at + 1] = result[1];
  }
  return undefined;
}

function unplaced([x, y]: [x: number, y: number], target: string): FeatureProblem {
  return Number.isFinite(x) && Number.isFinite(y)
    ? { code: 'geometry-outside-crs', reason: `The position ${x}, ${y} has no place in ${target}.` }
    : { code: 'geometry-not-finite', reason: `The position ${x}, ${y} is no number.` };
}
