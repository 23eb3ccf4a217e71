import { describe, expect, it } from 'vitest';
import { absent } from '../../../shared/jobs/conditions.ts';
import { datasetItemKey } from '../../../shared/jobs/items/keys.ts';
import { createTestApi, ROOT } from './test-api.ts';
import type { TestApi } from './test-api.ts';

const MINUTE = 60_000;
const OGC = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/';

async function submit(api: TestApi, inputs: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const body = { inputs: { datasets: [{ id: 'a', units: 8 }], ...inputs }, ...more };
  const response = await api.call({ method: 'POST', path: '/processes/numbers/execution', body });
  return response.json.jobID;
}

describe('status of a job', () => {
  it('goes from accepted to successful, with progress, times and links', async () => {
    const api = createTestApi();
    const id = await submit(api, {});
    const accepted = await api.call({ path: `/jobs/${id}` });
    expect(accepted.json).toMatchObject({ jobID: id, status: 'accepted', state: 'accepted', progress: 0 });
    api.test.clock.advance(MINUTE);
    await api.test.engine.runUntilIdle();
    const { json } = await api.call({ path: `/jobs/${id}` });
    expect(json).toMatchObject({
      status: 'successful',
      progress: 100,
      units: 8,
      counts: { done: 8, failed: 0, skipped: 0 },
      datasets: [{ id: 'a', units: 8, done: 8 }],
      created: '2026-01-01T00:00:00.000Z',
      started: '2026-01-01T00:01:00.000Z',
      finished: '2026-01-01T00:01:00.000Z',
    });
    const relations = json.links.map(({ rel }) => rel);
    expect(relations).toContain('monitor');
    expect(relations).toContain('http://www.opengis.net/def/rel/ogc/1.0/results');
  });

  it('says when only a part succeeded, and samples its errors', async () => {
    const api = createTestApi();
    const id = await submit(api, { failing: [3] });
    await api.test.engine.runUntilIdle();
    const { json } = await api.call({ path: `/jobs/${id}` });
    expect(json).toMatchObject({
      status: 'successful',
      partial: true,
      state: 'partial',
      counts: { failed: 1, done: 7 },
    });
    expect(json['errors']).toMatchObject([{ code: 'unit-bad', dataset: 'a' }]);
  });

  it('costs a 304 while nothing changes', async () => {
    const api = createTestApi();
    const path = `/jobs/${await submit(api, {})}`;
    const first = await api.call({ path });
    const etag = first.headers['etag'] ?? '';
    expect(etag).toMatch(/^W\/"/);
    const same = await api.call({ path, headers: { 'if-none-match': `"other", ${etag}` } });
    expect(same).toMatchObject({ statusCode: 304, body: '' });
    expect(same.headers['etag']).toBe(etag);
    await api.test.engine.runUntilIdle();
    expect((await api.call({ path, headers: { 'if-none-match': etag } })).statusCode).toBe(200);
  });

  it('is a 404 for a job that is not there, is no id, or is of another tenant', async () => {
    const api = createTestApi();
    const id = await submit(api, {});
    for (const request of [
      { path: '/jobs/01JZZZZZZZZZZZZZZZZZZZZZZZ' },
      { path: '/jobs/no-id' },
      { path: `/jobs/${id}`, tenant: 'other' },
      { path: `/jobs/${id}`, tenant: 'other', method: 'DELETE' },
      { path: `/jobs/${id}/results`, tenant: 'other' },
      { path: `/jobs/${id}/errors`, tenant: 'other' },
      { path: `/jobs/${id}/events`, tenant: 'other' },
      { path: `/jobs/${id}/retry`, tenant: 'other', method: 'POST' },
    ]) {
      const { json } = await api.call(request);
      expect(json).toMatchObject({ status: 404, type: `${OGC}no-such-job`, code: 'job-not-found' });
    }
  });
});

describe('dismissal', () => {
  it('answers 200 with the status dismissed, and the same when it is repeated', async () => {
    const api = createTestApi();
    const path = `/jobs/${await submit(api, {})}`;
    for (let time = 0; time < 2; time++) {
      const response = await api.call({ path, method: 'DELETE' });
      expect(response.statusCode).toBe(200);
      expect(response.json['status']).toBe('dismissed');
    }
    const results = await api.call({ path: `${path}/results` });
    expect(results.json).toMatchObject({ status: 410, code: 'job-cancelled' });
  });

  it('answers 409 for a job that has ended otherwise', async () => {
    const api = createTestApi();
    const path = `/jobs/${await submit(api, {})}`;
    await api.test.engine.runUntilIdle();
    expect((await api.call({ path, method: 'DELETE' })).json).toMatchObject({
      status: 409,
      code: 'job-already-finished',
    });
  });
});

describe('results', () => {
  it('are not there before the job has ended', async () => {
    const api = createTestApi();
    const response = await api.call({ path: `/jobs/${await submit(api, {})}/results` });
    expect(response.json).toMatchObject({ status: 404, type: `${OGC}result-not-ready` });
    expect(response.headers['retry-after']).toBe('5');
  });

  it('have stored files as addresses that can be fetched', async () => {
    const api = createTestApi();
    const id = await submit(api, {}, { response: 'document' });
    await api.test.engine.runUntilIdle();
    const { json } = await api.call({ path: `/jobs/${id}/results` });
    const href = `https://signed.example/data/outputs/acme/${id}/a.txt?signature=1`;
    expect(json).toEqual({ lists: [{ dataset: 'a', href }] });
  });

  it('are given by reference to the single result, which is served by itself', async () => {
    const api = createTestApi();
    const id = await submit(api, {}, { outputs: { lists: { transmissionMode: 'reference' } } });
    await api.test.engine.runUntilIdle();
    const response = await api.call({ path: `/jobs/${id}/results` });
    expect(response.statusCode).toBe(204);
    expect(response.headers['link']).toContain(`<${ROOT}/jobs/${id}/results/lists>`);
    const one = await api.call({ path: `/jobs/${id}/results/lists` });
    expect(one).toMatchObject({ statusCode: 200, json: [{ dataset: 'a' }] });
    expect((await api.call({ path: `/jobs/${id}/results/none` })).json.code).toBe('output-not-found');
  });

  it('of a failed job are the reason of its failure', async () => {
    const api = createTestApi({ hooks: { planError: () => new Error('broken') } });
    const id = await submit(api, {});
    for (let attempt = 0; attempt < 6; attempt++) {
      await api.test.engine.runUntilIdle();
      api.test.clock.advance(20 * MINUTE);
    }
    const { json } = await api.call({ path: `/jobs/${id}/results` });
    expect(json['status']).toBeGreaterThanOrEqual(400);
    const status = await api.call({ path: `/jobs/${id}` });
    expect(status.json['status']).toBe('failed');
    expect(status.json['failure']).toMatchObject({ code: json.code });
  });
});

describe('errors and events', () => {
  it('lists every error, page by page', async () => {
    const api = createTestApi();
    const id = await submit(api, { failing: [0, 1, 2, 3] });
    await api.test.engine.runUntilIdle();
    const first = await api.call({ path: `/jobs/${id}/errors?limit=3` });
    expect(first.json['errors']).toHaveLength(3);
    const next = first.json.links.find(({ rel }) => rel === 'next')?.href ?? '';
    const second = await api.call({ path: next.slice(ROOT.length) });
    expect(second.json['errors']).toHaveLength(1);
    expect(second.json.links.some(({ rel }) => rel === 'next')).toBe(false);
  });

  it('tells every change of state, by whom and why', async () => {
    const api = createTestApi();
    const id = await submit(api, {});
    await api.test.engine.runUntilIdle();
    const { json } = await api.call({ path: `/jobs/${id}/events` });
    const events = json['events'] as Record<string, string>[];
    expect(events.map(({ state }) => state)).toEqual(['accepted', 'planning', 'running', 'finishing', 'succeeded']);
    expect(events[0]).toMatchObject({ actor: 'user:ann', cause: 'submitted', time: '2026-01-01T00:00:00.000Z' });
  });
});

describe('retry', () => {
  it('makes a new job of the failed units, and the same one for the same key', async () => {
    const hooks = { failing: new Set([3]) };
    const api = createTestApi({ hooks });
    const id = await submit(api, {});
    await api.test.engine.runUntilIdle();
    hooks.failing.clear();
    const request = { path: `/jobs/${id}/retry`, method: 'POST', headers: { 'idempotency-key': 'again' } };
    const retried = await api.call(request);
    expect(retried).toMatchObject({ statusCode: 201, json: { retryOf: id, status: 'accepted' } });
    expect((await api.call(request)).json.jobID).toBe(retried.json.jobID);
    await api.test.engine.runUntilIdle();
    expect((await api.call({ path: `/jobs/${retried.json.jobID}` })).json).toMatchObject({
      status: 'successful',
      units: 1,
    });
  });

  it('takes a GeoJSON polygon', async () => {
    const api = createTestApi();
    const id = await submit(api, {});
    await api.test.engine.runUntilIdle();
    const area = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 4],
          [4, 4],
          [4, 0],
          [0, 4],
        ],
      ],
    };
    const response = await api.call({ path: `/jobs/${id}/retry`, method: 'POST', body: { area } });
    expect(response.statusCode).toBe(201);
  });

  it('refuses an area that is no polygon, with the place', async () => {
    const api = createTestApi();
    const id = await submit(api, {});
    for (const [area, field] of [
      [{ type: 'Point', coordinates: [0, 0] }, '/area/type'],
      [
        {
          type: 'Polygon',
          coordinates: [
            [
              [0, 0],
              [1, 1],
              [0, 0],
            ],
          ],
        },
        '/area/coordinates/0',
      ],
      [
        {
          type: 'Polygon',
          coordinates: [
            [
              [0, 0],
              [1, 1],
              [1, 0],
              [0, 1],
            ],
          ],
        },
        '/area/coordinates/0',
      ],
      [
        {
          type: 'Polygon',
          coordinates: [
            [
              [0, 0],
              [181, 1],
              [1, 0],
              [0, 0],
            ],
          ],
        },
        '/area/coordinates/0/1',
      ],
    ] as const) {
      const response = await api.call({ path: `/jobs/${id}/retry`, method: 'POST', body: { area } });
      expect(response.json).toMatchObject({ status: 400, field });
    }
  });

  it('answers 409 before the job has ended, and when nothing failed', async () => {
    const api = createTestApi();
    const path = `/jobs/${await submit(api, {})}/retry`;
    expect((await api.call({ path, method: 'POST' })).json).toMatchObject({ status: 409, code: 'job-not-terminal' });
    await api.test.engine.runUntilIdle();
    expect((await api.call({ path, method: 'POST' })).json).toMatchObject({ status: 409, code: 'nothing-to-retry' });
  });
});

