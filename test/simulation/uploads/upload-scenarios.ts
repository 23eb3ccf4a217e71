import { createHash } from 'node:crypto';
import { isTerminal } from '../../../shared/jobs/job.ts';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { completeUpload } from '../../../shared/uploads/complete-upload.ts';
import { deleteUpload } from '../../../shared/uploads/delete-upload.ts';
import { openUpload, type Opening } from '../../../shared/uploads/open-upload.ts';
import type { UploadPlatform } from '../../../shared/uploads/platform.ts';
import { signRequests } from '../../../shared/uploads/sign-requests.ts';
import type { Upload } from '../../../shared/uploads/upload.ts';
import { changesByJob } from '../invariants/life.ts';
import { MINUTE } from '../core/world.ts';
import type { UploadDrive } from './upload-drive.ts';
import type { UploadWorld } from './upload-world.ts';

/** What a caller does to a world with uploads, and what must come of it when no fault does harm. */
export interface UploadScenario {
  name: string;
  maxActiveJobs?: number;
  run: (world: UploadWorld, drive: UploadDrive) => Promise<void>;
  /** One sentence for each thing that is not as it has to be. */
  expect: (world: UploadWorld) => string[];
}

const TENANT = 'acme';
/** Far below what S3 takes: a world has thousands of them to hash. */
const PART = 64;
const SMALL = new TextEncoder().encode('name,lat,lon\nhut,47,11\n');
const OTHER = new TextEncoder().encode('name,lat,lon\nhut,47,12\n');
const LARGE = new Uint8Array(PART + 4).fill(7);
const HOUR = 60 * MINUTE;

const JOB = { processId: 'numbers', inputs: { datasets: [{ id: 'a', units: 3 }] } };
const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Opens an upload as a caller with a key, who asks again until it is answered, and signs all of it. */
async function open(world: UploadWorld, content: Uint8Array, key: string, more: Partial<Opening> = {}) {
  const isParted = content.length > PART;
  const parts = isParted ? [content.subarray(0, PART), content.subarray(PART)] : [];
  const wanted = parts.map((part, index) => ({ partNumber: index + 1, sha256: sha256(part) }));
  const kind = isParted ? { partBytes: PART } : { sha256: sha256(content) };
  const common = { tenant: TENANT, subject: 'ann', fileName: `${key}.csv`, contentType: 'text/csv' };
  return world.ask(TENANT, async (platform) => {
    const opening = { ...common, bytes: content.length, ...kind, idempotencyKey: key, ...more };
    const { upload } = await openUpload(platform, opening);
    return signRequests(platform, upload, wanted, '/parts');
  });
}

/** Opens an upload and sends it, all but the parts left out. */
async function send(
  world: UploadWorld,
  content: Uint8Array,
  key: string,
  more: Partial<Opening> = {},
  leaveOut: readonly number[] = [],
): Promise<Upload> {
  const { upload, requests } = await open(world, content, key, more);
  for (const request of requests) {
    const { partNumber } = request;
    if (partNumber !== undefined && leaveOut.includes(partNumber)) continue;
    const body = partNumber === undefined ? content : content.subarray((partNumber - 1) * PART, partNumber * PART);
    world.bucket.send(request, body);
  }
  return upload;
}

const complete = (world: UploadWorld, upload: Upload): Promise<Upload> =>
  world.ask(TENANT, (platform) => completeUpload(platform, upload));
const remove = (world: UploadWorld, upload: Upload): Promise<Upload | undefined> =>
  world.ask(TENANT, (platform) => deleteUpload(platform, upload));

/** Asks once, as a caller who does not wait for what cannot be had now. */
async function completeOnce(world: UploadWorld, upload: Upload): Promise<void> {
  await world.invoke('api', TENANT, (platform) => completeUpload(platform as UploadPlatform, upload));
}

/** Runs what may be refused, because something else came before it. */
async function attempt(action: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (error instanceof LonghaulError) return error.code;
    throw error;
  }
}

function isState(world: UploadWorld, ...states: Upload['state'][]): string[] {
  const found = world.uploads().map(({ state }) => state);
  return found.join() === states.join() ? [] : [`the uploads are ${found.join()}, not ${states.join()}`];
}

function hasJobs(world: UploadWorld, count: number): string[] {
  const ends = [...changesByJob(world).values()].map((changes) => changes.at(-1)!.after.state);
  const unfinished = ends.filter((state) => !isTerminal(state));
  return ends.length === count && unfinished.length === 0
    ? []
    : [`the jobs are ${ends.join()}, not ${count} that ended`];
}

