import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { operations } from '../../../functions/api/documents/operations.ts';
import { responseSchemas } from '../../../functions/api/documents/schemas.ts';
import { apiRoutes, routeName } from '../../../functions/api/routes.ts';
import { createTestApi, ROOT } from './test-api.ts';
import type { TestApi } from './test-api.ts';

const CONFORMANCE = 'http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/';

describe('landing page and conformance', () => {
  it('links to all that the standard asks for', async () => {
    const { call } = createTestApi();
    const { json } = await call({ path: '/', anonymous: true });
    const relations = Object.fromEntries(json.links.map(({ rel, href }) => [rel, href]));
    expect(relations).toMatchObject({
      self: `${ROOT}/?f=json`,
      alternate: `${ROOT}/?f=html`,
      'service-desc': `${ROOT}/api?f=json`,
      'service-doc': `${ROOT}/api?f=html`,
      'http://www.opengis.net/def/rel/ogc/1.0/conformance': `${ROOT}/conformance`,
      'http://www.opengis.net/def/rel/ogc/1.0/processes': `${ROOT}/processes`,
      'http://www.opengis.net/def/rel/ogc/1.0/job-list': `${ROOT}/jobs`,
    });
  });

  it('declares the eight classes of OGC API Processes', async () => {
    const { call } = createTestApi();
    const { json } = await call({ path: '/conformance', anonymous: true });
    const classes = ['core', 'json', 'html', 'oas30', 'ogc-process-description', 'job-list', 'callback', 'dismiss'];
    expect(json['conformsTo']).toEqual(expect.arrayContaining(classes.map((name) => CONFORMANCE + name)));
  });

  it('takes the domain of the event when no public address is configured', async () => {
    const { call } = createTestApi({ api: { publicUrl: '' } });
    const { json } = await call({ path: '/', anonymous: true });
    expect(json.links[0]?.href).toBe('https://abc123.execute-api.us-east-1.amazonaws.com/?f=json');
  });
});

describe('processes', () => {
  it('are listed page by page', async () => {
    const { call } = createTestApi();
    const first = await call({ path: '/processes?limit=1', anonymous: true });
    expect(first.json['processes']).toMatchObject([{ id: 'echo', outputTransmission: ['value', 'reference'] }]);
    const next = first.json.links.find(({ rel }) => rel === 'next')?.href ?? '';
    const second = await call({ path: next.slice(ROOT.length), anonymous: true });
    expect(second.json['processes']).toMatchObject([
      { id: 'numbers', jobControlOptions: ['async-execute', 'dismiss'] },
    ]);
  });

  it('are described by the schemas that validate', async () => {
    const { call } = createTestApi();
    const { json } = await call({ path: '/processes/echo', anonymous: true });
    expect(json).toMatchObject({
      id: 'echo',
      jobControlOptions: ['sync-execute', 'async-execute', 'dismiss'],
      inputs: {
        stringInput: { title: 'Text', minOccurs: 0, maxOccurs: 1, schema: { type: 'string', maxLength: 10_000 } },
        geometryInput: { minOccurs: 0, maxOccurs: 5 },
        pause: { minOccurs: 0, schema: { type: 'number', default: 0, maximum: 600 } },
      },
      outputs: { stringOutput: { title: 'Text', schema: { type: 'string' } } },
    });
    expect(json.links).toContainEqual(
      expect.objectContaining({
        rel: 'http://www.opengis.net/def/rel/ogc/1.0/execute',
        href: `${ROOT}/processes/echo/execution`,
      }),
    );
  });

  it('of another id are a 404 of the standard’s type', async () => {
    const { call } = createTestApi();
    const { json } = await call({ path: '/processes/none', anonymous: true });
    expect(json).toMatchObject({
      status: 404,
      type: 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-process',
    });
  });
});

