import { cancelJob } from '../../shared/jobs/cancel-job.ts';
import type { ExecuteRequest } from '../../shared/jobs/execute-request.ts';
import { handleMessage } from '../../shared/jobs/handlers/handle-message.ts';
import { sweep } from '../../shared/jobs/handlers/sweep.ts';
import type { JobState } from '../../shared/jobs/job.ts';
import { retryJob } from '../../shared/jobs/retry-job.ts';
import { submitJob } from '../../shared/jobs/submit-job.ts';
import { dieBeforeCall } from '../simulation/core/die-before-call.ts';
import { makeTiff } from '../helpers/make-tiff.ts';
import { stored, UpgradeWorld, type StoredBytes } from './upgrade-world.ts';

/** Where a world stands when it is written down. */
export interface Story {
  title: string;
  tell: () => Promise<UpgradeWorld>;
}

const MINUTE = 60_000;
const TENANT = 'acme';

/** A raster of half a kilometre in blocks of 16 pixels. */
const RASTER = { width: 48, height: 48, bands: 1, tileSize: 16, epsg: 32632, origin: [500_000, 5_000_000] } as const;
const ZOOMS = { minzoom: 13, maxzoom: 16 };

function raster(broken = false): StoredBytes {
  const bytes = makeTiff({ ...RASTER, compression: 'deflate' });
  // The last block: what covers it cannot be made.
  if (broken) bytes.fill(0xff, bytes.length - 8);
  return stored(bytes, 'image/tiff');
}

/** Of one grey, so that its many tiles are small. */
const FLAT = stored(
  makeTiff({ ...RASTER, width: 8, height: 8, compression: 'deflate', value: () => 90 }),
  'image/tiff',
);
/** Tiles in two chunks. */
const MANY_TILES = { minzoom: 22, maxzoom: 22, tileSize: 512, format: 'webp' };

const SOURCES = { 'a.tif': raster(), 'b.tif': raster(), 'c.tif': raster() };
const NAMES = Object.keys(SOURCES);
const inS3 = (name: string): { source: string } => ({ source: `s3://data/sources/acme/${name}` });

async function submit(world: UpgradeWorld, processId: string, request: ExecuteRequest): Promise<string> {
  const { platform } = world.engine;
  const process = platform.processes.get(processId)!;
  const inputs = process.inputs.parse(request.inputs);
  const submission = { tenant: TENANT, subject: 'ann', processId, tags: ['night'] };
  const { job } = await submitJob(platform, { ...submission, request: { ...request, inputs } });
  return job.jobId;
}

/** A world with one job of the echo process. */
async function withEcho(more: Partial<ExecuteRequest> = {}): Promise<UpgradeWorld> {
  const world = new UpgradeWorld({});
  await submit(world, 'echo', { inputs: { stringInput: 'hello', arrayInput: [1, 2, 3] }, ...more });
  return world;
}

/** A world with one job of the raster process. */
async function withRaster(
  names: readonly string[] = NAMES,
  sources: Record<string, StoredBytes> = SOURCES,
  more: object = {},
): Promise<UpgradeWorld> {
  const world = new UpgradeWorld({ sources });
  const inputs = { datasets: names.map(inS3), ...ZOOMS, toleratedFailurePercentage: 90, ...more };
  await submit(world, 'raster-preseed', { inputs });
  return world;
}

/** Works until the newest job is in a state: its messages are in the queue, and no record of the stream waits. */
async function until(world: UpgradeWorld, state: JobState): Promise<UpgradeWorld> {
  await world.engine.followStream();
  while (world.jobs().at(-1)?.state !== state) {
    await world.engine.workOnce();
    await world.engine.followStream();
  }
  return world;
}

/** The next worker of a process dies at a call of a port. */
async function dieAt(world: UpgradeWorld, processId: string, call: number): Promise<UpgradeWorld> {
  const { queue, platform } = world.engine;
  const [message] = queue.receive(processId, 1);
  const signal = new AbortController().signal;
  await dieBeforeCall(platform, call, (faulty) =>
    handleMessage(faulty, platform.processes.get(processId)!, { body: message!.body, receiveCount: 1, signal }),
  );
  return world;
}