export const UPLOAD_SCENARIOS: readonly UploadScenario[] = [
  {
    name: 'an upload in parts that starts a job',
    run: async (world, drive) => {
      const upload = await send(world, LARGE, 'a', { job: JOB });
      await complete(world, upload);
      await drive.rest();
    },
    expect: (world) => [...isState(world, 'stored'), ...hasJobs(world, 1)],
  },
  {
    name: 'a small upload that its event completes',
    run: async (world, drive) => {
      await send(world, SMALL, 'a', { job: JOB });
      await drive.rest();
    },
    expect: (world) => [...isState(world, 'stored'), ...hasJobs(world, 1)],
  },
  {
    name: 'an upload that is given up while its file arrives',
    run: async (world, drive) => {
      const upload = await send(world, SMALL, 'a', { job: JOB });
      await remove(world, upload);
      const signed = await attempt(() => world.ask(TENANT, (platform) => signRequests(platform, upload, [], '/parts')));
      if (signed !== 'upload-not-open')
        world.observation.breaches.push(`S9 after its end ${signed ?? 'it'} was signed`);
      await drive.rest();
      // By a request that was under way for longer than any address lives.
      world.bucket.put(upload.url, SMALL);
      await drive.rest();
    },
    // A slow deletion may find it stored: then its file is removed, and its job was started before.
    expect: (world) =>
      world.uploads()[0]?.state === 'deleted' ? [] : [...isState(world, 'aborted'), ...hasJobs(world, 0)],
  },
  {
    name: 'a stored upload that is deleted',
    run: async (world, drive) => {
      const upload = await send(world, SMALL, 'a');
      await drive.rest();
      await remove(world, upload);
      await drive.rest();
    },
    expect: (world) => isState(world, 'deleted'),
  },
  {
    name: 'an upload that nobody completes',
    run: async (world, drive) => {
      const upload = await send(world, LARGE, 'a', { job: JOB }, [2]);
      await attempt(() => complete(world, upload));
      world.clock.advance(24 * HOUR + MINUTE);
      await drive.rest();
    },
    expect: (world) => [...isState(world, 'expired'), ...hasJobs(world, 0)],
  },
  {
    name: 'an upload whose parts cannot be joined, and that is given up',
    run: async (world, drive) => {
      const upload = await send(world, LARGE, 'a', { job: JOB });
      world.bucket.refusesToJoin = true;
      await completeOnce(world, upload);
      await remove(world, upload);
      await drive.rest();
    },
    expect: (world) => [...isState(world, 'aborted'), ...hasJobs(world, 0)],
  },
  {
    name: 'an upload whose parts cannot be joined, and that nobody gives up',
    run: async (world, drive) => {
      const upload = await send(world, LARGE, 'a', { job: JOB });
      world.bucket.refusesToJoin = true;
      await completeOnce(world, upload);
      world.clock.advance(24 * HOUR + MINUTE);
      await drive.rest();
    },
    expect: (world) => [...isState(world, 'expired'), ...hasJobs(world, 0)],
  },
  {
    name: 'a file that is not the one that was announced',
    run: async (world, drive) => {
      const { upload } = await open(world, SMALL, 'a', { job: JOB });
      world.bucket.put(upload.url, OTHER);
      await drive.rest();
    },
    expect: (world) => [...isState(world, 'rejected'), ...hasJobs(world, 0)],
  },
  {
    name: 'a file in parts that is not the one that was announced',
    run: async (world, drive) => {
      const upload = await send(world, LARGE, 'a', { job: JOB });
      world.bucket.put(upload.url, SMALL);
      await attempt(() => complete(world, upload));
      await drive.rest();
    },
    expect: (world) => [...isState(world, 'rejected'), ...hasJobs(world, 0)],
  },
  {
    name: 'a dropped file, and its next version',
    run: async (world, drive) => {
      const url = new URL('s3://data/incoming/acme/numbers/a.csv');
      world.bucket.put(url, SMALL);
      await drive.rest();
      world.bucket.put(url, OTHER);
      await drive.rest();
    },
    // A dropped file has no inputs, and this process cannot do without: what is wrong is written down.
    expect: (world) => [
      ...isState(world, 'stored', 'stored'),
      ...world.uploads().flatMap(({ failure }) => (failure?.code === 'input-invalid' ? [] : ['no reason is given'])),
    ],
  },
  {
    name: 'uploads up to the quota',
    run: async (world, drive) => {
      await open(world, SMALL, 'a');
      await open(world, SMALL, 'b');
      const refused = await attempt(() => open(world, SMALL, 'c'));
      if (refused !== 'quota-exceeded') world.observation.breaches.push(`S9 a third upload was ${refused ?? 'opened'}`);
      await complete(world, await send(world, SMALL, 'a'));
      await drive.rest();
      world.clock.advance(25 * HOUR);
      await drive.rest();
    },
    // The third one may be opened after all, by a request whose sender has died and that lands when there is room.
    expect: (world) => {
      const [first, ...others] = world.uploads().map(({ state }) => state);
      const isExpected = first === 'stored' && others.every((state) => state === 'expired');
      return isExpected ? [] : [`the uploads are ${[first, ...others].join()}`];
    },
  },
  {
    name: 'jobs of uploads up to the quota',
    maxActiveJobs: 1,
    run: async (world, drive) => {
      await send(world, SMALL, 'a', { job: JOB });
      await send(world, OTHER, 'b', { job: JOB });
      await drive.rest();
    },
    expect: (world) => [...isState(world, 'stored', 'stored'), ...hasJobs(world, 2)],
  },
];
