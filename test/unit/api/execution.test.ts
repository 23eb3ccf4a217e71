import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { createTestApi, ROOT } from './test-api.ts';

const EXECUTE = { method: 'POST', path: '/processes/echo/execution' };
const ASYNC = { prefer: 'respond-async' };
const PNG = { value: Buffer.from('png').toString('base64'), mediaType: 'image/png' };

const inputs = {
  stringInput: 'text',
  numberInput: 1.5,
  integerInput: 3,
  booleanInput: false,
  dateTimeInput: '2026-11-22T12:00:00+01:00',
  choiceInput: 'small',
  arrayInput: [1, 2, 3],
  objectInput: { value: { name: 'a', count: 1 } },
  measureInput: { value: { measurement: 10.3, uom: 'm' } },
  boundingBoxInput: { bbox: [1, 2, 3, 4] },
  geometryInput: [{ value: { type: 'Point', coordinates: [1, 2] }, mediaType: 'application/geo+json' }],
  imageInput: PNG,
};

const outputs = {
  stringOutput: 'text',
  numberOutput: 1.5,
  integerOutput: 3,
  booleanOutput: false,
  dateTimeOutput: '2026-11-22T12:00:00+01:00',
  choiceOutput: 'small',
  arrayOutput: [1, 2, 3],
  objectOutput: { value: { name: 'a', count: 1 } },
  measureOutput: { value: { measurement: 10.3, uom: 'm' } },
  boundingBoxOutput: { bbox: [1, 2, 3, 4], crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84' },
  geometryOutput: [{ type: 'Point', coordinates: [1, 2] }],
  imageOutput: { ...PNG, encoding: 'base64' },
};

describe('synchronous execution', () => {
  it('gives every kind of value back in a results document', async () => {
    const { call } = createTestApi();
    const response = await call({ ...EXECUTE, body: { inputs, response: 'document' } });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/json');
    expect(response.json).toEqual(outputs);
  });

  it('gives one raw output in its own media type', async () => {
    const { call } = createTestApi();
    const image = await call({ ...EXECUTE, body: { inputs, outputs: { imageOutput: {} } } });
    expect(image.statusCode).toBe(200);
    expect(image.headers['content-type']).toBe('image/png');
    expect(image.bytes.toString()).toBe('png');
    const text = await call({ ...EXECUTE, body: { inputs, outputs: { stringOutput: {} }, response: 'raw' } });
    expect(text.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(text.bytes.toString()).toBe('text');
    const number = await call({ ...EXECUTE, body: { inputs, outputs: { numberOutput: {} } } });
    expect(number.headers['content-type']).toBe('application/json');
    expect(number.json).toBe(1.5);
  });

  it('gives several raw outputs as multipart/related, each under its id', async () => {
    const { call } = createTestApi();
    const asked = { stringOutput: {}, imageOutput: {} };
    const response = await call({ ...EXECUTE, body: { inputs, outputs: asked } });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toMatch(/^multipart\/related; boundary=/);
    const text = response.bytes.toString();
    expect(text).toContain('Content-ID: <stringOutput>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\ntext\r\n');
    expect(text).toContain('Content-ID: <imageOutput>\r\nContent-Type: image/png\r\n\r\npng\r\n');
  });

  it('answers 204 with links when all raw outputs are by reference', async () => {
    const { call, test } = createTestApi();
    const body = { inputs, outputs: { stringOutput: { transmissionMode: 'reference' } } };
    const response = await call({ ...EXECUTE, body });
    expect(response.statusCode).toBe(204);
    const [, address = ''] =
      /<([^>]+)>; rel="[^"]*results"; type="text\/plain/.exec(response.headers['link'] ?? '') ?? [];
    const key = new URL(address).pathname.replace('/data/', 's3://data/');
    expect(Buffer.from(test.objects.objects.get(key)?.bytes ?? []).toString()).toBe('text');
  });

  it('mixes parts by value and by reference', async () => {
    const { call } = createTestApi();
    const body = { inputs, outputs: { stringOutput: { transmissionMode: 'reference' }, numberOutput: {} } };
    const text = (await call({ ...EXECUTE, body })).bytes.toString();
    expect(text).toMatch(
      /Content-ID: <stringOutput>\r\nContent-Type: [^\r]+\r\nContent-Location: https:[^\r]+\r\n\r\n\r\n/,
    );
    expect(text).toContain('\r\n\r\n1.5\r\n');
  });

  it('gives an image that came by reference back as the link, without fetching it', async () => {
    const { call, fetched } = createTestApi();
    const link = { href: 'https://images.example/a.png', type: 'image/png' };
    const response = await call({ ...EXECUTE, body: { inputs: { imageInput: link }, response: 'document' } });
    expect(response.json).toEqual({ imageOutput: { rel: 'item', ...link } });
    expect(fetched).toEqual([]);
  });

  it('fetches a value that came by reference, and mixes it with values in one array', async () => {
    const point = { type: 'Point', coordinates: [5, 6] };
    const { call } = createTestApi({
      references: { 'https://data.example/p.json': { status: 200, body: JSON.stringify(point) } },
    });
    const geometryInput = [
      { type: 'Point', coordinates: [1, 2] },
      { href: 'https://data.example/p.json', type: 'application/geo+json' },
    ];
    const response = await call({ ...EXECUTE, body: { inputs: { geometryInput }, response: 'document' } });
    expect(response.json['geometryOutput']).toEqual([geometryInput[0], point]);
  });

  it('takes a single value for an input that may occur several times', async () => {
    const { call } = createTestApi();
    const geometryInput = { value: { type: 'Point', coordinates: [1, 2] } };
    const response = await call({ ...EXECUTE, body: { inputs: { geometryInput }, response: 'document' } });
    expect(response.json['geometryOutput']).toEqual([{ type: 'Point', coordinates: [1, 2] }]);
  });

  it('refuses what would take longer than a caller can wait', async () => {
    const { call } = createTestApi();
    const response = await call({ ...EXECUTE, body: { inputs: { pause: 21 } } });
    expect(response.statusCode).toBe(400);
    expect(response.json).toMatchObject({ code: 'sync-too-long', limit: 20, actual: 21, field: '/inputs' });
    expect(response.json.remedy).toContain('respond-async');
  });
});

describe('asynchronous execution', () => {
  it('answers 201 with the address and the status of the job', async () => {
    const { call } = createTestApi();
    const response = await call({ ...EXECUTE, headers: ASYNC, body: { inputs, tags: ['night'] } });
    expect(response.statusCode).toBe(201);
    expect(response.json).toMatchObject({ processID: 'echo', type: 'process', status: 'accepted', progress: 0 });
    expect(response.headers['location']).toBe(`${ROOT}/jobs/${response.json.jobID}`);
    expect(response.headers['preference-applied']).toBe('respond-async');
    expect(response.headers['retry-after']).toBe('2');
  });

  it('is what a process does that cannot answer at once, also without a preference', async () => {
    const { call } = createTestApi();
    const body = { inputs: { datasets: [{ id: 'a', units: 4 }] } };
    const response = await call({ method: 'POST', path: '/processes/numbers/execution', body });
    expect(response.statusCode).toBe(201);
    expect(response.headers['preference-applied']).toBeUndefined();
  });

  it('gives its results as the synchronous execution does', async () => {
    const { call, test } = createTestApi();
    const { json: job } = await call({ ...EXECUTE, headers: ASYNC, body: { inputs, response: 'document' } });
    await test.engine.runUntilIdle();
    const results = await call({ path: `/jobs/${job.jobID}/results` });
    expect(results.json).toEqual(outputs);
  });

  it('gives the same job for the same request, and the same response for the same Idempotency-Key', async () => {
    const { call, persistence } = createTestApi();
    const request = { ...EXECUTE, headers: { ...ASYNC, 'idempotency-key': 'k1' }, body: { inputs } };
    const first = await call(request);
    const again = await call({ ...request, body: `{ "inputs": ${JSON.stringify(inputs)} }` });
    expect(again).toEqual(first);
    expect(persistence.records.size).toBe(1);
    const unkeyed = await call({ ...EXECUTE, headers: ASYNC, body: { inputs } });
    expect((await call({ ...EXECUTE, headers: ASYNC, body: { inputs } })).json.jobID).toBe(unkeyed.json.jobID);
  });

  it('answers 409 when an Idempotency-Key comes with another request', async () => {
    const { call } = createTestApi();
    const headers = { ...ASYNC, 'idempotency-key': 'k1' };
    await call({ ...EXECUTE, headers, body: { inputs } });
    const other = await call({ ...EXECUTE, headers, body: { inputs: { stringInput: 'other' } } });
    expect(other.statusCode).toBe(409);
    expect(other.json.code).toBe('idempotency-conflict');
  });

  it('does not mix up the keys of two tenants, or of two paths', async () => {
    const { call } = createTestApi();
    const headers = { ...ASYNC, 'idempotency-key': 'k1' };
    const first = await call({ ...EXECUTE, headers, body: { inputs } });
    const other = await call({ ...EXECUTE, headers, body: { inputs }, tenant: 'other' });
    expect(other.json.jobID).not.toBe(first.json.jobID);
    const body = { inputs: { datasets: [] } };
    const process = await call({ method: 'POST', path: '/processes/numbers/execution', headers, body });
    expect(process.json['processID']).toBe('numbers');
  });

  it('lets a request that was refused be sent again under its key', async () => {
    const { call } = createTestApi();
    const headers = { ...ASYNC, 'idempotency-key': 'k1' };
    expect((await call({ ...EXECUTE, headers, body: { inputs: { pause: -1 } } })).statusCode).toBe(400);
    expect((await call({ ...EXECUTE, headers, body: { inputs: { pause: 1 } } })).statusCode).toBe(201);
  });

  it('refuses an Idempotency-Key that cannot be printed', async () => {
    const { call } = createTestApi();
    const headers = { ...ASYNC, 'idempotency-key': 'a b' };
    const response = await call({ ...EXECUTE, headers, body: { inputs } });
    expect(response.json).toMatchObject({ status: 400, code: 'parameter-invalid', field: 'Idempotency-Key' });
  });
});

describe('limits of a tenant', () => {
  const limits = { maxUnits: 0, maxOutputBytes: 1e9 };

  it('answers 403 with the number, the limit and the remedy', async () => {
    const { call } = createTestApi({ limits });
    const response = await call({ ...EXECUTE, headers: ASYNC, body: { inputs } });
    expect(response.statusCode).toBe(403);
    expect(response.json).toMatchObject({ code: 'tenant-limit-exceeded', limit: 0, actual: 1 });
    expect(response.json.remedy).not.toBe('');
  });

  it('refuses what is estimated to make too many bytes', async () => {
    const { call } = createTestApi({ limits: { maxUnits: 10, maxOutputBytes: 1 } });
    const response = await call({ ...EXECUTE, headers: ASYNC, body: { inputs } });
    expect(response.json).toMatchObject({ status: 403, code: 'tenant-limit-exceeded', limit: 1 });
  });

  it('says in an estimate what would be, and that it is too much', async () => {
    const { call } = createTestApi({ limits });
    const response = await call({ method: 'POST', path: '/processes/echo/estimate', body: { inputs: { pause: 100 } } });
    expect(response.statusCode).toBe(200);
    expect(response.json).toMatchObject({ units: 1, chunks: 1, seconds: { low: 100 }, limits, withinLimits: false });
  });
});

describe('estimates that fail', () => {
  const failing = (error: Error) =>
    createTestApi({ processes: [{ ...estimatedProcess(), estimate: () => Promise.reject(error) }] });

  it('refuse a job that planning would refuse', async () => {
    const field = '/inputs/datasets/0/source';
    const { call } = failing(new LonghaulError({ code: 'not-a-tiff', retryable: false, detail: 'No TIFF.', field }));
    const response = await call({ method: 'POST', path: '/processes/estimated/execution', body: { inputs: {} } });
    expect(response.json).toMatchObject({ status: 400, code: 'not-a-tiff', field });
  });

  it('do not keep a job from being accepted when the source is out of reach', async () => {
    const { call } = failing(new LonghaulError({ code: 'source-unavailable', retryable: true, detail: 'Down.' }));
    const response = await call({ method: 'POST', path: '/processes/estimated/execution', body: { inputs: {} } });
    expect(response.statusCode).toBe(201);
  });
});

function estimatedProcess() {
  const numbers = createTestApi().test.engine.platform.processes.get('numbers');
  if (numbers === undefined) throw new Error('the tests have a process of numbers');
  return { ...numbers, id: 'estimated', inputs: numbers.inputs.partial() };
}
