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

describe('a message that is refused', () => {
  const remedy = 'It is kept with the dead letters; send it again in the form that this version reads.';
  const padded = (characters: number) => JSON.stringify(good).padEnd(characters);

  it.each([
    ['{', 'it is not JSON'],
    ['null', 'Invalid input: expected object, received null'],
    [padded(4_097), 'it has 4097 characters'],
    [JSON.stringify({ ...good, attempt: 0 }), 'attempt Too small: expected number to be >=1'],
    [JSON.stringify({ ...good, attempt: 21 }), 'attempt Too big: expected number to be <=20'],
    [JSON.stringify({ ...good, shard: 100_000 }), 'shard Too big: expected number to be <=99999'],
    [JSON.stringify({ ...good, chunk: -1 }), 'chunk Too small: expected number to be >=0'],
  ])('says why: %s', (body, why) => {
    expect(() => parseMessage(body)).toThrow(
      expect.objectContaining({ detail: `The message cannot be read: ${why}.`, remedy }),
    );
  });

  it('keeps the reason of a text that is no JSON', () => {
    expect(() => parseMessage('{')).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) as unknown }));
  });

  it('is none of those at a limit', () => {
    expect(parseMessage(padded(4_096))).toEqual(good);
    const last = { ...good, shard: 99_999, chunk: 255, attempt: 20 };
    expect(parseMessage(JSON.stringify(last))).toEqual(last);
  });

  it.each(['a', 'a-b', 'a1', '0', 'a'.repeat(63)])('is none that names the tenant %s', (tenant) => {
    expect(parseMessage(JSON.stringify({ ...good, tenant }))).toMatchObject({ tenant });
  });

  it.each(['', '-a', 'a-', 'A', 'a_b', 'a b', 'a'.repeat(64), 'a\n', 'é'])(
    'is one that names the tenant %j',
    (tenant) => {
      expect(() => parseMessage(JSON.stringify({ ...good, tenant }))).toThrow();
    },
  );

  it.each([
    ['8', JOB.slice(1)],
    ['', JOB.slice(1)],
    ['0', JOB],
    ['', `${JOB.slice(0, -1)}I`],
    ['', `${JOB.slice(0, -1)}L`],
    ['', `${JOB.slice(0, -1)}O`],
    ['', `${JOB.slice(0, -1)}U`],
    ['', `${JOB.slice(0, -1)}a`],
  ])('is one that names the job %s%s', (first, rest) => {
    expect(() => parseMessage(JSON.stringify({ ...good, jobId: first + rest }))).toThrow();
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
