import { vastText } from '../../formats/vast-text.ts';
import { broken, harmless, nothingUsed, refused, without, type Attack } from '../attack.ts';
import { between, collection, GOOD, TOLERANT } from './good-files.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const DEEP = 1_000_000;

const feature = (geometry: string, properties = 'null'): string =>
  `{"type":"Feature","properties":${properties},"geometry":${geometry}}`;
const point = (coordinates: string): string => feature(`{"type":"Point","coordinates":${coordinates}}`);

/** What becomes of one feature between two good ones. */
const rejected = (what: string, text: () => string, code: string, more: Partial<Attack> = {}): Attack => ({
  what,
  file: () => between(text()),
  inputs: TOLERANT,
  end: without([code], 2),
  ...more,
});

const read = (what: string, text: () => string): Attack => ({ what, file: () => between(text()), end: harmless(3) });

const nested = (open: string, close: string, inner = ''): string => open.repeat(DEEP) + inner + close.repeat(DEEP);

/** A line of so many vertices, in no memory. */
function vertices(count: number) {
  const head = `${collection(GOOD).slice(0, -2)},{"type":"Feature","properties":null,"geometry":{"type":"LineString","coordinates":[`;
  const tail = '[1,2]]}}]}';
  return vastText(head, '[1,2],', head.length + 6 * (count - 1) + tail.length, tail);
}

