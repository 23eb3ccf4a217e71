import { describe, expect, it } from 'vitest';
import { MESSAGE_SCHEMA, parseMessage } from '../../../shared/jobs/messages.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

const JOB = '01J00000000000000000000001';
const good = { schema: MESSAGE_SCHEMA, kind: 'chunk', tenant: 'acme', jobId: JOB, shard: 0, chunk: 0, attempt: 1 };

const BAD: [why: string, body: string][] = [
  ['no JSON', '{'],
  ['empty', ''],
  ['null', 'null'],
  ['an array', '[]'],
  ['another schema version', JSON.stringify({ ...good, schema: 2 })],
  ['another kind', JSON.stringify({ ...good, kind: 'drop' })],
  ['an unknown member', JSON.stringify({ ...good, admin: true })],
  ['a negative shard', JSON.stringify({ ...good, shard: -1 })],
  ['a chunk that no shard has', JSON.stringify({ ...good, chunk: 256 })],
  ['a fractional attempt', JSON.stringify({ ...good, attempt: 1.5 })],
  ['no attempt left', JSON.stringify({ ...good, attempt: 1000 })],
  ['a tenant that is a path', JSON.stringify({ ...good, tenant: '../other' })],
  ['a job id that is no ULID', JSON.stringify({ ...good, jobId: 'x' })],
  ['a prototype', '{"__proto__":{"schema":1},"kind":"plan"}'],
  ['too long', JSON.stringify({ ...good, padding: 'x'.repeat(5_000) })],
  ['too deep', `${'['.repeat(2_000)}${']'.repeat(2_000)}`],
];

describe('parseMessage', () => {
  it('reads what we send', () => {
    expect(parseMessage(JSON.stringify(good))).toEqual(good);
  });

  it.each(BAD)('refuses a message that is or has %s', (_why, body) => {
    expect(() => parseMessage(body)).toThrow(expect.objectContaining({ code: 'message-invalid', retryable: false }));
  });
});

describe('a worker', () => {
  const strangers: [why: string, body: string][] = [
    ...BAD,
    ['a job that is not there', JSON.stringify({ ...good, kind: 'chunk', jobId: '01J99999999999999999999999' })],
    ['a job of another tenant', JSON.stringify({ ...good, tenant: 'other' })],
  ];

  it.each(strangers)('puts a message with %s among the dead letters, whole, and goes on', async (_why, body) => {
    const test = createTestEngine();
    const jobId = await test.submit({ datasets: [{ id: 'a', units: 3 }] });
    await test.engine.queue.send('numbers', [{ body: body === '' ? ' ' : body, delaySeconds: 0, group: 'acme' }]);
    await test.engine.runUntilIdle();
    const archived = [...test.objects.objects.keys()].filter((url) => url.includes('/dead-letters/_unknown/numbers/'));
    expect(archived).toHaveLength(1);
    const letter = JSON.parse(new TextDecoder().decode(test.objects.objects.get(archived[0]!)!.bytes)) as object;
    expect(letter).toMatchObject({ body: body === '' ? ' ' : body });
    expect((await test.read(jobId)).job.state).toBe('succeeded');
  });

  it('settles nothing for a chunk that the job does not have', async () => {
    const test = createTestEngine();
    const jobId = await test.submit({ datasets: [{ id: 'a', units: 3 }] });
    await test.engine.followStream();
    await test.engine.workOnce();
    const body = JSON.stringify({ ...good, jobId, shard: 7 });
    await test.engine.queue.send('numbers', [{ body, delaySeconds: 0, group: 'acme' }]);
    await test.engine.runUntilIdle();
    expect((await test.read(jobId)).job).toMatchObject({ state: 'succeeded', counts: [{ done: 3, failed: 0 }] });
  });
});
