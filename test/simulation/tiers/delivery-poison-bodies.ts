import { chunkMessages, finishMessage, planMessage } from '../../../shared/jobs/send-messages.ts';
import type { Job } from '../../../shared/jobs/job.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const DATASETS = [{ id: 'a', units: 3, chunkUnits: 2 }];

/** Jobs of the world that poison names: one runs, one is of another tenant and another process. */
export interface Named {
  job: Job;
  elsewhere: Job;
}

/** Bodies that are no message of the job, by what is wrong with them: whoever gets one keeps it and does nothing. */
export function poisonBodies({ job, elsewhere }: Named): [string, string][] {
  const chunk: Record<string, unknown> = { ...chunkMessages(job, DATASETS, 0)[0] };
  const changed = (change: Record<string, unknown>): string => JSON.stringify({ ...chunk, ...change });
  const without = (member: string): string =>
    JSON.stringify(Object.fromEntries(Object.entries(chunk).filter(([name]) => name !== member)));
  const raw = (member: string, text: string): string => changed({ [member]: '@' }).replace('"@"', text);
  return [
    ['a space', ' '],
    ['no JSON', 'plan'],
    ['half of a message', JSON.stringify(chunk).slice(0, 40)],
    ['two messages', JSON.stringify(chunk).repeat(2)],
    ['a trailing comma', `${JSON.stringify(chunk).slice(0, -1)},}`],
    ['a byte order mark', `\uFEFF${JSON.stringify(chunk)}`],
    ['single quotes', JSON.stringify(chunk).replaceAll('"', "'")],
    ['base64', Buffer.from(JSON.stringify(chunk)).toString('base64')],
    ['XML', '<message kind="plan"/>'],
    ['null', 'null'],
    ['true', 'true'],
    ['a number', '1'],
    ['NaN', 'NaN'],
    ['a text', '"plan"'],
    ['an array', '[]'],
    ['a message in an array', `[${JSON.stringify(chunk)}]`],
    ['a message in a text', JSON.stringify(JSON.stringify(chunk))],
    ['an empty object', '{}'],
    ['an envelope of SNS', JSON.stringify({ Type: 'Notification', Message: JSON.stringify(chunk) })],
    ['schema 0', changed({ schema: 0 })],
    ['schema 2', changed({ schema: 2 })],
    ['schema as text', changed({ schema: '1' })],
    ['no schema', without('schema')],
    ['no kind', without('kind')],
    ['no tenant', without('tenant')],
    ['no job', without('jobId')],
    ['no attempt', without('attempt')],
    ['no shard', without('shard')],
    ['no chunk', without('chunk')],
    ['another kind', changed({ kind: 'cancel' })],
    ['kind as array', changed({ kind: ['chunk'] })],
    ['kind __proto__', changed({ kind: '__proto__' })],
    ['a member too many', changed({ priority: 1 })],
    ['a plan with a chunk', JSON.stringify({ ...chunk, kind: 'plan' })],
    ['a member __proto__', JSON.stringify(chunk).replace('{', '{"__proto__":{"attempt":1},')],
    ['a member constructor', JSON.stringify(chunk).replace('{', '{"constructor":{"prototype":{}},')],
    ['another tenant', changed({ tenant: 'bolt' })],
    ['a tenant without jobs', changed({ tenant: 'nobody' })],
    ['an empty tenant', changed({ tenant: '' })],
    ['a tenant in capitals', changed({ tenant: 'ACME' })],
    ['a tenant with a separator', changed({ tenant: 'acme#JOB' })],
    ['a tenant that climbs', changed({ tenant: '../acme' })],
    ['a tenant with a zero byte', changed({ tenant: 'acme\u0000' })],
    ['a tenant of 64 characters', changed({ tenant: 'a'.repeat(64) })],
    ['a tenant as object', changed({ tenant: { acme: true } })],
    ['a lone surrogate', changed({ tenant: 'acme\uD800' })],
    ['a deleted job', JSON.stringify({ ...planMessage(job), jobId: '01J00000000000000000009999' })],
    ['the finish of a deleted job', JSON.stringify({ ...finishMessage(job), jobId: '01J00000000000000000009999' })],
    ['the plan of another process', JSON.stringify(planMessage(elsewhere))],
    ['the finish of another process', JSON.stringify(finishMessage(elsewhere))],
    ['the job of another tenant', changed({ jobId: elsewhere.jobId })],
    ['an empty job', changed({ jobId: '' })],
    ['a job in small letters', changed({ jobId: '01j0000000000000000000000a' })],
    ['a job that climbs', changed({ jobId: '../../../etc/passwd' })],
    ['a job with a line break', changed({ jobId: `${job.jobId}\n` })],
    ['a job as number', changed({ jobId: 1 })],
    ['attempt 0', changed({ attempt: 0 })],
    ['attempt -1', changed({ attempt: -1 })],
    ['attempt 1.5', changed({ attempt: 1.5 })],
    ['attempt beyond the limit', changed({ attempt: 21 })],
    ['attempt beyond 2^53', raw('attempt', '9007199254740993')],
    ['attempt beyond all numbers', raw('attempt', '1e999')],
    ['attempt as text', changed({ attempt: '1' })],
    ['attempt null', changed({ attempt: null })],
    ['shard -1', changed({ shard: -1 })],
    ['a shard outside', changed({ shard: 1 })],
    ['a shard far outside', changed({ shard: 99_999 })],
    ['a shard beyond its digits', changed({ shard: 100_000 })],
    ['shard 0.5', changed({ shard: 0.5 })],
    ['shard 1e999', raw('shard', '1e999')],
    ['chunk -1', changed({ chunk: -1 })],
    ['a chunk outside', changed({ chunk: 2 })],
    ['the last chunk of a full shard', changed({ chunk: 255 })],
    ['a chunk beyond a shard', changed({ chunk: 256 })],
    ['a chunk as text', changed({ chunk: '0' })],
    ['a chunk as boolean', changed({ chunk: false })],
    ['longer than is parsed', changed({ padding: 'x'.repeat(4 * KIB) })],
    ['spaces around a message', JSON.stringify(chunk).padEnd(5 * KIB)],
    ['as long as a queue takes', 'x'.repeat(MIB)],
    ['characters of four bytes', '\u{1F30D}'.repeat(MIB / 4)],
    ['deep arrays', '['.repeat(100_000)],
    ['deep objects', '{"a":'.repeat(20_000)],
    ['deep and whole', `${'['.repeat(2_000)}${']'.repeat(2_000)}`],
    [
      'many members',
      JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`m${index}`, 0]))),
    ],
    ['a number of many digits', '9'.repeat(3_000)],
  ];
}
