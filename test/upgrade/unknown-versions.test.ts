import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createHandler as createNotifications } from '../../functions/notifications/create-handler.ts';
import type { Outbound } from '../../shared/http/outbound/create-outbound.ts';
import { handleMessage } from '../../shared/jobs/handlers/handle-message.ts';
import { handleStreamRecord } from '../../shared/jobs/handlers/handle-stream-record.ts';
import { sweep } from '../../shared/jobs/handlers/sweep.ts';
import { chunkUrl } from '../../shared/jobs/folders.ts';
import { jobItemKey } from '../../shared/jobs/items/keys.ts';
import { readChunkHeader } from '../../shared/jobs/read-chunk.ts';
import { invocation } from '../unit/functions/engine-at.ts';
import { STORIES } from './stories.ts';
import type { UpgradeWorld } from './upgrade-world.ts';

const MINUTE = 60_000;
const KINDS = [
  ['plan', 'echo-accepted'],
  ['chunk', 'echo-running'],
  ['finish', 'echo-finishing'],
] as const;

/** Bodies of what was put aside under no tenant. */
function putAside(world: UpgradeWorld): Record<string, unknown>[] {
  const archived = [...world.objects.objects].filter(([url]) => url.startsWith('s3://data/dead-letters/_unknown/'));
  return archived.map(([, { bytes }]) => JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>);
}

/** Replaces the message that waits by one of a version to come. */
async function messageOfVersion2(world: UpgradeWorld): Promise<string> {
  const { queue } = world.engine;
  const [message] = queue.receive('echo', 1);
  queue.delete(message!.receipt);
  const body = JSON.stringify({ ...(JSON.parse(message!.body) as object), schema: 2, priority: 'high' });
  await queue.send('echo', [{ body, delaySeconds: 0, group: 'acme' }]);
  return body;
}

describe('what a version to come stores', () => {
  it.each(KINDS)(
    'as a %s message is put aside whole, and its job goes on by this version’s own',
    async (_kind, story) => {
      const world = await STORIES[story]!.tell();
      const body = await messageOfVersion2(world);
      const [job] = world.jobs();
      await world.engine.runUntilIdle();
      expect(putAside(world)).toMatchObject([{ body, processId: 'echo', reason: { code: 'message-invalid' } }]);
      expect(world.jobs()[0]?.state).toBe(job?.state);
      world.clock.advance(2 * MINUTE);
      await sweep(world.engine.platform);
      expect((await world.goOn())[0]).toMatchObject({ state: 'succeeded' });
    },
  );

  it('as a dead letter is archived whole, and ends nothing', async () => {
    const world = await STORIES['echo-running']!.tell();
    const body = JSON.stringify({
      schema: 2,
      tenant: 'acme',
      jobId: world.jobs()[0]!.jobId,
      kind: 'chunk',
      range: [0, 1],
    });
    await world.engine.queue.sendToDeadLetters('echo', body, { code: 'attempts-exhausted', detail: 'of version 2' });
    expect((await world.goOn())[0]).toMatchObject({ state: 'succeeded', counts: [{ failed: 0 }] });
    expect(putAside(world)).toMatchObject([{ body, reason: { code: 'attempts-exhausted' } }]);
  });

  it('as a notification is given back to its queue, which puts it aside whole', async () => {
    const world = await STORIES['echo-subscribed']!.tell();
    const body = JSON.stringify({ schema: 2, tenant: 'acme', jobId: world.jobs()[0]!.jobId, event: 'paused' });
    const handler = createNotifications({
      platform: world.engine.platform,
      outbound: { fetch: () => Promise.reject(new Error('nobody is to be called')) } as unknown as Outbound,
      presign: async (url) => url.href,
      root: 'https://longhaul.example',
    });
    const event = { Records: [{ messageId: 'm1', body, eventSource: 'aws:sqs' }] } as unknown as SQSEvent;
    expect(await handler(event, invocation())).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  });

  it('as a state of a job is put aside whole by the stream, and holds up nobody', async () => {
    const world = await STORIES['echo-accepted-unseen']!.tell();
    const [record] = world.engine.store.stream.take();
    const after = { ...record!.after, state: 'paused' };
    await handleStreamRecord(world.engine.platform, { ...record!, sequence: '7', after });
    expect(putAside(world)).toMatchObject([{ sequence: '7', after: { state: 'paused', processId: 'echo' } }]);
    expect(await world.engine.queue.depth('echo')).toBe(0);
  });

  it('as a state of a job is left alone by the sweeper and by workers', async () => {
    const world = await STORIES['echo-running']!.tell();
    const { engine, clock } = world;
    const key = jobItemKey(world.jobs()[0]!);
    const condition = { operator: 'exists', attribute: 'state' } as const;
    await engine.store.write({ kind: 'update', key, condition, set: { state: 'paused' } });
    const before = await engine.store.read(key);
    clock.advance(10 * MINUTE);
    expect(await sweep(engine.platform)).toMatchObject({ looked: 0, healed: {} });
    const [message] = engine.queue.receive('echo', 1);
    const delivery = { body: message!.body, receiveCount: 1, signal: new AbortController().signal };
    const process = engine.platform.processes.get('echo')!;
    await expect(handleMessage(engine.platform, process, delivery)).rejects.toThrow('unknown state paused');
    expect(await engine.store.read(key)).toEqual(before);
  });

  it('as a chunk is refused with a reason, not guessed at', async () => {
    const world = await STORIES['echo-running-unsettled']!.tell();
    const { platform } = world.engine;
    const url = chunkUrl(platform.locations, world.jobs()[0]!, 0, 0);
    const bytes = Uint8Array.from(world.objects.objects.get(url.href)!.bytes);
    expect((await readChunkHeader(platform, url)).counts.done).toBe(1);
    // The format's version is the fourth byte.
    bytes[3] = 2;
    world.objects.remove(url);
    await world.objects.putIfAbsent(url, bytes, 'application/octet-stream');
    await expect(readChunkHeader(platform, url)).rejects.toMatchObject({ code: 'chunk-object-corrupt' });
  });
});
