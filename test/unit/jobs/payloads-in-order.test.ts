import { describe, expect, it } from 'vitest';
import { payloadsInOrder } from '../../../shared/jobs/payloads-in-order.ts';
import type { ChunkPayloads, StoredPayload } from '../../../shared/jobs/process.ts';

const PAYLOADS = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5)];

async function storedOf(payloads: ChunkPayloads): Promise<StoredPayload[]> {
  const stored = [];
  for await (const payload of payloads.stored()) stored.push(payload);
  return stored;
}

describe('payloads that lie in memory', () => {
  it('come in order', async () => {
    const seen = [];
    for await (const payload of payloadsInOrder(PAYLOADS)) seen.push(payload);
    expect(seen).toEqual(PAYLOADS);
  });

  it('are one unit each unless their units are named, and say how long they are', async () => {
    const counts = (bytes: number) => ({ done: 0, failed: 0, skipped: 0, bytes });
    expect((await storedOf(payloadsInOrder(PAYLOADS))).map(({ ranges, counts: made }) => [ranges, made])).toEqual([
      [[{ start: 0, end: 1 }], counts(4)],
      [[{ start: 1, end: 2 }], counts(1)],
    ]);
    const named = [[{ start: 4, end: 9 }], [{ start: 9, end: 10 }]];
    expect((await storedOf(payloadsInOrder(PAYLOADS, named))).map(({ ranges }) => ranges)).toEqual(named);
  });

  it('are read by ranges, fewer bytes only at the end', async () => {
    const [first] = await storedOf(payloadsInOrder(PAYLOADS));
    expect([...(await first!.read(1, 2))]).toEqual([2, 3]);
    expect([...(await first!.read(2, 100))]).toEqual([3, 4]);
  });

  it('stay as they are, whatever becomes of what was read of them', async () => {
    const [first] = await storedOf(payloadsInOrder([Uint8Array.of(5, 6)]));
    (await first!.read(0, 2)).fill(0);
    expect([...(await first!.read(0, 2))]).toEqual([5, 6]);
  });
});
