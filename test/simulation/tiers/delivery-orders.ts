import type { Job, JobKey, JobState } from '../../../shared/jobs/job.ts';
import type { JobMessage } from '../../../shared/jobs/messages.ts';
import { chunkMessages, finishMessage, planMessage } from '../../../shared/jobs/send-messages.ts';
import { Drive } from '../core/drive.ts';
import { submit } from '../core/scenarios.ts';
import type { Totals } from '../core/totals.ts';
import { World } from '../core/world.ts';
import { Functions, message } from './delivery-functions.ts';

/** Messages and records in one order, with repetitions. */
const MAX_DELIVERIES = 4;
/** Changes of the job's row in its undisturbed life, from its acceptance to its end. */
const RECORDS = 5;
/** Steps of an undisturbed life, and some after it. */
const LIFE_STEPS = 14;
/** Attempts of a message: the first, and the last that its process allows. */
const ATTEMPTS = [1, 5] as const;
/** Steps between the redrive of a message that had died and what came before it. */
const STEPS_AFTER_DEATH = 6;
const INPUTS = { datasets: [{ id: 'a', units: 3 }] };
const DATASETS = [{ id: 'a', units: 3, chunkUnits: 2 }];

/** What becomes of the job of three units in two chunks when nothing is lost. */
const WHOLE = { state: 'succeeded', counts: '3/0/0/4', text: '0 1 2' };

/** Every message that the job of the tier is worked on with, by a name for its place in a path. */
function messagesOf(job: JobKey): ReadonlyMap<string, JobMessage> {
  const [first, second] = chunkMessages(job, DATASETS, 0);
  return new Map<string, JobMessage>([
    ['plan', planMessage(job)],
    ['chunk-0', first!],
    ['chunk-1', second!],
    ['finish', finishMessage(job)],
  ]);
}
const MESSAGES = ['plan', 'chunk-0', 'chunk-1', 'finish'] as const;
const SYMBOLS = [...MESSAGES, ...Array.from({ length: RECORDS }, (_, index) => `record-${index}`)];

async function ended(
  world: World,
  key: JobKey,
  expected: { state: string; counts?: string; text?: string | undefined },
): Promise<string[]> {
  const job = await world.job(key);
  const [{ done, failed, skipped, bytes } = { done: 0, failed: 0, skipped: 0, bytes: 0 }] = job?.counts ?? [];
  const found = { state: job?.state, counts: `${done}/${failed}/${skipped}/${bytes}`, text: world.text(key, 'a') };
  return Object.entries(expected).flatMap(([what, wanted]) => {
    const is = found[what as keyof typeof found];
    return is === wanted ? [] : [`the job has the ${what} ${is}, not ${wanted}`];
  });
}

/** Every order of up to four of a job's messages and records, with repetitions, each delivered for the first time. */
export async function runOrders(totals: Totals, longest = MAX_DELIVERIES): Promise<void> {
  const extend = async (before: readonly string[]): Promise<void> => {
    for (const symbol of SYMBOLS) {
      const order = [...before, symbol];
      // A record that is not written yet cannot be delivered, nor anything after it.
      if ((await runOrder(totals, order)) && order.length < longest) await extend(order);
    }
  };
  await extend([]);
}

/** The same, in one batch of the worker: messages are handled side by side. */
export async function runOrdersInBatches(totals: Totals): Promise<void> {
  const extend = async (before: readonly string[]): Promise<void> => {
    for (const name of MESSAGES) {
      const order = [...before, name];
      const world = new World();
      const functions = new Functions(world);
      const job = await submit(world, INPUTS);
      const messages = messagesOf(job);
      const batch = order.map((each, index) => message(`duplicate-${index}`, JSON.stringify(messages.get(each))));
      const failed = await functions.work('numbers', batch);
      await new Drive(world, 'once').rest();
      const breaches = failed.map((id) => `S11 ${id} is reported as failed`);
      await totals.add(`delivery/order-in-batch/${order.join()}`, world, [
        ...breaches,
        ...(await ended(world, job, WHOLE)),
      ]);
      if (order.length < MAX_DELIVERIES) await extend(order);
    }
  };
  await extend([]);
}