const ECHO_STORIES: Record<string, Story> = {
  'echo-accepted-unseen': {
    title: 'A job was accepted; its record of the stream has not been followed.',
    tell: () => withEcho(),
  },
  'echo-accepted': {
    title: 'A job was accepted, and its plan message sent.',
    tell: async () => until(await withEcho(), 'accepted'),
  },
  'echo-planning': {
    title: 'A planner holds the lease of a job, and died.',
    tell: async () => dieAt(await until(await withEcho(), 'accepted'), 'echo', 2),
  },
  'echo-running': { title: 'A chunk waits in the queue.', tell: async () => until(await withEcho(), 'running') },
  'echo-running-observed': {
    title: 'The sweeper has looked at a shard of which nothing is settled yet.',
    tell: async () => {
      const world = await until(await withEcho(), 'accepted');
      world.clock.advance(MINUTE);
      await until(world, 'running');
      world.clock.advance(MINUTE);
      await sweep(world.engine.platform);
      world.engine.store.stream.take();
      return world;
    },
  },
  'echo-running-unsettled': {
    title: 'A worker wrote the object of its chunk, and died before it settled the chunk.',
    tell: async () => dieAt(await until(await withEcho(), 'running'), 'echo', 4),
  },
  'echo-running-not-carried': {
    title: 'A worker settled the last chunk of its shard, and died before it settled the shard.',
    tell: async () => dieAt(await until(await withEcho(), 'running'), 'echo', 5),
  },
  'echo-finishing': {
    title: 'A finish waits in the queue.',
    tell: async () => until(await withEcho(), 'finishing'),
  },
  'echo-finishing-healed': {
    title: 'The sweeper sent a lost plan again; the job has come to its finish since.',
    tell: async () => {
      const world = await until(await withEcho(), 'accepted');
      world.engine.queue.purge('echo');
      world.clock.advance(2 * MINUTE);
      await sweep(world.engine.platform);
      return until(world, 'finishing');
    },
  },
  'echo-succeeded': { title: 'A job succeeded.', tell: async () => until(await withEcho(), 'succeeded') },
  'echo-subscribed': {
    title: 'A job succeeded, and its subscriber is to be told.',
    tell: async () => {
      const subscriber = {
        successUri: 'https://subscriber.example/success',
        inProgressUri: 'https://subscriber.example/progress',
        failedUri: 'https://subscriber.example/failed',
      };
      return until(await withEcho({ subscriber, response: 'document' }), 'succeeded');
    },
  },
  'echo-cancelled': {
    title: 'A job was cancelled while its chunk waited in the queue.',
    tell: async () => {
      const world = await until(await withEcho(), 'running');
      const [job] = world.jobs();
      await cancelJob(world.engine.platform, job!, 'user:ann');
      return world;
    },
  },
  'echo-cancelled-finishing': {
    title: 'A job was cancelled while its finish waited; what it may have written is to be removed.',
    tell: async () => {
      const world = await until(await withEcho(), 'finishing');
      const [job] = world.jobs();
      await cancelJob(world.engine.platform, job!, 'user:ann');
      await world.engine.followStream();
      return world;
    },
  },
  'echo-timed-out': {
    title: 'A job was ended at its deadline.',
    tell: async () => {
      const world = await until(await withEcho(), 'running');
      world.engine.queue.purge('echo');
      world.clock.advance(61 * MINUTE);
      await sweep(world.engine.platform);
      return world;
    },
  },
};

const RASTER_STORIES: Record<string, Story> = {
  'raster-running': {
    title: 'One of three shards is settled.',
    tell: async () => {
      const world = await until(await withRaster(), 'running');
      await world.engine.workOnce();
      return world;
    },
  },
  'raster-running-half-shard': {
    title: 'One of the two chunks of a shard is settled.',
    tell: async () => {
      const world = await until(await withRaster(['flat.tif'], { 'flat.tif': FLAT }, MANY_TILES), 'running');
      await world.engine.workOnce();
      return world;
    },
  },
  'raster-running-attempt-2': {
    title: 'The source of a chunk was out of reach; its second attempt is delayed.',
    tell: async () => {
      const world = await until(await withRaster(['down.tif'], { 'down.tif': raster() }), 'running');
      delete world.sources['down.tif'];
      await world.engine.workOnce();
      world.sources['down.tif'] = raster();
      return world;
    },
  },
  'raster-finishing': {
    title: 'Every tile of three datasets is made; the finish waits in the queue.',
    tell: async () => until(await withRaster(), 'finishing'),
  },
  'raster-succeeded': {
    title: 'A dataset was published.',
    tell: async () => until(await withRaster(['a.tif']), 'succeeded'),
  },
  'raster-partial': {
    title: 'Some tiles failed; the rest was published.',
    tell: async () => until(await withRaster(['a.tif'], { 'a.tif': raster(true) }), 'partial'),
  },
  'raster-retry': {
    title: 'The failed tiles of a job are to be run again; the source was mended.',
    tell: async () => {
      const world = await until(await withRaster(['a.tif'], { 'a.tif': raster(true) }), 'partial');
      world.sources['a.tif'] = raster();
      await retryJob(world.engine.platform, world.jobs()[0]!, { subject: 'ann' });
      return until(world, 'accepted');
    },
  },
  'raster-refused': {
    title: 'A plan was refused for good.',
    tell: async () => until(await withRaster(['missing.tif']), 'failed'),
  },
  'raster-dead-letter': {
    title: 'A chunk was given up: it lies with the dead letters, and is not settled.',
    tell: async () => deadLetter(await withRaster(['a.tif', 'down.tif'], { ...SOURCES, 'down.tif': raster() })),
  },
  'raster-given-up': {
    title: 'A chunk was given up, archived and settled; the rest was published.',
    tell: async () => {
      const world = await deadLetter(await withRaster(['a.tif', 'down.tif'], { ...SOURCES, 'down.tif': raster() }));
      await world.engine.workOnce();
      return until(world, 'partial');
    },
  },
};

/** Works until the last attempt at the chunk whose source is down has failed; its dead letter waits. */
async function deadLetter(world: UpgradeWorld): Promise<UpgradeWorld> {
  await until(world, 'running');
  delete world.sources['down.tif'];
  const { queue, platform } = world.engine;
  const process = platform.processes.get('raster-preseed')!;
  for (let attempt = 1; attempt <= process.limits.attempts; attempt++) {
    for (const { body, receiveCount, receipt } of queue.receive(process.id, 10)) {
      await handleMessage(platform, process, { body, receiveCount, signal: new AbortController().signal });
      queue.delete(receipt);
    }
    world.clock.advance(15 * MINUTE);
  }
  await world.engine.followStream();
  return world;
}

/** A story for every state and every kind of thing that a deployment finds stored. */
export const STORIES: Readonly<Record<string, Story>> = { ...ECHO_STORIES, ...RASTER_STORIES };
