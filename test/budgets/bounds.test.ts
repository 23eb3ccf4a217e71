import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jobItemKey } from '../../shared/jobs/items/keys.ts';
import { readJob } from '../../shared/jobs/read-job.ts';
import { SHARD_CHUNKS } from '../../shared/jobs/numbering.ts';
import type { CapacityLine } from '../../shared/local/capacity.ts';
import { storedItemSize } from '../../shared/local/item-size.ts';
import { createTestEngine } from '../helpers/test-engine.ts';

const isShard = ({ item }: CapacityLine): boolean => item.startsWith('SHARD#');
const unitsOf = (lines: readonly CapacityLine[]): number => lines.reduce((sum, { writeUnits }) => sum + writeUnits, 0);

/** Runs one job to its end and gives what it cost. */
async function costOf(units: number, chunkUnits: number) {
  const { engine, submit } = createTestEngine();
  const jobId = await submit({ datasets: [{ id: 'scene', units }], chunkUnits });
  await engine.runUntilIdle();
  const { lines } = engine.store.capacity;
  return { engine, jobId, lines, chunks: Math.ceil(units / chunkUnits) };
}

/** The first case of the table of raster-preseed, by name: a whole job of one chunk and one file. */
function oneChunk(): Record<string, number> {
  const text = readFileSync(new URL('tables/raster-preseed.txt', import.meta.url), 'utf8');
  const [, ...lines] = (text.split('\n\n')[0] ?? '').split('\n');
  return Object.fromEntries(
    lines.map((line) => /^ {2}([^\d]+) ([\d.]+)/.exec(line)!).map(([, name, n]) => [name!, Number(n)]),
  );
}

describe('docs/cost.md', () => {
  const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8');
  const counted = oneChunk();
  const of = (...names: string[]): number => names.reduce((sum, name) => sum + counted[name]!, 0);
  const messages = of('message plan', 'message chunk', 'message finish');
  /** Send, receive and delete. */
  const REQUESTS_OF_A_MESSAGE = 3;

  it.each([
    ['DynamoDB write units', of('write units in all')],
    ['DynamoDB read units', of('read units in all')],
    ['S3 writes that the control plane makes: request, plan, results', of('objects.putIfAbsent') - of('written chunk')],
    [
      'S3 writes of the work itself: chunk; start, part and end of the file',
      of('written chunk', 'objects.createUpload', 'upload.putPart', 'upload.complete'),
    ],
    ['S3 reads', of('objects.get')],
    ['SQS requests: send, receive, delete of plan, chunk and finish', REQUESTS_OF_A_MESSAGE * messages],
  ])('says of a job of one chunk and one file what was counted: %s', (row, count) => {
    expect(page).toContain(`| ${row} | ${count} |`);
  });

  it('adds up, item by item, to the write units of the table', () => {
    const rows = [...page.matchAll(/^\|[^|]*\| (?:job row|entry|idempotency|shard item|dataset)[^|]*\| (\d+) \|$/gm)];
    expect(rows.reduce((sum, [, units]) => sum + Number(units), 0)).toBe(of('write units in all'));
  });
});

describe('what a job costs, in write units of the table', () => {
  it('is at most 14 for a job of one chunk', async () => {
    const { lines } = await costOf(4, 4);
    const bill = lines
      .filter(({ writeUnits }) => writeUnits > 0)
      .map((line) => `${line.writeUnits} ${line.operation} ${line.item}`);
    expect(unitsOf(lines), bill.join('\n')).toBeLessThanOrEqual(14);
    expect(lines.filter(({ accepted }) => !accepted)).toEqual([]);
  });

  it('is at most 24 for a job of many chunks beyond its chunks and shards', async () => {
    const { lines, chunks } = await costOf(3 * SHARD_CHUNKS, 1);
    const chunkLines = lines.filter(isShard);
    expect(unitsOf(chunkLines)).toBe(chunks);
    const shards = Math.ceil(chunks / SHARD_CHUNKS);
    expect(unitsOf(lines) - unitsOf(chunkLines)).toBeLessThanOrEqual(24 + shards);
  });

  it('is at most one read unit for a poll of a job with up to 1,000 shards', async () => {
    const { engine, submit, read } = createTestEngine();
    const jobId = await submit({ datasets: [{ id: 'scene', units: 999 * SHARD_CHUNKS }], chunkUnits: 1 });
    await engine.followStream();
    await engine.workOnce();
    const key = jobItemKey({ tenant: 'acme', jobId });
    for (const settled of [1, 100, 400, 511, 600, 998]) {
      // The row as it is when so many shards are settled, and the four open shards when they are nearly full.
      await engine.store.write({
        kind: 'update',
        key,
        condition: { operator: 'equals', attribute: 'state', value: 'running' },
        set: { settledShards: new Set(Array.from({ length: settled }, (_, shard) => shard)), nextShard: settled + 4 },
      });
      const before = engine.store.capacity.readUnits;
      await read(jobId);
      const used = engine.store.capacity.readUnits - before;
      const item = await engine.store.read(key, { consistent: true });
      expect(used, `${settled} settled shards, row of ${storedItemSize(key, item!)} bytes`).toBeLessThanOrEqual(1);
    }
    expect(await readJob(engine.platform, { tenant: 'acme', jobId })).toBeDefined();
  });
});
