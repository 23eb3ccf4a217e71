const DEGREES = 180 / Math.PI;
const VERTICES = { least: 8, most: 15 };
const FEATURES_AT_ONCE = 1000;
const CLASSES = ['residential', 'commercial', 'industrial', 'forest', 'water', 'farmland'];

/** A polygon with the properties of a register, the same for the same number. */
export interface BenchFeature {
  id: number;
  name: string;
  cls: string;
  area: number;
  /** Closed, counter-clockwise. */
  ring: readonly (readonly [longitude: number, latitude: number])[];
}

/** Feature of a number: its place, shape and properties follow from it alone. */
export function makeFeature(number: number): BenchFeature {
  const random = randomFrom(number + 1);
  const longitude = random() * 340 - 170;
  const latitude = random() * 140 - 70;
  const radius = 0.0002 + random() * 0.002;
  const count = VERTICES.least + Math.floor(random() * (VERTICES.most - VERTICES.least));
  const ring = Array.from({ length: count - 1 }, (_, index) => {
    const angle = (index / (count - 1)) * 2 * Math.PI;
    const distance = radius * (0.6 + 0.4 * random());
    return [round(longitude + distance * Math.cos(angle)), round(latitude + distance * Math.sin(angle))] as const;
  });
  return {
    id: 1_000_000 + number,
    name: `Parcel ${number.toString(36).toUpperCase()}`,
    cls: CLASSES[Math.floor(random() * CLASSES.length)]!,
    area: Math.round(radius * DEGREES * 1e6 * random()) / 100,
    ring: [...ring, ring[0]!],
  };
}

export function geoJsonFeature({ id, name, cls, area, ring }: BenchFeature): string {
  return JSON.stringify({
    type: 'Feature',
    properties: { id, name, cls, area },
    geometry: { type: 'Polygon', coordinates: [ring] },
  });
}

export function csvRow({ id, name, cls, area, ring }: BenchFeature): string {
  const wkt = `POLYGON ((${ring.map(([x, y]) => `${x} ${y}`).join(', ')}))`;
  return `${id},${name},${cls},${area},"${wkt}"`;
}

/** Texts of a FeatureCollection. */
export const geoJsonTexts = (features: number): Generator<string> =>
  texts(features, {
    head: '{"type":"FeatureCollection","features":[\n',
    separator: ',\n',
    tail: '\n]}\n',
    make: geoJsonFeature,
  });

/** Texts of a feature a line. */
export const geoJsonSeqTexts = (features: number): Generator<string> =>
  texts(features, { head: '', separator: '\n', tail: '\n', make: geoJsonFeature });

/** Texts of a table with a column of WKT. */
export const csvTexts = (features: number): Generator<string> =>
  texts(features, { head: 'id,name,cls,area,wkt\n', separator: '\n', tail: '\n', make: csvRow });

interface Frame {
  head: string;
  separator: string;
  tail: string;
  make: (feature: BenchFeature) => string;
}

function* texts(features: number, { head, separator, tail, make }: Frame): Generator<string> {
  yield head;
  for (let first = 0; first < features; first += FEATURES_AT_ONCE) {
    const length = Math.min(FEATURES_AT_ONCE, features - first);
    const parts = Array.from({ length }, (_, index) => make(makeFeature(first + index)));
    yield parts.join(separator) + (first + length < features ? separator : '');
  }
  yield tail;
}

/** Eight decimals. */
const round = (value: number): number => Math.round(value * 1e8) / 1e8;

/** A generator of numbers in [0, 1) (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
