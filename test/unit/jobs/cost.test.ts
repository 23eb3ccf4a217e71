import { describe, expect, it } from 'vitest';
import { jobItemKey } from '../../../shared/jobs/items/keys.ts';
import { readJob } from '../../../shared/jobs/read-job.ts';
import { SHARD_CHUNKS } from '../../../shared/jobs/numbering.ts';
import type { CapacityLine } from '../../../shared/local/capacity.ts';
import { storedItemSize } from '../../../shared/local/item-size.ts';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import { World } from '../../faults/world.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

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

describe('what a job costs, in calls of the services', () => {
  it('is, for a job of one chunk and one file, exactly what docs/cost.md lists', async () => {
    const world = new World();
    const inputs = {
      datasets: [{ id: 'scene', units: 4 }],
      chunkUnits: 4,
      failing: [],
      empty: [],
      toleratedFailurePercentage: 0,
    };
    const submission = { tenant: 'acme', subject: 'ann', processId: 'numbers', request: { inputs } };
    await world.call((platform) => submitJob(platform, submission));
    await world.rest();
    const calls: Record<string, number> = {};
    for (const name of world.faults.trace) calls[name] = (calls[name] ?? 0) + 1;
    expect(calls).toEqual({
      'store.transact': 2,
      'store.write': 4,
      'store.read': 5,
      'store.list': 2,
      'queue.send': 3,
      'objects.putIfAbsent': 4,
      'objects.get': 7,
      'objects.createUpload': 1,
      'upload.putPart': 1,
      'upload.complete': 1,
    });
    const bill = world.store.capacity.lines.filter(({ writeUnits }) => writeUnits > 0);
    expect(bill.map((line) => `${line.item.split('#')[0]} ${line.tableWriteUnits}+${line.indexWriteUnits}`)).toEqual([
      'JOB 2+1',
      'SUBMISSION 2+0',
      'JOB 1+0',
      'JOB 1+0',
      'SHARD 1+0',
      'JOB 1+0',
      'JOB 2+1',
      'DATASET 2+0',
    ]);
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
