import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { FeatureFormat } from '../../../shared/geo/features/feature-format.ts';
import { csvFormat } from '../../../shared/geo/formats/csv/csv-format.ts';
import { geoJsonFormat } from '../../../shared/geo/formats/geojson/geojson-format.ts';
import { geoJsonSeqFormat } from '../../../shared/geo/formats/geojson-seq/geojson-seq-format.ts';
import { readFormat } from '../../helpers/read-format.ts';
import { shortReads } from '../../helpers/short-reads.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';

const polygon = '{"type":"Polygon","coordinates":[[[0.5,0],[1,0,3],[1,1e0],[0.5,0]]]}';
const features = [
  `{"type":"Feature","id":7,"properties":{"a":1,"b":"é\\n}{","c":[1,{"x":null}],"d":12345678901234567890},"geometry":${polygon}}`,
  '{"type":"Feature","properties":null,"geometry":{"coordinates":[[1,2],[-3.25,4]],"type":"LineString"}}',
  `{"geometry":{"type":"GeometryCollection","geometries":[${polygon},{"type":"Point","coordinates":[]}]},"type":"Feature"}`,
];
const crs = '"crs":{"type":"name","properties":{"name":"EPSG:3857"}}';

const SEEDS: Record<string, readonly string[]> = {
  geojson: [
    `{"type":"FeatureCollection",${crs},"features":[\n${features.join(',\n')}\n]}`,
    `{"features":[${features.join()}],"name":"x","type":"FeatureCollection"}`,
    features[0]!,
    polygon,
  ],
  'geojson-seq': [features.join('\n'), features.map((text) => `\u001e${text}\n`).join('')],
  csv: [
    'id,name,lon,lat\r\n1,"a ""b""\nc",1.5,-2\r\n2,é,,\r\n3,x,1,2\r\n',
    `id;wkt\n1;POINT Z (1 2 3)\n2;"SRID=4326;MULTIPOLYGON(((0 0,1 0,1 1,0 0)),EMPTY)"\n3;CIRCULARSTRING(0 0,1 1,2 0)\n`,
    `id\tgeom\n1\t0101000020E6100000000000000000F03F0000000000000040\n2\t"${polygon.replaceAll('"', '""')}"\n`,
  ],
};
const FORMATS: readonly FeatureFormat[] = [geoJsonFormat, geoJsonSeqFormat, csvFormat];

const encodings = fc.constantFrom('utf8' as const, 'utf8' as const, 'utf16le' as const);
const pieces = fc.constantFrom(
  ...'{}[]",:;\t\n\r\\0123456789.-eE \u001e\ufeff'.split(''),
  ...[
    '"type"',
    '"Feature"',
    '"geometry"',
    '"coordinates"',
    '"features":[',
    'null',
    '1e400',
    '\\u0000',
    'POINT',
    '""',
    '\0',
  ],
);

describe('the text formats', () => {
  printCorpora('text formats');

  for (const format of FORMATS) {
    const seeds = SEEDS[format.id]!;
    fuzz(
      `${format.id} with bytes changed, cut, moved and put in is read, rejected feature by feature, or refused for good`,
      fc.record({
        seed: fc.nat(seeds.length - 1),
        list: edits,
        encoding: encodings,
        blockBytes: fc.integer({ min: 1, max: 500 }),
      }),
      ({ seed, list, encoding, blockBytes }) => {
        const text = encoding === 'utf8' ? seeds[seed]! : `\ufeff${seeds[seed]!}`;
        return endsWithinBounds(format, edited(Buffer.from(text, encoding), list), blockBytes);
      },
    );

    fuzz(
      `${format.id} of pieces in any order is read, rejected feature by feature, or refused for good`,
      fc.record({
        seed: fc.nat(seeds.length - 1),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        parts: fc.array(pieces, { maxLength: 20 }),
      }),
      ({ seed, at, parts }) => {
        const text = seeds[seed]!;
        const cut = Math.floor(at * text.length);
        return endsWithinBounds(format, Buffer.from(text.slice(0, cut) + parts.join('') + text.slice(cut)), 100);
      },
    );
  }
});

/** What is read is the same in one block and in many, and each problem has a code and a sentence. */
async function endsWithinBounds(format: FeatureFormat, bytes: Uint8Array, blockBytes: number): Promise<void> {
  const whole = await reading(() => readFormat(format, bytes));
  const parts = await reading(() => readFormat(format, shortReads(bytes, 4 + (blockBytes % 64)), { blockBytes }));
  if ('refused' in whole || 'refused' in parts) {
    // Of two things that are wrong, the pieces that a file comes in decide which is seen first.
    expect('refused' in whole).toBe('refused' in parts);
    return;
  }
  const { sink } = whole.read;
  expect(sink.features.length + sink.rejects.length).toBeLessThanOrEqual(bytes.length);
  for (const { code, reason } of [...sink.rejects.map(({ problem }) => problem), ...sink.notes]) {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(reason).toMatch(/^[A-Z].*\.$/);
  }
  const content = ({ features, rejects }: typeof sink) => ({
    features: features.map(({ geometry, properties, place }) => ({ geometry, properties, offset: place.offset })),
    rejects: rejects.map(({ problem, place, source }) => ({ code: problem.code, offset: place.offset, source })),
  });
  expect(content(parts.read.sink)).toEqual(content(sink));
}
