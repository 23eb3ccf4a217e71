import { chunkUrl } from '../../../shared/jobs/folders.ts';
import type { Job, JobKey } from '../../../shared/jobs/job.ts';
import { NOTIFICATION_QUEUE } from '../../../shared/jobs/notifications.ts';
import type { ItemKey } from '../../../shared/jobs/ports/job-store.ts';
import type { OutgoingMessage } from '../../../shared/jobs/ports/queue.ts';
import { planMessage } from '../../../shared/jobs/send-messages.ts';
import { loadShard } from '../../../shared/jobs/settle.ts';
import { submitJob } from '../../../shared/jobs/submit-job.ts';
import { Drive } from '../core/drive.ts';
import type { PortCall } from '../core/port-call.ts';
import type { Totals } from '../core/totals.ts';
import { World } from '../core/world.ts';
import { Functions } from './delivery-functions.ts';

/** Largest batch of all event sources of the stack. */
const MAX_BATCH = 10;
/** Up to here every world is brought to its rest and checked; beyond, its answer and effects are. */
const MAX_RESTED_RECORDS = 5;

/** One record of a batch, and how to make it fail. */
interface Part {
  id: string;
  /** True for a call without which the record cannot be handled. */
  needs: (call: Pick<PortCall, 'name' | 'parameters'>) => boolean;
  /** True once the effect of the record is durable. */
  isDurable: () => Promise<boolean>;
}

interface Batch {
  parts: Part[];
  /** @returns ids that are reported as failed */
  deliver: () => Promise<string[]>;
  /** Puts what failed back where its source would deliver it again. */
  release: (failed: readonly string[]) => void;
}

interface BatchKind {
  name: string;
  /** True: the same records can be delivered to the same world again, whatever became of them. */
  isRepeatable?: boolean;
  prepare: (world: World, functions: Functions, size: number) => Promise<Batch>;
}

/** Accepts a job of a dataset of so many chunks. */
async function accept(world: World, tenant: string, chunks: number, subscribed = false): Promise<Job> {
  const uri = 'https://hooks.example/';
  const subscriber = { successUri: uri, inProgressUri: uri, failedUri: uri };
  const inputs = {
    datasets: [{ id: 'a', units: chunks }],
    chunkUnits: 1,
    failing: [],
    empty: [],
    toleratedFailurePercentage: 50,
  };
  const { job } = await submitJob(world.platform, {
    tenant,
    subject: 'ann',
    processId: 'numbers',
    request: subscribed ? { inputs, subscriber } : { inputs },
  });
  world.observation.submissions.push({ tenant, jobId: job.jobId, processId: 'numbers', key: job.jobId });
  return job;
}

async function acceptMany(world: World, jobs: number, subscribed = false): Promise<Job[]> {
  const accepted: Job[] = [];
  for (let index = 0; index < jobs; index++) accepted.push(await accept(world, `tenant-${index}`, 1, subscribed));
  return accepted;
}

/** True for a call of this operation whose key, address or messages hold the text. */
function reaches(
  { name, parameters: [first, second] }: Pick<PortCall, 'name' | 'parameters'>,
  operation: string,
  text: string,
): boolean {
  if (name !== operation) return false;
  if (first instanceof URL) return first.href.includes(text);
  if (Array.isArray(second)) return (second as OutgoingMessage[]).some(({ body }) => body.includes(text));
  return (first as ItemKey).sk.includes(text);
}

const isInState = async (world: World, key: JobKey, states: readonly string[]): Promise<boolean> =>
  states.includes((await world.job(key))?.state ?? '');

function queued(world: World, queueId: string, size: number) {
  const messages = world.queue.receive(queueId, size);
  const release = (failed: readonly string[]): void => {
    for (const { messageId, receipt } of messages) if (failed.includes(messageId)) world.queue.release(receipt);
  };
  return { messages, release };
}