describe('published datasets', () => {
  it('are listed and shown with an address of their file', async () => {
    const api = createTestApi();
    const id = await submit(api, {
      datasets: [
        { id: 'a', units: 2 },
        { id: 'b', units: 2 },
      ],
    });
    await api.test.engine.runUntilIdle();
    const list = await api.call({ path: '/datasets?limit=1' });
    expect(list.json['datasets']).toMatchObject([{ id: 'a', jobID: id, mediaType: 'text/plain', bytes: 3 }]);
    const next = list.json.links.find(({ rel }) => rel === 'next')?.href ?? '';
    expect((await api.call({ path: next.slice(ROOT.length) })).json['datasets']).toMatchObject([{ id: 'b' }]);
    const one = await api.call({ path: '/datasets/b' });
    expect(one.json.links).toContainEqual(
      expect.objectContaining({
        rel: 'enclosure',
        href: `https://signed.example/data/outputs/acme/${id}/b.txt?signature=1`,
      }),
    );
    for (const path of ['/datasets/c', '/datasets/..']) {
      expect((await api.call({ path })).json).toMatchObject({ status: 404, code: 'dataset-not-found' });
    }
    expect((await api.call({ path: '/datasets/b', tenant: 'other' })).statusCode).toBe(404);
  });

  it('are shown with addresses of what describes and shows them', async () => {
    const api = createTestApi();
    const file = (name: string) => ({ url: `s3://data/outputs/acme/${name}`, mediaType: 'image/png', bytes: 1 });
    await api.test.engine.store.write({
      kind: 'put',
      key: datasetItemKey('acme', 'a'),
      item: {
        jobId: 'j',
        ...file('a.fgb'),
        publishedAt: 0,
        related: [
          { rel: 'describedby', ...file('a.stac.json') },
          { rel: 'preview', ...file('a.png') },
        ],
      },
      condition: absent('jobId'),
    });
    const { json } = await api.call({ path: '/datasets/a' });
    const signed = (name: string): string => `https://signed.example/data/outputs/acme/${name}?signature=1`;
    expect(json.links).toEqual(
      expect.arrayContaining([
        { rel: 'describedby', href: signed('a.stac.json'), type: 'image/png', title: 'Description' },
        { rel: 'preview', href: signed('a.png'), type: 'image/png', title: 'Thumbnail' },
      ]),
    );
  });
});
