import type { CollectedFeature, GivenValue } from '../../helpers/collecting-sink.ts';

/** What a reader must give of a feature: its geometry, its properties that are not null, and its identifier. */
export interface FeatureView {
  geometry: unknown;
  properties: Map<string, unknown>;
}

const FEATURE_ID = '\u0000id';

/** The view of a feature that `JSON.parse` made. */
export function parsedView(feature: unknown): FeatureView {
  const { geometry, properties, id } = feature as { geometry: unknown; properties: object | null; id?: unknown };
  const entries = Object.entries(properties ?? {}).filter(([, value]) => value !== null) as [string, unknown][];
  if (id !== undefined) entries.push([FEATURE_ID, id]);
  return {
    geometry,
    properties: new Map(
      entries.map(([name, value]) => [name, typeof value === 'string' ? value.toWellFormed() : value]),
    ),
  };
}

/** The view of a feature that a reader gave: an integer beyond 2^53 as the double that `JSON.parse` makes of it. */
export function givenView({ geometry, properties }: CollectedFeature): FeatureView {
  const entries = Object.entries(properties).map(([name, given]) => [name, plain(given)] as const);
  return { geometry: withoutGaps(geometry), properties: new Map(entries) };
}

function plain(given: GivenValue): unknown {
  const [value] = Object.values(given);
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Positions without the NaN of those that have no height although others have. */
function withoutGaps(geometry: unknown): unknown {
  if (Array.isArray(geometry)) return geometry.filter((value) => !Number.isNaN(value)).map(withoutGaps);
  if (typeof geometry !== 'object' || geometry === null) return geometry;
  return Object.fromEntries(Object.entries(geometry).map(([name, value]) => [name, withoutGaps(value)]));
}
