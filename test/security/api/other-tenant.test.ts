import type { Context } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../../functions/api/request.ts';
import { apiRoutes } from '../../../functions/api/routes.ts';
import { openCursor, signCursor } from '../../../shared/http/cursor.ts';
import { apiEvent } from '../../unit/api/api-event.ts';
import { createTestApi, type TestApi } from '../../unit/api/test-api.ts';
import { fuzz, printCorpora } from '../corpus/fuzz.ts';
import { changedText, HOSTILE_TEXTS, hostileText } from '../corpus/texts.ts';

/** An id of the right form that nobody's job has. */
const NOBODY = '01J99999999999999999999999';

/** A published job of the tenant `other`; whoever asks is `acme`, unless a request says otherwise. */
async function apiWithAnothersJob(): Promise<{ api: TestApi; job: string; upload: string }> {
  const api = createTestApi();
  const job = await api.test.submit({ datasets: [{ id: 'secret', units: 4 }], failing: [1] }, { tenant: 'other' });
  await api.test.engine.runUntilIdle();
  const body = { fileName: 'secret.tif', contentType: 'image/tiff', bytes: 20_000_000 };
  const opened = await api.call({ method: 'POST', path: '/uploads', body, tenant: 'other' });
  return { api, job, upload: String(opened.json['uploadID']) };
}

describe('another tenant', () => {
  const NAMES = ['{jobId}', '{datasetId}', '{uploadId}'];
  const routes = apiRoutes.filter(({ path }) => NAMES.some((name) => path.includes(name)));
  /** Bodies of routes that take none that is empty. */
  const BODIES: Record<string, unknown> = {
    '/uploads/{uploadId}/parts': { parts: [{ partNumber: 1, sha256: '0'.repeat(64) }] },
  };

  it.each(routes)('is told of $method $path what it is told of an id that nobody has', async ({ method, path }) => {
    const { api, job, upload } = await apiWithAnothersJob();
    const ask = async (id: string, tenant: string) => {
      const named = NAMES.reduce((text, name) => text.replace(name, id), path as string).replace('{outputId}', 'lists');
      return api.call({ method, path: named, tenant, ...(method === 'POST' && { body: BODIES[path] ?? {} }) });
    };
    const id = path.includes('{jobId}') ? job : path.includes('{uploadId}') ? upload : 'secret';
    const before = JSON.stringify(api.test.engine.store.items().map(({ key, item }) => [key, item]));
    const [anothers, nobodys] = [await ask(id, 'acme'), await ask(NOBODY, 'acme')];
    expect(anothers.statusCode).toBe(404);
    expect(anothers.body.replaceAll(id, NOBODY)).toBe(nobodys.body);
    expect(anothers.headers).toEqual(nobodys.headers);
    expect(JSON.stringify(api.test.engine.store.items().map(({ key, item }) => [key, item]))).toBe(before);
    // The same request of its owner is not refused for its id: the 404 was about the tenant.
    expect([404, 400]).not.toContain((await ask(id, 'other')).statusCode);
  });

  it('is in no list', async () => {
    const { api, job, upload } = await apiWithAnothersJob();
    const lists: [path: string, shown: string][] = [
      ['/jobs', job],
      ['/jobs?dataset=secret', job],
      ['/jobs?processID=numbers&status=successful', job],
      ['/datasets', 'secret'],
      ['/uploads', upload],
      ['/uploads?state=open', upload],
    ];
    for (const [path, shown] of lists) {
      const { json } = await api.call({ path });
      expect(json.jobs ?? json['datasets'] ?? json['uploads']).toEqual([]);
      expect((await api.call({ path, tenant: 'other' })).body).toContain(shown);
    }
  });

  it('has keys of idempotency of its own', async () => {
    const api = createTestApi();
    const submit = async (tenant: string) =>
      api.call({
        method: 'POST',
        path: '/processes/echo/execution',
        tenant,
        headers: { prefer: 'respond-async', 'idempotency-key': 'k1' },
        body: { inputs: { stringInput: tenant } },
      });
    const [mine, anothers] = [await submit('acme'), await submit('other')];
    expect([mine.statusCode, anothers.statusCode]).toEqual([201, 201]);
    expect(mine.json.jobID).not.toBe(anothers.json.jobID);
  });
});

describe('the tenant of a request', () => {
  printCorpora('tenants');
  const lambda = { getRemainingTimeInMillis: () => 1_000 } as Context;

  fuzz(
    'comes from the authorizer alone, and only when it is a name',
    fc.record({
      tenant: fc.oneof(hostileText, changedText(['other', 'acme'])),
      subject: hostileText,
      header: fc.constantFrom('x-tenant', 'tenant', 'x-amzn-tenant', 'cookie', 'forwarded', 'authorization'),
    }),
    ({ tenant, subject, header }) => {
      const event = apiEvent({ path: '/jobs?tenant=other', tenant, subject, headers: { [header]: 'other' } });
      const { principal } = parseRequest(event, lambda, new AbortController().signal, '');
      expect(principal?.tenant).toBe(isName(tenant) && subject !== '' ? tenant : undefined);
    },
  );
});

const isName = (tenant: string): boolean =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(tenant) && !tenant.endsWith('\n');

/** Longest cursor that is looked at, in characters. */
const LONGEST_CURSOR = 1_024;

const cursorJob = '01J00000000000000000000001';

describe('a cursor', () => {
  printCorpora('cursors');
  const key = new Uint8Array(32).fill(7);
  const SCOPES = [
    '["acme","/jobs",[]]',
    '["acme","/jobs",[["tag","a"]]]',
    '["other","/jobs",[]]',
    '["acme","/datasets",[]]',
  ];
  const cursors = SCOPES.flatMap((scope) => [cursorJob, 'a'].map((after) => signCursor(key, scope, after)));
  const strangers = SCOPES.map((scope) => signCursor(new Uint8Array(32).fill(8), scope, cursorJob));

  fuzz(
    'opens where it was made, and nowhere else, however it is changed',
    fc.record({ cursor: fc.oneof(changedText(cursors), fc.constantFrom(...cursors), hostileText), scope: fc.nat(3) }),
    ({ cursor, scope }) => {
      const made = cursor.length > LONGEST_CURSOR ? -1 : cursors.findIndex((known) => sameBytes(known, cursor));
      const open = () => openCursor(key, SCOPES[scope]!, cursor);
      if (made >= 0 && Math.floor(made / 2) === scope) expect(open()).toBe(made % 2 === 0 ? cursorJob : 'a');
      else expect(open).toThrow(expect.objectContaining({ code: 'cursor-invalid', retryable: false }));
    },
  );

  it.each(['/jobs', '/datasets', '/processes', `/jobs/${NOBODY}/errors`])(
    'that is not ours is a 400 of %s',
    async (path) => {
      const { call } = createTestApi();
      for (const cursor of [...strangers, ...HOSTILE_TEXTS]) {
        const { json } = await call({ path: `${path}?${new URLSearchParams({ cursor }).toString()}` });
        expect(json).toMatchObject({ status: 400, field: 'cursor' });
      }
    },
  );
});

/** Base64url has letters that say the same: those are one cursor. */
function sameBytes(a: string, b: string): boolean {
  const parts = (text: string) => text.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'));
  return parts(a).join('.') === parts(b).join('.');
}
