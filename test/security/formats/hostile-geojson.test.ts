import { describe, expect, it } from 'vitest';
import { geoJsonFormat } from '../../../shared/geo/formats/geojson/geojson-format.ts';
import { geoJsonSeqFormat } from '../../../shared/geo/formats/geojson-seq/geojson-seq-format.ts';
import { CountingSink } from '../../helpers/counting-sink.ts';
import { readFormat } from '../../helpers/read-format.ts';
import { reading } from '../corpus/fuzz.ts';
import { vastText, type VastText } from './vast-text.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const DEPTH = 1_000_000;

const open = '{"type":"FeatureCollection","features":[';
const good = '{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[1,2]}}';
const collection = (...features: string[]) => `${open}${features.join()}]}`;
const feature = (geometry: string, properties = 'null') =>
  `{"type":"Feature","properties":${properties},"geometry":${geometry}}`;

/** What becomes of a feature between two good ones, which are read whatever it is. */
async function rejection(text: string): Promise<string | undefined> {
  const { sink } = await readFormat(geoJsonFormat, collection(good, text, good));
  expect(sink.features).toHaveLength(2);
  return sink.rejects[0]?.problem.code;
}

async function countFeatures(file: VastText): Promise<CountingSink> {
  const { signal } = new AbortController();
  const [layer] = await geoJsonFormat.inspect({ file }, { blockBytes: GIB, name: 'vast', signal });
  const sink = new CountingSink();
  for (let block = 0; block < layer!.blocks; block++)
    await geoJsonFormat.readBlock({ file }, layer!, block, sink, signal);
  expect(file.misuses).toEqual([]);
  return sink;
}

describe('GeoJSON that is a million levels deep', () => {
  it.each([
    ['arrays', '['.repeat(DEPTH), 'not-geojson'],
    ['objects', '{"a":'.repeat(DEPTH), 'geojson-truncated'],
    ['a member', `{"a":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)},"type":"FeatureCollection"}`, 'not-geojson'],
  ])('is refused as %s', async (_what, text, code) => {
    await expect(readFormat(geoJsonFormat, text)).rejects.toMatchObject({ code, retryable: false });
  });

  it.each([
    ['a property', feature('null', `{"a":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`), 'json-too-deep'],
    ['objects', feature('null', `{"a":${'{"a":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}}`), 'json-too-deep'],
    [
      'coordinates',
      feature(`{"type":"Polygon","coordinates":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`),
      'geojson-coordinates-nesting',
    ],
    [
      'coordinates before the type',
      feature(`{"coordinates":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)},"type":"Point"}`),
      'json-too-deep',
    ],
    ['a member of the feature', `{"type":"Feature","a":${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}}`, 'json-too-deep'],
    [
      'collections',
      feature(`${'{"type":"GeometryCollection","geometries":['.repeat(DEPTH / 10)}${']}'.repeat(DEPTH / 10)}`),
      'json-too-deep',
    ],
    [
      'collections, less deep',
      feature(`${'{"type":"GeometryCollection","geometries":['.repeat(60)}${']}'.repeat(60)}`),
      'geometry-too-deep',
    ],
    ['no feature at all', `${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`, 'json-too-deep'],
  ])('loses one feature to %s', async (_what, text, code) => {
    expect(await rejection(text)).toBe(code);
  });
});