export const GEOJSON_ATTACKS: Attack[] = [
  { what: 'arrays a million deep', file: () => nested('[', ']'), end: refused('vector-format-unknown') },
  { what: 'objects a million deep', file: () => nested('{"a":', '}', '1'), end: refused('not-geojson') },
  {
    what: 'a member a million deep before its features',
    file: () => `{"a":${nested('[', ']')},"type":"FeatureCollection","features":[${GOOD}]}`,
    end: harmless(1),
  },
  rejected('a property a million deep', () => feature('null', `{"a":${nested('[', ']')}}`), 'json-too-deep'),
  rejected(
    'coordinates a million deep',
    () => feature(`{"type":"Polygon","coordinates":${nested('[', ']')}}`),
    'geojson-coordinates-nesting',
  ),
  rejected(
    'geometry collections a hundred thousand deep',
    () => {
      const levels = DEEP / 10;
      return feature('{"type":"GeometryCollection","geometries":['.repeat(levels) + ']}'.repeat(levels));
    },
    'json-too-deep',
  ),
  rejected(
    'geometry collections twenty deep',
    () => feature('{"type":"GeometryCollection","geometries":['.repeat(20) + ']}'.repeat(20)),
    'geometry-too-deep',
  ),
  {
    what: 'arrays a million deep for its features',
    file: () => `{"type":"FeatureCollection","features":${nested('[', ']')}}`,
    end: nothingUsed('json-too-deep'),
  },
  rejected('a coordinate of 1e400', () => point('[1e400,0]'), 'geometry-coordinate-out-of-range'),
  rejected('a coordinate of −1e400', () => point('[0,-1e400]'), 'geometry-coordinate-out-of-range'),
  read('a height of 1e308', () => point('[0,0,1e308]')),
  read('a coordinate of 1e-400', () => point('[1e-400,0]')),
  rejected('a longitude of 1e300', () => point('[1e300,0]'), 'geometry-longitude-out-of-range'),
  read('a property of 1e400', () => feature('null', '{"a":1e400}')),
  read('an integer of a million digits', () => feature('null', `{"a":${'9'.repeat(DEEP)}}`)),
  rejected(
    'a coordinate of a million digits',
    () => point(`[${'9'.repeat(DEEP)},0]`),
    'geometry-coordinate-out-of-range',
  ),
  ...['NaN', 'Infinity', '-Infinity'].map((word) =>
    rejected(`a coordinate of ${word}`, () => point(`[${word},0]`), 'json-number-not-finite'),
  ),
  ...['undefined', '0x10', '01', '1.', '.5', '+1'].map((word) =>
    rejected(`a coordinate of ${word}`, () => point(`[${word},0]`), 'json-syntax'),
  ),
  rejected('a property of NaN', () => feature('null', '{"a":NaN}'), 'json-number-not-finite'),
  rejected('a property in single quotes', () => feature('null', "{'a':1}"), 'json-syntax'),
  read('__proto__ and its like', () =>
    feature('null', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"toString":1}'),
  ),
  {
    what: '__proto__ as a member of itself',
    file: () => `{"__proto__":{"polluted":true},"type":"FeatureCollection","features":[${GOOD}]}`,
    end: harmless(1),
  },
  {
    what: '__proto__ as its name',
    file: () => `{"name":"__proto__","type":"FeatureCollection","features":[${GOOD}]}`,
    end: harmless(1),
  },
  read('a thousand values of one name', () => feature('null', `{${'"a":1,'.repeat(999)}"a":2}`)),
  rejected(
    'two geometries, one of which is none',
    () => `{"type":"Feature","properties":null,"geometry":{"type":"Point","coordinates":["x"]},"geometry":null}`,
    'geojson-coordinate-type',
  ),
  {
    what: 'two arrays of features',
    file: () => `{"type":"FeatureCollection","features":[${GOOD},${GOOD}],"features":[${GOOD}]}`,
    end: harmless(1),
  },
  {
    what: 'two types',
    file: () => `{"type":"Point","type":"FeatureCollection","features":[${GOOD}]}`,
    end: harmless(1),
  },
  rejected(
    'five thousand names',
    () => feature('null', `{${Array.from({ length: 5_000 }, (_, index) => `"n${index}":1`).join()}}`),
    'feature-too-many-names',
  ),
  rejected('a name of a megabyte', () => feature('null', `{"${'n'.repeat(MIB)}":1}`), 'feature-name-too-long'),
  {
    what: 'ten million vertices in one line',
    file: () => vertices(10_000_000),
    inputs: TOLERANT,
    end: without(['geometry-too-many-vertices'], 1),
    maxRead: 4 * 60 * MIB,
  },
  { what: 'a byte order mark', file: () => `\ufeff${collection(GOOD)}`, end: harmless(1) },
  { what: 'UTF-16', file: () => Buffer.from(`\ufeff${collection(GOOD)}`, 'utf16le'), end: harmless(1) },
  {
    what: 'UTF-16 of the other order',
    file: () => Buffer.from(`\ufeff${collection(GOOD)}`, 'utf16le').swap16(),
    end: harmless(1),
  },
  { what: 'UTF-16 without a mark', file: () => Buffer.from(collection(GOOD), 'utf16le'), end: harmless(1) },
  {
    what: 'UTF-16 that ends in half a character',
    file: () => Buffer.from(`\ufeff${collection(GOOD)}`, 'utf16le').subarray(0, -1),
    end: refused('text-encoding-invalid'),
  },
  {
    what: 'UTF-32',
    file: () => Buffer.from([...collection(GOOD)].flatMap((letter) => [letter.charCodeAt(0), 0, 0, 0])),
    end: refused('vector-format-unknown'),
  },
  read('half a surrogate pair', () => feature('null', '{"a":"\\ud800"}')),
  {
    what: 'bytes that are no UTF-8',
    file: () => Buffer.from(between(feature('null', '{"a":"\u00e9\u00ff"}')), 'latin1'),
    inputs: TOLERANT,
    end: without(['text-not-utf8'], 2),
  },
  {
    what: 'a line of 128 MiB in a sequence',
    file: () => vastText(`${GOOD}\n{"type":"Feature","properties":{"a":"`, 'x', 128 * MIB, `"}}\n${GOOD}`),
    end: broken('record-too-long'),
    maxRead: 640 * MIB,
  },
  {
    what: 'a text without an end',
    file: () => vastText(`{"type":"FeatureCollection","a":"`, 'x', 128 * MIB),
    end: refused('geojson-truncated'),
    maxRead: 129 * MIB,
  },
  { what: 'zeros of a megabyte', file: () => Buffer.alloc(MIB), end: refused('vector-format-unknown') },
  { what: 'no features', file: () => collection(), end: harmless(0) },
  {
    what: 'numbers in the place of features',
    file: () => collection('1', '2'),
    end: nothingUsed('geojson-not-a-feature'),
  },
];
