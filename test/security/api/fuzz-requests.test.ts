import fc from 'fast-check';
import { beforeAll, describe, expect } from 'vitest';
import { apiRoutes } from '../../../functions/api/routes.ts';
import { readerProcess } from '../../helpers/upload-bench.ts';
import type { TestRequest } from '../../unit/api/api-event.ts';
import { createTestApi } from '../../unit/api/test-api.ts';
import { fuzz, printCorpora } from '../corpus/fuzz.ts';
import { hostileJson } from '../corpus/json.ts';
import { changedText, hostileText } from '../corpus/texts.ts';
import { answerOf } from './answer-of.ts';

const JOB = '01J00000000000000000000001';

const RING = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 0],
];

/** Execute requests that are right, with every kind of input and form between them. */
const EXECUTE_BODIES = [
  { inputs: { stringInput: 'a', numberInput: 1.5, integerInput: 7, booleanInput: true, choiceInput: 'small' } },
  { inputs: { stringInput: { value: 'a', mediaType: 'text/plain' }, arrayInput: [1, { value: 2 }, 3] } },
  { inputs: { objectInput: { name: 'a', count: 1, tags: ['a'], nested: { a: 1, b: 'c', d: true } } } },
  { inputs: { measureInput: { value: { measurement: 1, uom: 'm', reference: 'https://data.example/m' } } } },
  { inputs: { boundingBoxInput: { bbox: [0, 0, 1, 1], crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84' } } },
  { inputs: { geometryInput: [{ type: 'Polygon', coordinates: [RING] }], dateTimeInput: '2026-11-22T12:00:00Z' } },
  { inputs: { imageInput: { value: 'iVBORw0KGgo=', mediaType: 'image/png', encoding: 'base64' } } },
  { inputs: { imageInput: { href: 'https://data.example/a.png', type: 'image/png', title: 'a', hreflang: 'en' } } },
  { inputs: { stringInput: { href: 'https://data.example/a.json', type: 'application/json' } } },
  {
    inputs: { stringInput: 'a', imageInput: { href: 'https://data.example/b.png' } },
    outputs: { stringOutput: { transmissionMode: 'reference', format: { mediaType: 'text/plain' } }, imageOutput: {} },
    response: 'document',
    subscriber: { successUri: 'https://a.example/s', failedUri: 'https://a.example/f' },
    tags: ['a', 'b:c'],
  },
  { inputs: { imageInput: { href: 'https://data.example/c.png' } }, outputs: { imageOutput: {} }, response: 'raw' },
];

const RETRY_BODIES = [
  {},
  { area: { type: 'Polygon', coordinates: [RING] } },
  { area: { type: 'MultiPolygon', coordinates: [[RING], [RING]] } },
];

const SHA256 = '0'.repeat(64);
const UPLOAD_BODIES = [
  { fileName: 'a.csv', contentType: 'text/csv', bytes: 5, sha256: SHA256 },
  { fileName: 'b.tif', contentType: 'image/tiff', bytes: 20_000_000, parts: [{ partNumber: 1, sha256: SHA256 }] },
  { fileName: 'c.tif', contentType: 'image/tiff; a=b', bytes: 9_000_000, partBytes: 5_242_880 },
  {
    ...{ fileName: 'd.tif', contentType: 'image/tiff', bytes: 20_000_000, process: 'reader' },
    inputs: { zoom: 4, datasets: [{ id: 'a' }, { source: 'upload:01J00000000000000000000001' }] },
  },
];
const COMPLETE_BODIES = [{}, { parts: [{ partNumber: 1, etag: '"a"', sha256: SHA256 }] }];
const PARTS_BODIES = [{ parts: [{ partNumber: 1, sha256: SHA256 }] }];

const NAMING_ROUTES = apiRoutes.filter(({ path }) => path.includes('{'));

/** Headers that the API reads; most requests have none of them. */
const headers = fc.dictionary(
  fc.constantFrom(
    ...['prefer', 'accept', 'idempotency-key', 'content-type', 'if-none-match', 'authorization', 'x-forwarded-host'],
  ),
  fc.oneof(
    hostileText,
    changedText([
      'respond-async',
      'respond-async; wait=10, x=y',
      'application/json;q=0.5, text/html',
      'W/"a", "b"',
      '*',
    ]),
  ),
  { maxKeys: 2 },
);

const PARAMETERS = [
  ...[
    'f',
    'limit',
    'cursor',
    'type',
    'processID',
    'status',
    'datetime',
    'minDuration',
    'maxDuration',
    'tag',
    'dataset',
    'state',
    'process',
  ],
];
const VALUES = [
  ...['html', 'json', '10', 'process', 'echo', 'echo,numbers', 'successful,failed', '60', 'a.b', 'x:y'],
  ...['2026-11-22T12:00:00Z', '2026-11-01T00:00:00Z/..', '../2026-11-22T12:00:00.5+01:00', '2026-11-22T23:59:60Z'],
];
const parameter = fc
  .tuple(
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...PARAMETERS) }, hostileText),
    fc.oneof(changedText(VALUES), fc.constantFrom(...VALUES), hostileText),
    fc.boolean(),
  )
  // Encoded as a client does it, or as it is: what a query string holds is the caller's own affair.
  .map(([name, value, encode]) => `${name}=${encode ? new URLSearchParams([['', value]]).toString().slice(1) : value}`);