describe('GeoJSON of hostile names', () => {
  it('keeps __proto__ and its like as properties', async () => {
    const properties = '{"__proto__":{"polluted":true},"constructor":1,"hasOwnProperty":2,"toString":3}';
    const { sink } = await readFormat(geoJsonFormat, collection(feature('null', properties)));
    expect(sink.names).toEqual(['__proto__', 'constructor', 'hasOwnProperty', 'toString']);
    expect(Object.getOwnPropertyNames(sink.features[0]!.properties)).toEqual(sink.names);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('refuses features when there are more names than any target takes', async () => {
    const properties = (from: number, count: number) =>
      `{${Array.from({ length: count }, (_, index) => `"name${from + index}":1`).join()}}`;
    const { sink } = await readFormat(
      geoJsonFormat,
      collection(
        feature('null', properties(0, 4096)),
        feature('null', properties(20_000, 1)),
        feature('null', properties(0, 1)),
      ),
    );
    expect(sink.features).toHaveLength(2);
    expect(sink.rejects).toMatchObject([{ problem: { code: 'feature-too-many-names' } }]);
    expect(sink.names).toHaveLength(4096);
  });

  it('refuses a name of a megabyte', async () => {
    expect(await rejection(feature('null', `{"${'n'.repeat(MIB)}":1}`))).toBe('feature-name-too-long');
  });

  it('counts the last of a thousand equal names', async () => {
    const { sink } = await readFormat(geoJsonFormat, collection(feature('null', `{${'"a":1,'.repeat(999)}"a":2}`)));
    expect(sink.features[0]?.properties).toEqual({ a: { integer: 2 } });
  });
});

describe('GeoJSON of hostile size', () => {
  it.each([
    ['four million vertices', 4 * MIB, { features: 1, vertices: 4 * MIB, rejects: 0 }],
    ['ten million vertices', 10_000_000, { features: 0, vertices: 0, rejects: 1 }],
  ])('reads a feature of %s as its limit says', async (_what, vertices, outcome) => {
    const head = `${open}{"type":"Feature","properties":null,"geometry":{"type":"LineString","coordinates":[`;
    const tail = '[1,2]]}}]}';
    const file = vastText(head, '[1,2],', head.length + 6 * (vertices - 1) + tail.length, tail);
    expect(await countFeatures(file)).toMatchObject(outcome);
  });

  it('puts a feature of 200 megabytes aside without keeping it, and reads the next', async () => {
    const head = `${open}${good},{"type":"Feature","properties":{"a":"`;
    const file = vastText(head, 'x', 200 * MIB, `"},"geometry":null},${good}]}`);
    expect(await countFeatures(file)).toMatchObject({ features: 2, rejects: 1 });
  });

  it('passes over a member of 200 megabytes beside the features', async () => {
    const file = vastText('{"type":"FeatureCollection","padding":"', 'x', 200 * MIB, `","features":[${good}]}`);
    expect(await countFeatures(file)).toMatchObject({ features: 1, rejects: 0 });
  });

  it('takes no more than so many members of collections', async () => {
    const members = Array.from({ length: 70_000 }, () => '{"type":"Point","coordinates":[1,2]}').join();
    expect(await rejection(feature(`{"type":"GeometryCollection","geometries":[${members}]}`))).toBe(
      'geometry-too-many-members',
    );
  });

  it('refuses a line of a gigabyte in a sequence, in every block that it goes through', async () => {
    const { signal } = new AbortController();
    const file = vastText(`${good}\n{"type":"Feature","properties":{"a":"`, 'x', GIB, `"}}\n${good}`);
    const [layer] = await geoJsonSeqFormat.inspect({ file }, { blockBytes: 256 * MIB, name: 'vast', signal });
    for (let block = 0; block < layer!.blocks - 1; block++) {
      file.bytes = 0;
      const read = geoJsonSeqFormat.readBlock({ file }, layer!, block, new CountingSink(), signal);
      await expect(read).rejects.toMatchObject({ code: 'record-too-long', retryable: false });
      expect(file.bytes).toBeLessThan(80 * MIB);
    }
    expect(file.misuses).toEqual([]);
  });

  it('keeps no more than 64 KiB of a rejected feature', async () => {
    const { sink } = await readFormat(geoJsonFormat, collection(feature('1', `{"a":"${'é'.repeat(MIB)}"}`)));
    const [{ source }] = sink.rejects as unknown as [{ source: { text: string } }];
    expect(Buffer.byteLength(source.text)).toBeGreaterThan(64 * 1024 - 4);
    expect(Buffer.byteLength(source.text)).toBeLessThanOrEqual(64 * 1024);
    expect(source.text).not.toContain('\ufffd');
  });
});

describe('GeoJSON in other encodings', () => {
  it('is refused in UTF-16 that is cut in half a character', async () => {
    const text = Buffer.from(`\ufeff${collection(good)}`, 'utf16le');
    const read = readFormat(geoJsonFormat, text.subarray(0, -1));
    await expect(read).rejects.toMatchObject({ code: 'text-encoding-invalid', retryable: false });
  });

  it('is refused in UTF-16 that does not say so', async () => {
    const read = readFormat(geoJsonFormat, Buffer.from(collection(good), 'utf16le'));
    await expect(read).rejects.toMatchObject({ code: 'geojson-corrupt', retryable: false });
  });

  it.each(['utf16le', 'utf8'] as const)('is read with a byte order mark in %s', async (encoding) => {
    const { sink } = await readFormat(geoJsonFormat, Buffer.from(`\ufeff${collection(good)}`, encoding));
    expect(sink.features).toHaveLength(1);
  });

  it('may have a byte order mark in UTF-16 of the other order', async () => {
    const { sink } = await readFormat(geoJsonFormat, Buffer.from(`\ufeff${collection(good)}`, 'utf16le').swap16());
    expect(sink.features).toHaveLength(1);
  });
});

describe('GeoJSON that is cut off', () => {
  const features = Array.from({ length: 400 }, (_, index) => feature('null', `{"name":"é ${index} }{","n":${index}}`));

  it('is refused at every kilobyte', async () => {
    const bytes = Buffer.from(collection(...features));
    expect(bytes.length).toBeGreaterThan(30_000);
    for (let end = 0; end < bytes.length; end += 1024) {
      const { refused } = (await reading(() => readFormat(geoJsonFormat, bytes.subarray(0, end)))) as {
        refused: { code: string };
      };
      expect(refused.code).toBe(end === 0 ? 'not-geojson' : 'geojson-truncated');
    }
  });

  it('gives the features before the cut where each has its line', async () => {
    const bytes = Buffer.from(features.join('\n'));
    for (let end = 1024; end < bytes.length; end += 1024) {
      const { sink } = await readFormat(geoJsonSeqFormat, bytes.subarray(0, end), { blockBytes: 5000 });
      const lines = bytes.subarray(0, end).toString('latin1').split('\n');
      const isWhole = lines.at(-1)!.endsWith('}}') || lines.at(-1) === '';
      expect(sink.features.length + sink.rejects.length).toBe(lines.filter((line) => line !== '').length);
      expect(sink.rejects.length).toBeLessThanOrEqual(isWhole ? 0 : 1);
    }
  });
});
