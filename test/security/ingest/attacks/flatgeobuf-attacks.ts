import { makeFlatGeobuf, propertyBytes, type FlatGeobufFeature } from '../../../helpers/make-flatgeobuf.ts';
import { broken, harmless, refused, without, type Attack } from '../attack.ts';
import { TOLERANT } from './good-files.ts';

const POINT = { type: 'Point' as const, coordinates: [1, 2] };
const CRS = { crs: { org: 'EPSG', code: 4326 } };
const columns = [
  { name: 'a', type: 'Int' as const },
  { name: 'b', type: 'String' as const },
];

const made = (options: Partial<Parameters<typeof makeFlatGeobuf>[0]> = {}) =>
  makeFlatGeobuf({
    ...CRS,
    columns,
    features: Array.from({ length: 50 }, () => ({ geometry: POINT })),
    indexNodeSize: 16,
    ...options,
  });

const changed = (bytes: Uint8Array<ArrayBuffer>, change: (view: DataView) => void): Uint8Array => {
  change(new DataView(bytes.buffer));
  return bytes;
};
const headerEnd = (bytes: Uint8Array<ArrayBuffer>): number => 12 + new DataView(bytes.buffer).getUint32(8, true);

/** One feature between two good ones. */
const rejected = (what: string, feature: FlatGeobufFeature, code: string): Attack => ({
  what,
  file: () => made({ features: [{ geometry: POINT }, feature, { geometry: POINT }] }),
  inputs: TOLERANT,
  end: without([code], 2),
});

const header = (what: string, change: (view: DataView) => void, code = 'flatgeobuf-corrupt'): Attack => ({
  what,
  file: () => changed(made(), change),
  end: refused(code),
});

/** The length of the first feature is changed. */
const length = (bytes: number): Attack => ({
  what: `a feature of ${bytes} bytes`,
  file: () => {
    const file = made({ indexNodeSize: 0 });
    return changed(file, (view) => view.setUint32(headerEnd(file), bytes, true));
  },
  end: broken('flatgeobuf-corrupt'),
});

const nested = (depth: number): NonNullable<FlatGeobufFeature['geometry']> =>
  depth === 0 ? POINT : { type: 'GeometryCollection', geometries: [nested(depth - 1)] };

export const FLATGEOBUF_ATTACKS: Attack[] = [
  { what: 'nothing wrong', file: () => made(), end: harmless(50) },
  { what: 'no features', file: () => made({ features: [] }), end: harmless(0) },
  { what: 'its magic number alone', file: () => Buffer.from('fgb\u0003fgb\u0001'), end: refused('not-a-flatgeobuf') },
  {
    what: 'another version',
    file: () => changed(made(), (view) => view.setUint8(3, 2)),
    end: refused('vector-format-unknown'),
  },
  header('a header that ends behind the file', (view) => view.setUint32(8, view.byteLength, true)),
  header('a header of 2 GiB', (view) => view.setUint32(8, 2 ** 31, true), 'flatgeobuf-too-large'),
  header('a header of four bytes', (view) => view.setUint32(8, 4, true)),
  header('a root that leads to itself', (view) => view.setUint32(12, 0, true)),
  header('a root that leads out of the header', (view) => view.setUint32(12, 100_000, true)),
  header('a table before the header', (view) => view.setInt32(12 + view.getUint32(12, true), 100_000, true)),
  {
    what: 'more features than bytes',
    file: () => made({ features: [{}], featuresCount: 2 ** 53 }),
    end: refused('flatgeobuf-corrupt'),
  },
  {
    what: 'fewer features than it tells',
    file: () => made({ featuresCount: 60, indexNodeSize: 0 }),
    end: broken('flatgeobuf-corrupt'),
  },
  {
    what: 'ten thousand columns and one',
    file: () => made({ columns: Array.from({ length: 10_001 }, (_, index) => ({ name: `${index}`, type: 'Int' })) }),
    end: refused('flatgeobuf-too-large'),
  },
  {
    what: 'columns named like members of objects',
    file: () =>
      made({
        columns: [{ name: '__proto__', type: 'Int' }],
        features: [{ geometry: POINT, properties: [[0, propertyBytes('Int', 1)]] }],
      }),
    end: harmless(1),
  },
  ...[0, 7, 2 ** 32 - 1].map(length),
  {
    what: 'an index of which each leaf leads to the first feature',
    blockBytes: 1000,
    file: () => made({ leafOffset: () => 0 }),
    end: harmless(50),
  },
  {
    what: 'an index that leads backwards',
    blockBytes: 1000,
    file: () => made({ leafOffset: (offset, leaf) => (leaf === 49 ? 0 : offset) }),
    end: harmless(50),
  },
  {
    what: 'an index that leads out of the file',
    blockBytes: 1000,
    file: () => made({ leafOffset: (offset, leaf) => (leaf === 49 ? 2 ** 52 : offset) }),
    end: harmless(50),
  },
  rejected(
    'parts that share their bytes',
    { raw: { type: 2, xy: Array.from({ length: 20_000 }, (_, index) => index % 90), copies: 10_000 } },
    'flatgeobuf-feature-corrupt',
  ),
  rejected('collections seventeen deep', { geometry: nested(17) }, 'flatgeobuf-feature-corrupt'),
  rejected('collections five hundred deep', { geometry: nested(500) }, 'flatgeobuf-feature-corrupt'),
  rejected(
    'fifty thousand circles in one curve',
    { raw: { type: 8, xy: Array.from({ length: 200_002 }, (_, index) => (index % 4 === 2 ? 2 : 0)) } },
    'flatgeobuf-too-many-vertices',
  ),
  rejected(
    'ends behind the vertices',
    { raw: { type: 5, xy: [0, 0, 1, 1], ends: [2, 3] } },
    'flatgeobuf-feature-corrupt',
  ),
  rejected('a type that there is not', { raw: { type: 99, xy: [0, 0] } }, 'flatgeobuf-feature-corrupt'),
  rejected(
    'a text that is longer than the feature',
    { geometry: POINT, properties: [[1, Uint8Array.of(255, 255, 255, 255, 65)]] },
    'flatgeobuf-feature-corrupt',
  ),
  rejected(
    'a value of a column that there is not',
    { geometry: POINT, properties: [[7, Uint8Array.of(1)]] },
    'flatgeobuf-feature-corrupt',
  ),
  rejected('coordinates that are no numbers', { raw: { type: 1, xy: [NaN, Infinity] } }, 'geometry-not-finite'),
];