describe('API definition', () => {
  it('is valid OpenAPI 3.0 and has every route', async () => {
    const { call } = createTestApi();
    const response = await call({ path: '/api', anonymous: true });
    expect(response.headers['content-type']).toBe('application/vnd.oai.openapi+json;version=3.0');
    const result = await new Validator().validate(response.json);
    expect(result).toMatchObject({ valid: true });
    expect(response.json['openapi']).toBe('3.0.3');
    const paths = response.json['paths'] as Record<string, Record<string, unknown>>;
    for (const { path, method } of apiRoutes) expect(paths[path]?.[method.toLowerCase()]).toBeDefined();
  });

  it('names each operation once', async () => {
    const { call } = createTestApi();
    const { json } = await call({ path: '/api', anonymous: true });
    const operations = Object.values(json['paths'] as Record<string, Record<string, { operationId: string }>>).flatMap(
      (methods) => Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(new Set(operations).size).toBe(apiRoutes.length);
  });
});

describe('responses', () => {
  it('say what the API definition says, and nothing besides', async () => {
    const { call, test } = createTestApi();
    const id = await finishedJob(call, test);
    const upload = await openedUpload(call);
    const path = (route: string) =>
      route
        .replace('{uploadId}', upload)
        .replace('{processId}', 'echo')
        .replace('{jobId}', id)
        .replace('{datasetId}', 'a')
        .replace('{outputId}', 'lists');
    for (const route of apiRoutes.filter(({ method }) => method === 'GET')) {
      const { response } = operations[routeName(route)];
      if (response === 'openapi' || response === 'any') continue;
      const { json } = await call({ path: path(route.path) });
      expect(responseSchemas[response].parse(json), route.path).toEqual(json);
    }
    const body = { inputs: { pause: -1 } };
    const problem = await call({ path: '/processes/echo/execution', method: 'POST', body });
    expect(responseSchemas.problem.parse(problem.json)).toEqual(problem.json);
    const estimate = await call({ path: '/processes/echo/estimate', method: 'POST', body: {} });
    expect(responseSchemas.estimate.parse(estimate.json)).toEqual(estimate.json);
  });
});

/** The id of a job that has ended with one failed unit. */
async function finishedJob(call: TestApi['call'], test: TestApi['test']): Promise<string> {
  const body = { inputs: { datasets: [{ id: 'a', units: 3 }], failing: [1] }, tags: ['t'], response: 'document' };
  const { json } = await call({ method: 'POST', path: '/processes/numbers/execution', body });
  await test.engine.runUntilIdle();
  return json.jobID;
}

/** The id of an upload in parts of which none has arrived. */
async function openedUpload(call: TestApi['call']): Promise<string> {
  const body = { fileName: 'scene.tif', contentType: 'image/tiff', bytes: 20_000_000 };
  const { json } = await call({ method: 'POST', path: '/uploads', body });
  return String(json['uploadID']);
}

describe('content negotiation', () => {
  it.each([
    ['', {}, 'application/json'],
    ['', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, 'text/html; charset=utf-8'],
    ['', { accept: 'application/json, text/html;q=0.5' }, 'application/json'],
    ['', { accept: '*/*' }, 'application/json'],
    ['?f=html', { accept: 'application/json' }, 'text/html; charset=utf-8'],
    ['?f=json', { accept: 'text/html' }, 'application/json'],
  ])('answers /processes%s with %o as %s', async (query, headers, expected) => {
    const { call } = createTestApi();
    const response = await call({ path: `/processes${query}`, headers, anonymous: true });
    expect(response.headers['content-type']).toBe(expected);
  });

  it('answers 406 when nothing is acceptable, and 400 for another f', async () => {
    const { call } = createTestApi();
    const accept = await call({ path: '/processes', headers: { accept: 'application/gml+xml' } });
    expect(accept.json).toMatchObject({ status: 406, code: 'not-acceptable' });
    expect((await call({ path: '/processes?f=xml' })).json).toMatchObject({ status: 400, field: 'f' });
  });

  it('has a page for every resource, which loads and runs nothing', async () => {
    const { call, test } = createTestApi();
    const id = await finishedJob(call, test);
    const upload = await openedUpload(call);
    const paths = apiRoutes
      .filter(({ method }) => method === 'GET')
      .map(({ path }) =>
        path
          .replace('{uploadId}', upload)
          .replace('{processId}', 'echo')
          .replace('{jobId}', id)
          .replace('{datasetId}', 'a')
          .replace('{outputId}', ''),
      )
      .filter((path) => !path.endsWith('/results/'));
    for (const path of paths) {
      const response = await call({ path: `${path}?f=html` });
      expect(response.statusCode, path).toBe(200);
      expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(response.headers['content-security-policy']).toContain("default-src 'none'");
      expect(response.body).toMatch(/^<!doctype html>/);
      expect(response.body).not.toMatch(/<script|javascript:|undefined|\[object/);
    }
  });
});

describe('health', () => {
  it('is ready when table, bucket and queue answer', async () => {
    const { call } = createTestApi();
    expect((await call({ path: '/health/live', anonymous: true })).json).toEqual({ status: 'live' });
    const ready = await call({ path: '/health/ready', anonymous: true });
    const checks = { table: 'ready', bucket: 'ready', queue: 'ready' };
    expect(ready).toMatchObject({ statusCode: 200, json: { status: 'ready', checks } });
  });

  it('is not ready when one of them fails, and is asked at most every five seconds', async () => {
    let asked = 0;
    const table = async () => {
      asked += 1;
      throw new Error('down');
    };
    const { call, test } = createTestApi({ api: { health: { table } } });
    const response = await call({ path: '/health/ready', anonymous: true });
    expect(response).toMatchObject({ statusCode: 503, json: { status: 'not-ready', checks: { table: 'not-ready' } } });
    expect(response.headers['retry-after']).toBe('5');
    await call({ path: '/health/ready', anonymous: true });
    expect(asked).toBe(1);
    test.clock.advance(5_000);
    await call({ path: '/health/ready', anonymous: true });
    expect(asked).toBe(2);
  });

  it('does not wait for ever', async () => {
    const { call, test } = createTestApi({ api: { health: { table: () => new Promise(() => undefined) } } });
    const waiting = call({ path: '/health/ready', anonymous: true });
    await new Promise(setImmediate);
    test.clock.advance(2_000);
    expect((await waiting).statusCode).toBe(503);
  });
});

describe('every response', () => {
  it('is not cached unless it says so, and not taken for another type', async () => {
    const { call } = createTestApi();
    const list = await call({ path: '/jobs' });
    expect(list.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    const problem = await call({ path: '/jobs/x' });
    expect(problem.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-type': 'application/problem+json',
    });
  });

  it('is reported in one line, without query or body', async () => {
    const { call, lines } = createTestApi();
    await call({ path: '/jobs?tag=secret-word' });
    const reports = lines.filter(({ event }) => event === 'api.request');
    expect(reports).toEqual([
      {
        level: 'info',
        event: 'api.request',
        fields: {
          requestId: 'req-1',
          method: 'GET',
          route: 'GET /jobs',
          status: 200,
          durationMs: 0,
          tenant: 'acme',
          code: undefined,
        },
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret-word');
  });

  it('is a 404 problem where there is no route', async () => {
    const { call } = createTestApi();
    expect((await call({ path: '/nothing' })).json).toMatchObject({ status: 404, code: 'route-not-found' });
    expect((await call({ path: '/jobs', method: 'PATCH' })).json).toMatchObject({ status: 404 });
  });

  it('says nothing of a defect, which is logged', async () => {
    const presign = () => Promise.reject(new TypeError('internal detail'));
    const { call, lines, test } = createTestApi({ api: { presign } });
    const body = { inputs: { datasets: [{ id: 'a', units: 2 }] } };
    const job = await call({ method: 'POST', path: '/processes/numbers/execution', body });
    await test.engine.runUntilIdle();
    const response = await call({ path: `/jobs/${job.json.jobID}/results` });
    expect(response.json).toMatchObject({
      status: 500,
      code: 'internal-error',
      instance: 'urn:longhaul:request:req-1',
    });
    expect(response.body).not.toContain('internal detail');
    expect(lines.filter(({ event }) => event === 'api.defect')).toHaveLength(1);
  });

  it('comes shortly before the function would be ended', async () => {
    const never = { estimate: () => new Promise<never>(() => undefined) };
    const numbers = createTestApi().test.engine.platform.processes.get('numbers');
    const processes =
      numbers === undefined ? [] : [{ ...numbers, ...never, id: 'slow', inputs: numbers.inputs.partial() }];
    const { call } = createTestApi({ processes, remainingMs: 510 });
    const response = await call({ method: 'POST', path: '/processes/slow/execution', body: { inputs: {} } });
    expect(response.json).toMatchObject({ status: 504, code: 'request-timed-out' });
    expect(response.headers['retry-after']).toBe('1');
  });
});
