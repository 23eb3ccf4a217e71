import { describe, expect, it } from 'vitest';
import { storedItemSize } from '../../../shared/local/item-size.ts';
import { jobItemKey, shardItemKey } from '../../../shared/jobs/items/keys.ts';
import { SHARD_CHUNKS, shardCount } from '../../../shared/jobs/numbering.ts';
import type { JobMessage } from '../../../shared/jobs/messages.ts';
import { handleMessage } from '../../../shared/jobs/handlers/handle-message.ts';
import { readJob } from '../../../shared/jobs/read-job.ts';
import { settleChunkWrite } from '../../../shared/jobs/writes/settle-chunk.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

const TILES = 1_000_000_000;
const CHUNK_TILES = 1_024;
const never = new AbortController().signal;

describe('a job of 10⁹ tiles', () => {
  it('keeps at most 2,000 messages in flight and its row under 100 kB', { timeout: 60_000 }, async () => {
    const { engine, clock, submit } = createTestEngine();
    const { platform, queue, store } = engine;
    const jobId = await submit({ datasets: [{ id: 'a', units: TILES }], chunkUnits: CHUNK_TILES });
    const key = { tenant: 'acme', jobId };
    const process = platform.processes.get('numbers')!;
    await engine.followStream();
    let most = 0;
    let largestRow = 0;
    let shardsSeen = 0;
    while (queue.nextVisibleAt() !== undefined) {
      most = Math.max(most, await queue.depth('numbers'));
      for (const { body, receipt, receiveCount } of queue.receive('numbers', SHARD_CHUNKS)) {
        const message = JSON.parse(body) as JobMessage;
        queue.delete(receipt);
        // Every message is sent, received and deleted. Of each shard the first 255 chunks are settled by one write
        // here, as their workers would have done; the one that fills the shard goes through the real worker.
        if (message.kind === 'chunk' && message.chunk < SHARD_CHUNKS - 1 && !isLastChunk(message)) continue;
        if (message.kind === 'chunk') await settleOthers(message);
        if (message.kind === 'finish') break;
        await handleMessage(platform, process, { body, receiveCount, signal: never });
        shardsSeen += message.kind === 'chunk' ? 1 : 0;
        clock.advance(1000);
      }
      const item = await store.read(jobItemKey(key), { consistent: true });
      largestRow = Math.max(largestRow, storedItemSize(jobItemKey(key), item!));
      await engine.followStream();
    }
    const view = await readJob(platform, key);
    expect(view?.job.state).toBe('finishing');
    const { done, skipped } = view!.counts[0]!;
    expect(done + skipped).toBe(TILES);
    expect(shardsSeen).toBe(Math.ceil(TILES / CHUNK_TILES / SHARD_CHUNKS));
    expect(most).toBeLessThanOrEqual(2_000);
    expect(largestRow).toBeLessThan(100_000);

    function isLastChunk({ shard, chunk }: { shard: number; chunk: number }): boolean {
      const datasets = [{ id: 'a', units: TILES, chunkUnits: CHUNK_TILES }];
      const chunks = Math.ceil(TILES / CHUNK_TILES);
      return shard === shardCount(datasets) - 1 && chunk === (chunks - 1) % SHARD_CHUNKS;
    }

    async function settleOthers({ shard, chunk }: { shard: number; chunk: number }): Promise<void> {
      const counts = { done: 0, failed: 0, skipped: chunk * CHUNK_TILES, bytes: 0 };
      const write = settleChunkWrite(key, { shard, chunk: 0, counts, now: clock.now(), ttl: 1 });
      const settled = new Set(Array.from({ length: chunk }, (_, index) => index));
      expect(await store.write({ ...write, add: { ...write.add, settled } })).toMatchObject({ accepted: true });
      expect(shardItemKey(key, shard)).toEqual(write.key);
    }
  });
});
