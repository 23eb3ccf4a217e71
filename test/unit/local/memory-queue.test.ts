import { describe, expect, it } from 'vitest';
import type { MemoryQueueOptions } from '../../../shared/local/memory-queue.ts';
import { MemoryQueue } from '../../../shared/local/memory-queue.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';

const VISIBILITY_MS = 60_000;

function createQueue(options: Partial<MemoryQueueOptions> = {}): { queue: MemoryQueue; clock: ManualClock } {
  const clock = new ManualClock(0);
  const processIds = ['echo', 'other'];
  return {
    queue: new MemoryQueue({ clock, processIds, visibilityMs: VISIBILITY_MS, maxReceiveCount: 2, ...options }),
    clock,
  };
}

const message = (body: string, delaySeconds = 0): { body: string; delaySeconds: number; group: string } => ({
  body,
  delaySeconds,
  group: 'alpha',
});

describe('MemoryQueue', () => {
  it('hides a delayed message until its time', async () => {
    const { queue, clock } = createQueue();
    await queue.send('echo', [message('late', 5), message('now')]);
    expect(queue.receive('echo', 10).map(({ body }) => body)).toEqual(['now']);
    clock.advance(4_999);
    expect(queue.receive('echo', 10)).toEqual([]);
    clock.advance(1);
    expect(queue.receive('echo', 10).map(({ body }) => body)).toEqual(['late']);
  });

  it('delivers again what is not deleted before its visibility ends', async () => {
    const { queue, clock } = createQueue();
    await queue.send('echo', [message('a')]);
    const [first] = queue.receive('echo', 10);
    clock.advance(VISIBILITY_MS - 1);
    expect(queue.receive('echo', 10)).toEqual([]);
    clock.advance(1);
    const [second] = queue.receive('echo', 10);
    expect(second).toEqual({ ...first, receipt: second?.receipt, receiveCount: 2 });
    expect(second?.receipt).not.toBe(first?.receipt);
  });

  it('keeps a message when the receipt is not its last one', async () => {
    const { queue, clock } = createQueue();
    await queue.send('echo', [message('a')]);
    const [first] = queue.receive('echo', 10);
    clock.advance(VISIBILITY_MS);
    const [second] = queue.receive('echo', 10);
    queue.delete(first!.receipt);
    expect(await queue.depth('echo')).toBe(1);
    queue.delete(second!.receipt);
    expect(await queue.depth('echo')).toBe(0);
  });

  it('takes on what another holds, and goes its own way from there', async () => {
    const { queue } = createQueue();
    await queue.send('echo', [message('a'), message('b')]);
    const [received] = queue.receive('echo', 1);
    const { queue: copy } = createQueue();
    copy.copyFrom(queue);
    copy.delete(received!.receipt);
    expect([queue.size, copy.size]).toEqual([2, 1]);
    expect(copy.receive('echo', 9)).toMatchObject([{ body: 'b', messageId: 'message-2', receiveCount: 1 }]);
    await copy.send('other', [message('c')]);
    expect(copy.receive('other', 9)).toMatchObject([{ messageId: 'message-3' }]);
    expect(queue.receive('echo', 9)).toMatchObject([{ body: 'b', receiveCount: 1 }]);
  });

  it('gives a released message back after the given time', async () => {
    const { queue, clock } = createQueue();
    await queue.send('echo', [message('a')]);
    queue.release(queue.receive('echo', 1)[0]!.receipt, 10);
    expect(queue.nextVisibleAt()).toBe(10);
    clock.advance(10);
    expect(queue.receive('echo', 1)).toHaveLength(1);
  });

  it('moves a message that was received too often, as a new one with its first time', async () => {
    const { queue, clock } = createQueue();
    clock.advance(7);
    await queue.send('echo', [message('poison')]);
    const ids = new Set<string>();
    for (let receive = 0; receive < 3; receive += 1) {
      for (const { messageId } of queue.receive('echo', 1)) ids.add(messageId);
      clock.advance(VISIBILITY_MS);
    }
    const [letter] = queue.receiveDeadLetters('echo', 1);
    expect(letter).toMatchObject({ body: 'poison', sentAt: 7, receiveCount: 1, attributes: {} });
    expect(ids).not.toContain(letter?.messageId);
    expect(queue.receiveDeadLetters('other', 1)).toEqual([]);
  });

  it('delivers twice what it is told to', async () => {
    const { queue } = createQueue({ deliverTwice: ({ body }) => body === 'a', maxReceiveCount: 3 });
    await queue.send('echo', [message('a'), message('b')]);
    expect(queue.receive('echo', 10).map(({ body }) => body)).toEqual(['a', 'b']);
    expect(queue.receive('echo', 10).map(({ body }) => body)).toEqual(['a']);
  });

  it('loses what is purged, and no dead letter', async () => {
    const { queue } = createQueue();
    await queue.send('echo', [message('a'), message('b', 5)]);
    await queue.send('other', [message('c')]);
    await queue.sendToDeadLetters('echo', 'x', { code: 'message-invalid', detail: 'not JSON' });
    queue.purge('echo');
    expect([await queue.depth('echo'), await queue.depth('other')]).toEqual([0, 1]);
    expect(queue.receiveDeadLetters('echo', 10)).toHaveLength(1);
  });

  it('says when the next message can be received', async () => {
    const { queue } = createQueue();
    expect(queue.nextVisibleAt()).toBeUndefined();
    await queue.send('echo', [message('a', 9)]);
    await queue.send('other', [message('a', 3)]);
    expect(queue.nextVisibleAt()).toBe(3_000);
  });

  it('receives at most as many as are asked for', async () => {
    const { queue } = createQueue();
    await queue.send('echo', [message('a'), message('b'), message('c')]);
    expect(queue.receive('echo', 2)).toHaveLength(2);
    expect(queue.receive('echo', 2)).toHaveLength(1);
  });
});