const BATCHES: readonly BatchKind[] = [
  {
    name: 'plans of several jobs, whose rows cannot be read',
    prepare: async (world, functions, size) => {
      const jobs = await acceptMany(world, size);
      for (const record of world.records) await world.follow(record);
      const { messages, release } = queued(world, 'numbers', size);
      return {
        parts: jobs.map((job, index) => ({
          id: messages[index]!.messageId,
          needs: (call) => reaches(call, 'store.read', job.jobId),
          isDurable: () => isInState(world, job, ['running']),
        })),
        deliver: () => functions.work('numbers', messages),
        release,
      };
    },
  },
  {
    name: 'chunks of one job, which can neither be stored nor sent again',
    prepare: async (world, functions, size) => {
      const job = await accept(world, 'acme', size);
      const drive = new Drive(world, 'once');
      while ((await world.queue.depth('numbers')) < size || !(await isInState(world, job, ['running'])))
        await drive.step();
      const { messages, release } = queued(world, 'numbers', size);
      return {
        parts: messages.map(({ messageId }, chunk) => ({
          id: messageId,
          needs: (call) =>
            reaches(call, 'objects.putIfAbsent', chunkUrl(world.platform.locations, job, 0, chunk).href) ||
            (call.name === 'queue.send' &&
              (call.parameters[1] as OutgoingMessage[]).some(
                ({ body }) => (JSON.parse(body) as { chunk?: number }).chunk === chunk,
              )),
          isDurable: async () => (await loadShard(world.platform, job, 0)).settled.has(chunk),
        })),
        deliver: () => functions.work('numbers', messages),
        release,
      };
    },
  },
  {
    name: 'changes of several jobs, whose messages cannot be sent',
    isRepeatable: true,
    prepare: async (world, functions, size) => {
      const jobs = await acceptMany(world, size);
      const { records } = world;
      const sent: string[] = [];
      const { queue } = world.platform;
      const send = queue.send.bind(queue);
      queue.send = async (queueId, messages) => {
        const refused = await send(queueId, messages);
        sent.push(...messages.map(({ body }) => body));
        return refused;
      };
      return {
        parts: jobs.map((job, index) => ({
          id: String(records[index]!.sequence),
          needs: (call) => reaches(call, 'queue.send', job.jobId),
          isDurable: () => Promise.resolve(sent.some((body) => body.includes(job.jobId))),
        })),
        deliver: async () => {
          sent.length = 0;
          const failed = await functions.follow(records);
          world.records = world.records.filter(({ sequence }) => failed.includes(String(sequence)));
          return failed;
        },
        release: () => undefined,
      };
    },
  },
  {
    name: 'dead letters of several jobs, which cannot be archived',
    prepare: async (world, functions, size) => {
      const jobs = await acceptMany(world, size);
      const reason = { code: 'attempts-exhausted', detail: 'It failed five times.' };
      for (const job of jobs) {
        await world.platform.queue.sendToDeadLetters('numbers', JSON.stringify(planMessage(job)), reason);
      }
      const messages = world.queue.receiveDeadLetters('numbers', size);
      return {
        parts: jobs.map((job, index) => ({
          id: messages[index]!.messageId,
          needs: (call) => reaches(call, 'objects.putIfAbsent', `/dead-letters/${job.tenant}/`),
          isDurable: async () => {
            const archived = `s3://data/dead-letters/${job.tenant}/numbers/${messages[index]!.messageId}.json`;
            return world.objects.objects.has(archived) && isInState(world, job, ['failed']);
          },
        })),
        deliver: () => functions.bury('numbers', messages),
        release: (failed) => {
          for (const { messageId, receipt } of messages) if (failed.includes(messageId)) world.queue.release(receipt);
        },
      };
    },
  },
  {
    name: 'notifications of several jobs, whose subscribers refuse',
    isRepeatable: true,
    prepare: async (world, functions, size) => {
      const jobs = await acceptMany(world, size, true);
      for (const job of jobs) await world.cancel(job);
      for (const record of world.records) await world.follow(record);
      const { messages, release } = queued(world, NOTIFICATION_QUEUE, size);
      return {
        parts: jobs.map((job, index) => ({
          id: messages[index]!.messageId,
          needs: ({ name }) => name === `${job.jobId}/cancelled`,
          isDurable: () => Promise.resolve(world.observation.posts.has(`${job.jobId}/cancelled`)),
        })),
        deliver: () => {
          world.observation.posts.clear();
          return functions.tell(messages);
        },
        release,
      };
    },
  },
];

/** Batches of 1 to 10 records of each source with every subset that fails: exactly those are reported, and undone. */
export async function runBatches(totals: Totals, sizes = { from: 1, to: MAX_BATCH }): Promise<void> {
  for (const kind of BATCHES) {
    for (let size = sizes.from; size <= sizes.to; size++) {
      let prepared: Prepared | undefined;
      for (let subset = 0; subset < 2 ** size; subset++) {
        const isRested = size <= MAX_RESTED_RECORDS;
        if (prepared === undefined || isRested || kind.isRepeatable !== true) prepared = await prepare(kind, size);
        await runBatch(totals, `delivery/batch/${kind.name}/${size}`, prepared, { subset, isRested });
      }
    }
  }
}

interface Prepared {
  world: World;
  batch: Batch;
  /** Records that fail from now on. */
  failing: Part[];
}

async function prepare(kind: BatchKind, size: number): Promise<Prepared> {
  const failing: Part[] = [];
  const world = new World({ decide: (call) => (failing.some(({ needs }) => needs(call)) ? 'throttle' : undefined) });
  // A subscriber is no port: its call is known by the name of its Idempotency-Key.
  const functions = new Functions(world, (name) =>
    failing.some(({ needs }) => needs({ name, parameters: [] })) ? 503 : 204,
  );
  return { world, batch: await kind.prepare(world, functions, size), failing };
}

async function runBatch(
  totals: Totals,
  path: string,
  { world, batch: { parts, deliver, release }, failing }: Prepared,
  { subset, isRested }: { subset: number; isRested: boolean },
): Promise<void> {
  failing.push(...parts.filter((_, index) => (subset & (2 ** index)) !== 0));
  const failed = await deliver();
  const breaches: string[] = [];
  for (const [index, part] of parts.entries()) {
    const isToFail = failing.includes(part);
    if (failed.includes(part.id) !== isToFail)
      breaches.push(`S11 record ${index} is ${isToFail ? 'not ' : ''}reported`);
    if ((await part.isDurable()) === isToFail) breaches.push(`S11 record ${index} is ${isToFail ? '' : 'not '}durable`);
  }
  if (failed.length !== failing.length)
    breaches.push(`S11 ${failed.length} of ${failing.length} failures are reported`);
  failing.length = 0;
  const named = `${path}/${subset.toString(2).padStart(parts.length, '0')}`;
  if (isRested) {
    release(failed);
    await new Drive(world, 'once').rest();
    await totals.add(named, world, breaches);
    return;
  }
  totals.count(named, world, breaches, 1);
  // The same world may serve for the next subset: what was counted is not counted again.
  world.fired.length = 0;
  world.observation.conditions.clear();
}
