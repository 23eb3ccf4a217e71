import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { apiEvent } from '../../unit/api/api-event.ts';
import { createTestApi, ROOT } from '../../unit/api/test-api.ts';

const EXECUTE = { method: 'POST', path: '/processes/echo/execution' };
const MIB = 1024 * 1024;

describe('bodies', () => {
  it.each([
    ['of 10 MB', 'x'.repeat(10_000_000), { status: 413, code: 'body-too-large', limit: MIB }],
    [
      'nested 100,000 deep',
      '['.repeat(100_000) + ']'.repeat(100_000),
      { status: 400, code: 'json-too-deep', limit: 64 },
    ],
    ['with objects nested 100,000 deep', '{"a":'.repeat(100_000), { status: 400, code: 'json-too-deep' }],
    ['that are no JSON', '{"inputs":', { status: 400, code: 'json-invalid' }],
    ['that are no object', '[]', { status: 400, code: 'input-invalid', field: '' }],
    ['that are empty', '', { status: 400, code: 'body-missing' }],
    ['with an unknown member', '{"input":{}}', { status: 400, code: 'input-unknown', field: '/input' }],
    ['with the mode of a draft', '{"mode":"auto"}', { status: 400, code: 'input-unknown', field: '/mode' }],
    ['with inputs of a wrong type', '{"inputs":1}', { status: 400, code: 'input-invalid', field: '/inputs' }],
    ['that reach for a prototype', '{"inputs":{"__proto__":{"a":1}}}', { status: 400, code: 'json-key-refused' }],
    ['with a key twice', '{"inputs":{},"inputs":{}}', { status: 400, code: 'json-duplicate-key' }],
    [
      'with a callback to http',
      '{"subscriber":{"successUri":"http://a.example"}}',
      { status: 400, field: '/subscriber/successUri' },
    ],
    [
      'with a callback without success',
      '{"subscriber":{}}',
      { code: 'input-missing', field: '/subscriber/successUri' },
    ],
    [
      'with an unknown output',
      '{"outputs":{"none":{}}}',
      { status: 400, code: 'output-unknown', field: '/outputs/none' },
    ],
    ['with an output named as a member of every object', '{"outputs":{"toString":{}}}', { code: 'output-unknown' }],
    [
      'with a format that there is not',
      '{"outputs":{"imageOutput":{"format":{"mediaType":"image/gif"}}}}',
      { status: 400, code: 'output-format-unsupported', field: '/outputs/imageOutput/format/mediaType' },
    ],
    ['with too many tags', JSON.stringify({ tags: Array(11).fill('a') }), { status: 400, field: '/tags', limit: 10 }],
  ])('%s are refused', async (_, body, expected) => {
    const { call } = createTestApi();
    expect((await call({ ...EXECUTE, body })).json).toMatchObject(expected);
  });

  it('are refused before a large one is decoded', async () => {
    const { send } = createTestApi();
    const event = { ...apiEvent({ ...EXECUTE, body: 'A'.repeat(12_000_000) }), isBase64Encoded: true };
    expect((await send(event)).json).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  it('are taken up to the last byte', async () => {
    const { call } = createTestApi();
    const padded = (bytes: number) => '{"inputs":{}}'.padEnd(bytes, ' ');
    expect((await call({ ...EXECUTE, body: padded(MIB) })).statusCode).toBe(200);
    expect((await call({ ...EXECUTE, body: padded(MIB + 1) })).statusCode).toBe(413);
  });

  it('are taken as base64, and refused when they are not UTF-8', async () => {
    const { send } = createTestApi();
    const event = (bytes: Buffer) => ({
      ...apiEvent({ ...EXECUTE, body: bytes.toString('base64') }),
      isBase64Encoded: true,
    });
    expect((await send(event(Buffer.from('{"inputs":{"stringInput":"ä"}}')))).statusCode).toBe(200);
    expect((await send(event(Buffer.from([0x7b, 0xff, 0x7d])))).json).toMatchObject({ code: 'json-invalid' });
  });

  it('of another media type are a 415', async () => {
    const { call } = createTestApi();
    const response = await call({ ...EXECUTE, body: '<a/>', headers: { 'content-type': 'text/xml' } });
    expect(response.json).toMatchObject({ status: 415, code: 'media-type-unsupported' });
  });
});

describe('inputs', () => {
  it.each([
    ['stringInput', 1, 'input-invalid', '/inputs/stringInput'],
    ['other/~x', 1, 'input-unknown', '/inputs/other~1~0x'],
    ['toString', 1, 'input-unknown', '/inputs/toString'],
    ['arrayInput', [1, 'x'], 'input-invalid', '/inputs/arrayInput/1'],
    ['measureInput', { value: { measurement: 1 } }, 'input-missing', '/inputs/measureInput/uom'],
    ['boundingBoxInput', { bbox: [0, 0, 1, 1], crs: 'EPSG:2154' }, 'input-invalid', '/inputs/boundingBoxInput/crs'],
    ['imageInput', { value: '!', mediaType: 'image/png' }, 'input-invalid', '/inputs/imageInput/value'],
    ['imageInput', { href: 'javascript:alert(1)' }, 'input-invalid', '/inputs/imageInput/href'],
    ['geometryInput', Array(6).fill({ type: 'Point', coordinates: [0, 0] }), 'input-invalid', '/inputs/geometryInput'],
  ])('%s %j are refused with their place', async (name, value, code, field) => {
    const { call } = createTestApi();
    const { json } = await call({ ...EXECUTE, body: { inputs: { [name]: value } } });
    expect(json).toMatchObject({ status: 400, code, field });
  });

  it('are all named when several are wrong, and at most twenty', async () => {
    const { call } = createTestApi();
    const arrayInput = Array(1_000).fill('x');
    const { json } = await call({ ...EXECUTE, body: { inputs: { arrayInput } } });
    expect(json['errors']).toHaveLength(20);
  });

  it('that are references are fetched only by the safe client, whose refusal names the input', async () => {
    const refused = new LonghaulError({ code: 'outbound-not-allowed', retryable: false, detail: 'Not public.' });
    const { call } = createTestApi({ references: { 'http://169.254.169.254/': refused } });
    const { json } = await call({ ...EXECUTE, body: { inputs: { stringInput: { href: 'http://169.254.169.254/' } } } });
    expect(json).toMatchObject({ status: 400, code: 'outbound-not-allowed', field: '/inputs/stringInput/href' });
  });

  it.each([
    [
      { status: 404, body: '' },
      { status: 400, code: 'reference-not-found' },
    ],
    [
      { status: 503, body: '' },
      { status: 503, code: 'reference-unavailable' },
    ],
    [
      { status: 200, body: 'text' },
      { status: 400, code: 'json-invalid', field: '/inputs/stringInput' },
    ],
    [
      { status: 200, body: '['.repeat(1_000) },
      { status: 400, code: 'json-too-deep' },
    ],
    [
      { status: 200, body: '1' },
      { status: 400, code: 'input-invalid', field: '/inputs/stringInput' },
    ],
  ])('that are references with the answer %j are refused', async (answer, expected) => {
    const href = 'https://data.example/a.json';
    const { call } = createTestApi({ references: { [href]: answer } });
    expect((await call({ ...EXECUTE, body: { inputs: { stringInput: { href } } } })).json).toMatchObject(expected);
  });

  it('that are references to something else than JSON are not fetched', async () => {
    const { call, fetched } = createTestApi();
    const stringInput = { href: 'https://data.example/a.exe', type: 'application/octet-stream' };
    const { json } = await call({ ...EXECUTE, body: { inputs: { stringInput } } });
    expect(json).toMatchObject({ code: 'reference-not-json', field: '/inputs/stringInput/type' });
    expect(fetched).toEqual([]);
  });

  it('that are too many references are refused', async () => {
    const href = 'https://data.example/a.json';
    const { call, fetched } = createTestApi({ references: { [href]: { status: 200, body: '1' } } });
    const { json } = await call({ ...EXECUTE, body: { inputs: { arrayInput: Array(17).fill({ href }) } } });
    expect(json).toMatchObject({ code: 'too-many-references', limit: 16, field: '/inputs/arrayInput/16' });
    expect(fetched).toHaveLength(16);
  });
});

describe('callers', () => {
  it.each([
    ['POST', '/processes/echo/execution', 'jobs:read', 403],
    ['POST', '/processes/echo/estimate', 'jobs:read', 403],
    ['GET', '/jobs', 'jobs:write', 403],
    ['DELETE', '/jobs/01J00000000000000000000001', 'jobs:read', 403],
    ['GET', '/datasets', '', 403],
    ['GET', '/jobs', 'jobs:readers', 403],
  ])('%s %s with the scopes "%s" is a %i', async (method, path, scopes, status) => {
    const { call } = createTestApi();
    const response = await call({ method, path, scopes });
    expect(response.json).toMatchObject({ status, code: 'scope-missing' });
  });

  it('without an authorizer’s word are a 401 on every route that is not open', async () => {
    const { call } = createTestApi();
    for (const path of ['/jobs', '/datasets', '/jobs/01J00000000000000000000001/results']) {
      expect((await call({ path, anonymous: true })).json).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
    expect((await call({ path: '/jobs', tenant: '../acme' })).json).toMatchObject({ status: 401 });
  });

  it('cannot take a cursor to another tenant, list or filter, nor change it', async () => {
    const { call } = createTestApi();
    for (const stringInput of ['a', 'b']) {
      await call({ ...EXECUTE, headers: { prefer: 'respond-async' }, body: { inputs: { stringInput } } });
    }
    const { json } = await call({ path: '/jobs?limit=1' });
    const next = new URL(json.links.find(({ rel }) => rel === 'next')?.href ?? '').searchParams.get('cursor') ?? '';
    expect((await call({ path: `/jobs?cursor=${next}` })).statusCode).toBe(200);
    for (const request of [
      { path: `/jobs?cursor=${next}`, tenant: 'other' },
      { path: `/jobs?cursor=${next}&tag=a` },
      { path: `/datasets?cursor=${next}` },
      { path: `/jobs?cursor=${next.slice(1)}` },
      { path: `/jobs?cursor=${next}A` },
    ]) {
      expect((await call(request)).json).toMatchObject({ status: 400, code: 'cursor-invalid', field: 'cursor' });
    }
  });

  it('cannot have markup of theirs in a page', async () => {
    const { call } = createTestApi();
    const response = await call({ path: '/jobs/%3Cscript%3E?f=html' });
    expect(response.headers['content-type']).toBe('application/problem+json');
    const list = await call({ path: `/processes/echo?f=html&x=${encodeURIComponent('<script>')}` });
    expect(list.headers['content-type']).toBe('application/problem+json');
  });

  it('cannot choose the address in the links by a Host header', async () => {
    const { call } = createTestApi();
    const { json } = await call({ path: '/', headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } });
    expect(json.links.every(({ href }) => href.startsWith(ROOT))).toBe(true);
  });

  it.each([
    ['line ends', 'https://data.example/\r\nset-cookie: a=b', 'https://data.example/set-cookie:%20a=b'],
    ['letters that are not ASCII', 'https://data.example/ä', 'https://data.example/%C3%A4'],
    ['what ends a parameter', 'https://data.example/>;rel="x"', 'https://data.example/%3E;rel=%22x%22'],
  ])('cannot put %s of an address into a header', async (_, href, encoded) => {
    const { call, test } = createTestApi();
    const body = { inputs: { imageInput: { href } }, outputs: { imageOutput: {} } };
    const direct = await call({ ...EXECUTE, body });
    expect(direct.headers['link']).toContain(`<${encoded}>;`);
    const { json } = await call({ ...EXECUTE, body, headers: { prefer: 'respond-async' } });
    await test.engine.runUntilIdle();
    const stored = await call({ path: `/jobs/${json.jobID}/results/imageOutput` });
    expect(stored).toMatchObject({ statusCode: 303, headers: { location: encoded } });
  });

  it('who do not accept the answer are refused before anything is done', async () => {
    const { call, test } = createTestApi();
    const accept = { accept: 'text/csv' };
    const body = { inputs: { stringInput: 'a' } };
    const created = await call({ ...EXECUTE, body, headers: { ...accept, prefer: 'respond-async' } });
    expect(created.json).toMatchObject({ status: 406, code: 'not-acceptable' });
    expect(test.engine.store.items()).toEqual([]);
    const { json } = await call({ ...EXECUTE, body, headers: { prefer: 'respond-async' } });
    const path = `/jobs/${json.jobID}`;
    expect((await call({ method: 'DELETE', path, headers: accept })).statusCode).toBe(406);
    expect((await call({ path })).json).toMatchObject({ status: 'accepted' });
    await call({ method: 'DELETE', path });
    const items = test.engine.store.items().length;
    expect((await call({ method: 'POST', path: `${path}/retry`, headers: accept })).statusCode).toBe(406);
    expect(test.engine.store.items()).toHaveLength(items);
  });

  it('leave neither body, query nor token in the log', async () => {
    const { call, lines } = createTestApi();
    const headers = { authorization: 'Bearer hidden-token' };
    await call({ ...EXECUTE, path: `${EXECUTE.path}?hidden=query`, headers, body: { inputs: { hidden: 'body' } } });
    await call({ ...EXECUTE, headers, body: { inputs: { stringInput: 'hidden' } } });
    expect(lines).not.toHaveLength(0);
    expect(JSON.stringify(lines)).not.toContain('hidden');
  });
});