const query = fc.array(parameter, { maxLength: 3 }).map((list) => list.join('&').replaceAll('?', '%3F'));

describe('a request', () => {
  printCorpora('requests');

  const execution = createTestApi();
  fuzz(
    'to execute with a body and headers that are not quite right is answered, or refused with nothing written',
    fc.record({ body: hostileJson(EXECUTE_BODIES), headers, async: fc.boolean() }),
    async ({ body, headers, async }) => {
      const request: TestRequest = { method: 'POST', path: '/processes/echo/execution', body };
      const response = await answerOf(execution, {
        ...request,
        headers: { ...(async && { prefer: 'respond-async' }), ...headers },
      });
      if (response.statusCode < 400) expect([200, 201, 204]).toContain(response.statusCode);
    },
  );

  const retry = createTestApi();
  fuzz(
    'to retry with a body that is not quite right is refused with nothing written',
    fc.record({ body: hostileJson(RETRY_BODIES), headers }),
    async ({ body, headers }) => {
      const response = await answerOf(retry, { method: 'POST', path: `/jobs/${JOB}/retry`, body, headers });
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
    },
  );

  const uploads = createTestApi({
    processes: [readerProcess],
    quotas: { maxStoredBytes: 100_000_000, maxInFlightBytes: 80_000_000, maxOpenUploads: 1_000 },
  });
  fuzz(
    'to open an upload with a body that is not quite right is answered, or refused with nothing reserved',
    fc.record({ body: hostileJson(UPLOAD_BODIES), headers }),
    async ({ body, headers }) => {
      const response = await answerOf(uploads, { method: 'POST', path: '/uploads', body, headers });
      if (response.statusCode < 400) expect(response.statusCode).toBe(201);
    },
  );

  const unfinished = createTestApi();
  fuzz(
    'to sign parts or complete with a body that is not quite right is refused with nothing written',
    fc.record({
      request: fc.oneof(
        hostileJson(PARTS_BODIES).map((body) => ({ body, path: `/uploads/${JOB}/parts` })),
        hostileJson(COMPLETE_BODIES).map((body) => ({ body, path: `/uploads/${JOB}/complete` })),
      ),
      headers,
    }),
    async ({ request, headers }) => {
      const response = await answerOf(unfinished, { method: 'POST', ...request, headers });
      expect(response.statusCode).toBeGreaterThanOrEqual(400);
    },
  );

  const lists = createTestApi();
  // The first cursor that is looked at makes the key that signs them.
  beforeAll(() => lists.call({ path: '/jobs?cursor=a' }));
  const LISTS = [
    '/',
    '/uploads',
    `/uploads/${JOB}`,
    '/processes',
    '/processes/echo',
    '/jobs',
    '/datasets',
    `/jobs/${JOB}`,
    `/jobs/${JOB}/errors`,
  ];
  fuzz(
    'with any query and headers is answered or refused',
    fc.record({ path: fc.constantFrom('/jobs', ...LISTS), query, headers }),
    async ({ path, query, headers }) => {
      await answerOf(lists, { path: query === '' ? path : `${path}?${query}`, headers });
    },
  );

  const segment = fc.oneof(hostileText, changedText([JOB, 'echo', 'results', 'stringOutput'])).map(
    // API Gateway routes by segments: what holds a slash is two of them.
    (text) => text.replace(/[/?]/g, '-') || '-',
  );
  fuzz(
    'for any name of a process, job, output or dataset is refused or answered, and nothing is written',
    fc.record({ route: fc.constantFrom(...NAMING_ROUTES), segment, other: segment }),
    async ({ route, segment, other }) => {
      const path = route.path.replace(/\{\w+\}/, () => segment).replace(/\{\w+\}/, () => other);
      const body = route.method === 'POST' ? { inputs: {} } : undefined;
      const response = await answerOf(lists, { method: route.method, path, ...(body && { body }) });
      if (path !== route.path && !/^\/processes\/echo\b/.test(path)) expect([400, 404]).toContain(response.statusCode);
    },
  );
});
