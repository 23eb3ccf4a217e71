import { describe, expect, it } from 'vitest';
import { handleMessage } from '../../../shared/jobs/handlers/handle-message.ts';
import { handleStreamRecord } from '../../../shared/jobs/handlers/handle-stream-record.ts';
import { jobItemKey } from '../../../shared/jobs/items/keys.ts';
import type { Job } from '../../../shared/jobs/job.ts';
import type { JobMessage } from '../../../shared/jobs/messages.ts';
import { chunkCount, SHARD_CHUNKS } from '../../../shared/jobs/numbering.ts';
import type { OutgoingMessage, Queue } from '../../../shared/jobs/ports/queue.ts';
import { readJob } from '../../../shared/jobs/read-job.ts';
import { settleChunkWrite } from '../../../shared/jobs/writes/settle-chunk.ts';
import { storedItemSize } from '../../../shared/local/item-size.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

const TILES = 1_000_000_000;
const CHUNK_TILES = 4_096;
const CHUNKS = chunkCount({ id: 'a', units: TILES, chunkUnits: CHUNK_TILES });
const never = new AbortController().signal;

/** Counts every message, and keeps those that are to be handled by a real worker. */
class CountingQueue implements Queue {
  inFlight = 0;
  most = 0;
  readonly kept: JobMessage[] = [];

  async send(_processId: string, messages: readonly OutgoingMessage[]): Promise<number[]> {
    this.inFlight += messages.length;
    this.most = Math.max(this.most, this.inFlight);
    // Parsing a million messages is most of the time of this test: only those are that may be the last of a shard.
    const maybeLast = messages.filter(({ body }) => !/"chunk":\d,|"chunk":\d\d,/.test(body));
    this.kept.push(...maybeLast.map(({ body }) => JSON.parse(body) as JobMessage).filter(fillsShard));
    return [];
  }

  sendToDeadLetters(): Promise<void> {
    return Promise.reject(new Error('nothing dies here'));
  }

  depth(): Promise<number> {
    return Promise.resolve(this.inFlight);
  }
}

const chunksOf = (shard: number): number => Math.min(SHARD_CHUNKS, CHUNKS - shard * SHARD_CHUNKS);
const fillsShard = (message: JobMessage): boolean =>
  message.kind !== 'chunk' || message.chunk === chunksOf(message.shard) - 1;

describe('a job of 10⁹ tiles', () => {
  it('keeps at most 2,000 messages in flight and its row under 100 kB', async () => {
    expect(chunksOf(Math.floor(CHUNKS / SHARD_CHUNKS))).toBeGreaterThan(100);
    const { engine, clock, submit } = createTestEngine();
    const queue = new CountingQueue();
    const platform = { ...engine.platform, queue };
    const jobId = await submit({ datasets: [{ id: 'a', units: TILES }], chunkUnits: CHUNK_TILES });
    const key = { tenant: 'acme', jobId };
    let largestRow = 0;
    let shards = 0;
    for (;;) {
      for (const record of engine.store.stream.take()) {
        await handleStreamRecord(platform, { ...record, sequence: String(record.sequence) });
      }
      const message = queue.kept.shift();
      if (message === undefined || message.kind === 'finish') break;
      if (message.kind === 'chunk') {
        await settleOthers(message);
        shards++;
      }
      const process = platform.processes.get('numbers')!;
      await handleMessage(platform, process, { body: JSON.stringify(message), receiveCount: 1, signal: never });
      queue.inFlight -= message.kind === 'chunk' ? chunksOf(message.shard) : 1;
      clock.advance(1_000);
      const item = await engine.store.read(jobItemKey(key), { consistent: true });
      largestRow = Math.max(largestRow, storedItemSize(jobItemKey(key), item!));
    }
    const view = await readJob(platform, key);
    const { state, counts }: Job = view!.job;
    expect(state).toBe('finishing');
    expect(counts[0]!.done + counts[0]!.skipped).toBe(TILES);
    expect(shards).toBe(Math.ceil(CHUNKS / SHARD_CHUNKS));
    expect(queue.most).toBeGreaterThan(1_000);
    expect(queue.most).toBeLessThanOrEqual(2_000);
    expect(largestRow).toBeLessThan(100_000);

    /** Of each shard all chunks but the last are settled by one write, as their workers would have done one by one. */
    async function settleOthers({ shard, chunk }: { shard: number; chunk: number }): Promise<void> {
      const counts = { done: 0, failed: 0, skipped: chunk * CHUNK_TILES, bytes: 0 };
      const write = settleChunkWrite(key, { shard, chunk: 0, counts, now: clock.now(), ttl: 1 });
      const settled = new Set(Array.from({ length: chunk }, (_, index) => index));
      expect(await engine.store.write({ ...write, add: { ...write.add, settled } })).toMatchObject({ accepted: true });
    }
  });
});