/** @returns false when the order cannot be, because its last record is not there yet */
async function runOrder(totals: Totals, order: readonly string[]): Promise<boolean> {
  const world = new World();
  const functions = new Functions(world);
  const job = await submit(world, INPUTS);
  const messages = messagesOf(job);
  const breaches: string[] = [];
  for (const [index, symbol] of order.entries()) {
    const body = messages.get(symbol);
    // Records are not taken off the stream here: all that were written are there to be delivered once more.
    const record = world.records[Number(symbol.replace('record-', ''))];
    if (body === undefined && record === undefined) return false;
    const failed =
      body === undefined
        ? await functions.follow([record!])
        : await functions.work('numbers', [message(`duplicate-${index}`, JSON.stringify(body))]);
    breaches.push(...failed.map((id) => `S11 ${id} is reported as failed`));
  }
  await new Drive(world, 'once').rest();
  await totals.add(`delivery/order/${order.join()}`, world, [...breaches, ...(await ended(world, job, WHOLE))]);
  return true;
}

/** Each message is put back from a dead-letter queue at each point of the life of its job: it has a new id, and receive count 1. */
export async function runRedrives(totals: Totals): Promise<void> {
  for (const name of MESSAGES) {
    for (const attempt of ATTEMPTS) {
      for (let steps = 0; steps <= LIFE_STEPS; steps++) {
        const world = new World();
        const drive = new Drive(world, 'once');
        const job = await submit(world, INPUTS);
        for (let step = 0; step < steps; step++) await drive.step();
        await redrive(world, JSON.stringify({ ...messagesOf(job).get(name), attempt }));
        await drive.rest();
        await totals.add(`delivery/redrive/${name}/${attempt}/${steps}`, world, await ended(world, job, WHOLE));
      }
    }
  }
}

/** What a message's death leads to, when its dead letter is handled before it is put back. */
const AFTER_DEATH: Readonly<Record<(typeof MESSAGES)[number], { state: JobState; text: string | undefined }>> = {
  plan: { state: 'failed', text: undefined },
  'chunk-0': { state: 'failed', text: undefined },
  'chunk-1': { state: 'partial', text: '0 1' },
  finish: { state: 'failed', text: undefined },
};

/** Each message dies of five receives that end without an answer, and is put back before or after it was given up. */
export async function runRedrivesAfterDeath(totals: Totals): Promise<void> {
  for (const name of MESSAGES) {
    for (const order of ['before-giving-up', 'after-giving-up'] as const) {
      for (let steps = 0; steps <= STEPS_AFTER_DEATH; steps++) {
        const world = new World();
        const job = await submit(world, INPUTS);
        const body = JSON.stringify(messagesOf(job).get(name));
        await workUntilDead(world, body);
        const [letter] = world.queue.receiveDeadLetters('numbers', 1);
        const drive = new Drive(world, 'once');
        const step = async (): Promise<void> => {
          for (let each = 0; each < steps; each++) await drive.step();
        };
        if (letter === undefined) throw new TypeError(`${name} did not die`);
        if (order === 'after-giving-up') {
          await world.bury('numbers', letter);
          await step();
        } else {
          await step();
          world.remove(letter.receipt, 'dead');
        }
        await redrive(world, body);
        await drive.rest();
        const breaches = await ended(world, job, order === 'after-giving-up' ? AFTER_DEATH[name] : WHOLE);
        await totals.add(`delivery/redrive-after-death/${name}/${order}/${steps}`, world, breaches);
      }
    }
  }
}

/** Works, but for one message: whoever is given that never comes back. */
async function workUntilDead(world: World, body: string): Promise<void> {
  for (;;) {
    for (const record of world.records) await world.follow(record);
    const [received] = world.queue.receive('numbers', 1);
    if (received === undefined) return;
    if (received.body === body) world.queue.release(received.receipt);
    else await world.work('numbers', received);
  }
}

/** An operator moves a message from a dead-letter queue back to its queue. */
async function redrive(world: World, body: string): Promise<void> {
  world.observation.queue.sent++;
  const { tenant } = JSON.parse(body) as Job;
  await world.queue.send('numbers', [{ body, delaySeconds: 0, group: tenant }]);
}
