import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateIngest } from '../../../shared/processes/ingest/estimate/estimate.ts';
import type { SourceFormat } from '../../../shared/processes/ingest/formats.ts';
import { MAX_READ_BYTES, MAX_READS } from '../../../shared/processes/ingest/estimate/front-limits.ts';
import { ingestInputs } from '../../../shared/processes/ingest/inputs.ts';
import { makeZip, type ZipPart } from '../../helpers/make-zip.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { makePoints, POINTS_IN } from '../../helpers/points-in-every-format.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzzBatches, printCorpora, reading } from '../corpus/fuzz.ts';

const MIB = 2 ** 20;
const { signal } = new AbortController();

/** What API Gateway and Lambda let through. */
const MAX_RESPONSE_BYTES = 6 * MIB;

async function estimate(bytes: Uint8Array, inputs: object = {}) {
  const reader = memoryReader(bytes);
  const parsed = ingestInputs.parse({ source: 's3://sources/source', ...inputs });
  const made = await estimateIngest({ signal, sources: { open: async () => reader } }, parsed);
  expect(reader.reads.length).toBeLessThanOrEqual(MAX_READS);
  expect(reader.reads.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(MAX_READ_BYTES);
  const json = JSON.stringify(made);
  expect(json.length).toBeLessThan(MAX_RESPONSE_BYTES);
  return { ...made, reader };
}

const collection = (features: unknown[]): string => JSON.stringify({ type: 'FeatureCollection', features });
const feature = (properties: object, coordinates: unknown = [1, 2], type = 'Point') => ({
  type: 'Feature',
  properties,
  geometry: { type, coordinates },
});

describe('an estimate of a hostile source', () => {
  it('unpacks the beginning of a bomb, and no more', async () => {
    const bomb = gzipSync(`{"type":"FeatureCollection","features":[${' '.repeat(300 * MIB)}]}`);
    const { detail } = await estimate(bomb);
    expect(detail.layers[0]).toMatchObject({ looked: { features: 0 }, preview: { features: [] } });
  });

  it('does not look into an archive of very many files', async () => {
    const parts = Array.from({ length: 5000 }, (_, number): ZipPart => ({
      name: `${number}.csv`,
      data: 'lon,lat\n1,2\n',
    }));
    const { detail, chunks } = await estimate(makeZip(parts));
    expect(detail.layers).toEqual([]);
    expect(detail.notes.join()).toContain('so many files');
    expect(chunks).toBe(1);
  });

  it.each([100, 50_000])('leaves out of the preview what is nested %d deep', async (depth) => {
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const text = collection([feature({ a: 1 }), feature({ a: [] })]).replace('"a":1', `"a":${deep}`);
    const { detail } = await estimate(Buffer.from(text));
    const [layer] = detail.layers;
    expect(layer!.preview.features).toHaveLength(1);
    expect(layer!.looked.features).toBe(2);
  });

  it('leaves out of the preview what is too large to be shown', async () => {
    const line = Array.from({ length: 60_000 }, (_, index) => [index / 1000, 1]);
    const shapes = Array.from({ length: 3 }, () => feature({}, line, 'LineString'));
    const { detail } = await estimate(makeFlat(shapes));
    const [layer] = detail.layers;
    expect(layer!.looked.features).toBeGreaterThan(0);
    expect(JSON.stringify(layer!.preview).length).toBeLessThan(MIB + 100);
  });

  it('fits into a response with as many layers, fields, rejects and long texts as there may be', async () => {
    const properties = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [`${index}-${'n'.repeat(2000)}`, 'v'.repeat(200)]),
    );
    const file = collection([...Array<unknown>(1)].flatMap(() => [feature(properties), feature(properties, ['x', 1])]));
    const parts = Array.from({ length: 50 }, (_, number): ZipPart => ({ name: `${number}.geojson`, data: file }));
    const { detail } = await estimate(makeZip(parts));
    expect(detail.layers).toHaveLength(50);
    expect(detail.layers.some(({ notes }) => notes.some(({ code }) => code === 'preview-field-left-out'))).toBe(true);
  });

  it('ends with the first of 1,000 rejects', async () => {
    const { detail } = await estimate(Buffer.from(collection(Array<unknown>(5000).fill(feature({}, ['x', 1])))));
    expect(detail.layers[0]!.looked).toEqual({ features: 1000, rejected: 1000 });
    expect(detail.layers[0]!.rejects).toHaveLength(10);
  });
});

/** Lines of GeoJSON, which are read from their beginning whatever their length. */
function makeFlat(features: unknown[]): Uint8Array {
  return Buffer.from(features.map((each) => JSON.stringify(each)).join('\n'));
}

const FILES = (Object.keys(POINTS_IN) as SourceFormat[]).map((format) => {
  const files = Object.entries(POINTS_IN[format](makePoints(12)));
  const method = format === 'shapefile' ? 0 : 8;
  return files.length === 1 ? files[0]![1] : makeZip(files.map(([name, data]) => ({ name, data, method })));
});
const CORPUS = [...FILES, gzipSync(FILES[0]!), makeZip([{ name: 'a.geojson', data: FILES[0]! }])];

describe('an estimate of a damaged source', () => {
  fuzzBatches(
    'ends with an estimate, or a final error with a code',
    fc.tuple(fc.constantFrom(...CORPUS), edits),
    20,
    async (batch) => {
      for (const [file, list] of batch) {
        const ended = await reading(() => estimate(edited(file, list)));
        if ('refused' in ended) expect(ended.refused.field).toMatch(/^\/inputs\//);
      }
    },
  );

  printCorpora('estimates');
});
