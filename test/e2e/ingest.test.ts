import { PutObjectCommand } from '@aws-sdk/client-s3';
import { deserialize } from 'flatgeobuf/lib/mjs/geojson.js';
import { parquetReadObjects } from 'hyparquet';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeZip } from '../helpers/make-zip.ts';
import { readOutput } from './helpers/read-output.ts';
import { hasStack, testStack, type TestStack } from './helpers/stack.ts';

const PLACES = 500;

/** Places on a grid, one of which has coordinates that are none. */
const geoJson = JSON.stringify({
  type: 'FeatureCollection',
  features: Array.from({ length: PLACES }, (_, id) => ({
    type: 'Feature',
    properties: { id, name: `place ${id}` },
    geometry: { type: 'Point', coordinates: id === 7 ? ['east', 1] : [(id % 50) - 25, Math.floor(id / 50)] },
  })),
});
const csv = 'name,lon,lat\nA,1.5,2\nB,3,4\n';

describe.runIf(hasStack)('an ingestion on the deployed stack', () => {
  let stack: TestStack;
  let source: string;

  beforeAll(async () => {
    stack = await testStack();
    const { data } = stack.description.buckets;
    const key = `sources/${stack.description.tenant}/survey.zip`;
    const zip = makeZip([
      { name: 'places.geojson', data: geoJson },
      { name: 'stops.csv', data: csv },
    ]);
    await stack.clients.s3.send(new PutObjectCommand({ Bucket: data, Key: key, Body: zip }));
    source = `s3://${data}/${key}`;
  });

  afterAll(() => stack.clients.destroy());

  it('publishes every layer of an archive, names the feature that it left out, and ends partial', async () => {
    const inputs = { source, outputs: ['flatgeobuf', 'geoparquet'] };
    const { jobID } = await stack.api.submit('ingest', inputs, 'survey');
    const job = await stack.api.wait(jobID);
    expect(job).toMatchObject({ state: 'partial', counts: { failed: 0 } });

    const ids: number[] = [];
    const file = await readOutput(stack, jobID, 'survey-places.fgb');
    for await (const { properties } of deserialize(file)) ids.push((properties as { id: number }).id);
    const expected = Array.from({ length: PLACES }, (_, id) => id).filter((id) => id !== 7);
    expect(ids.sort((a, b) => a - b)).toEqual(expected);

    const stops = Uint8Array.from(await readOutput(stack, jobID, 'survey-stops.parquet'));
    const rows = await parquetReadObjects({
      file: { byteLength: stops.length, slice: (from, to) => stops.buffer.slice(from, to) },
      compressors: { ZSTD: (bytes) => zstdDecompressSync(bytes) },
    });
    expect(rows.map(({ name }) => name as string).sort()).toEqual(['A', 'B']);

    const errors = await stack.api.request('GET', `jobs/${jobID}/errors`);
    expect(errors.body).toMatchObject({ errors: [{ dataset: 'survey-places', number: 7, unit: 'feature 7' }] });
    const dataset = await stack.api.request('GET', 'datasets/survey-stops');
    expect(dataset.body).toMatchObject({ jobID, mediaType: 'application/vnd.flatgeobuf' });
    const { links } = dataset.body as { links: { rel: string }[] };
    expect(links.map(({ rel }) => rel)).toEqual(expect.arrayContaining(['describedby', 'preview']));
    const item = JSON.parse(new TextDecoder().decode(await readOutput(stack, jobID, 'survey-stops.stac.json'))) as {
      bbox: number[];
    };
    expect(item.bbox).toEqual([1.5, 2, 3, 4]);
  });

  it('replaces features of the published version by their key, and refuses what was planned upon another one', async () => {
    const names = async (jobId: string): Promise<string[]> => {
      const file = await readOutput(stack, jobId, 'stops.fgb');
      const found: string[] = [];
      for await (const { properties } of deserialize(file)) found.push((properties as { name: string }).name);
      return found.sort();
    };
    const stops = { source, layers: ['stops'], dataset: 'stops' };
    const first = await stack.api.submit('ingest', stops, 'stops');
    expect(await stack.api.wait(first.jobID)).toMatchObject({ state: 'succeeded' });

    const upsert = { ...stops, mode: 'upsert', key: ['name'] };
    const second = await stack.api.submit('ingest', upsert, 'stops-upserted');
    expect(await stack.api.wait(second.jobID)).toMatchObject({ state: 'succeeded' });
    expect(await names(second.jobID)).toEqual(['A', 'B']);

    const appends = await Promise.all(
      ['one', 'two', 'three'].map((key) => stack.api.submit('ingest', { ...stops, mode: 'append' }, `stops-${key}`)),
    );
    const ended = await Promise.all(appends.map(({ jobID }) => stack.api.wait(jobID)));
    const published = ended.filter(({ state }) => state === 'succeeded');
    const refused = ended.filter(({ state }) => state === 'failed');
    expect(refused.map(({ failure }) => (failure as { code: string }).code)).toEqual(
      refused.map(() => 'dataset-changed'),
    );
    // However many were published, each of them added its two stops to those that were there.
    const { body } = await stack.api.request('GET', 'datasets/stops');
    expect(await names((body as { jobID: string }).jobID)).toHaveLength(2 + 2 * published.length);
    expect(published.length).toBeGreaterThan(0);
  });

  it('tells of a source before the job, and in a dry run that publishes nothing', async () => {
    const inputs = { source, layers: ['stops'], dataset: 'unpublished' };
    const estimate = await stack.api.request('POST', 'processes/ingest/estimate', { inputs });
    expect(estimate).toMatchObject({ status: 200, body: { units: 1, chunks: 1 } });
    const seen = {
      dataset: 'unpublished',
      format: 'csv',
      preview: { features: [{ properties: { name: 'A' } }, { properties: { name: 'B' } }] },
    };
    expect(estimate.body).toMatchObject({ detail: { layers: [seen] } });
    const { jobID } = await stack.api.submit('ingest', { ...inputs, dryRun: true }, 'dry');
    expect(await stack.api.wait(jobID)).toMatchObject({ state: 'succeeded' });
    const results = await stack.api.request('GET', `jobs/${jobID}/results`);
    expect(results.body).toMatchObject({ detail: { layers: [seen] } });
    expect(await stack.api.request('GET', 'datasets/unpublished')).toMatchObject({ status: 404 });
  });
});
