import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';
import type { Job } from '../../../shared/jobs/job.ts';
import { NOTIFICATION_QUEUE } from '../../../shared/jobs/notifications.ts';
import type { OutgoingMessage } from '../../../shared/jobs/ports/queue.ts';
import { chunkMessages } from '../../../shared/jobs/send-messages.ts';
import type { ReceivedMessage } from '../../../shared/local/memory-lane.ts';
import { submit } from '../core/scenarios.ts';
import type { Totals } from '../core/totals.ts';
import { VISIBILITY, World } from '../core/world.ts';
import { Functions, message, streamRecord } from './delivery-functions.ts';
import { poisonBodies, type Named } from './delivery-poison-bodies.ts';

const DATASETS = [{ id: 'a', units: 3, chunkUnits: 2 }];
const DEAD_LETTERS = 's3://data/dead-letters/';
const REASON = { code: 'attempts-exhausted', detail: 'It failed five times.' };

/** A world in which one job has two chunks to run, and another tenant's job of another process was accepted. */
async function prepare(): Promise<Named & { world: World; functions: Functions; sent: OutgoingMessage[] }> {
  const world = new World();
  const functions = new Functions(world);
  const job = await submit(world, { datasets: [{ id: 'a', units: 3 }] });
  const elsewhere = await submit(world, { datasets: [] }, { tenant: 'bolt', processId: 'letters', key: 'other' });
  for (const record of world.records) await world.follow(record);
  for (const plan of world.queue.receive('numbers', 1)) await world.work('numbers', plan);
  world.records = [];
  await world.purge('numbers');
  await world.purge('letters');
  await world.purge(NOTIFICATION_QUEUE);
  const sent: OutgoingMessage[] = [];
  const { queue } = world.platform;
  const send = queue.send.bind(queue);
  queue.send = async (queueId, messages) => {
    const refused = await send(queueId, messages);
    sent.push(...messages);
    return refused;
  };
  return { world, functions, sent, job, elsewhere };
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

/** All that is stored, but for what is said of dead letters. */
function stored({ world, sent }: Prepared): unknown {
  const items = world.store.items().filter(({ key }) => !key.sk.startsWith('DEADLETTER#'));
  const objects = [...world.objects.objects].filter(([url]) => !url.startsWith(DEAD_LETTERS));
  return { items, objects, sent: [...sent], posts: new Map(world.observation.posts) };
}

/** The archived envelopes, parsed. */
function archived({ world }: Prepared): { body?: string; after?: unknown }[] {
  return [...world.objects.objects]
    .filter(([url]) => url.startsWith(DEAD_LETTERS))
    .map(([, { bytes }]) => JSON.parse(new TextDecoder().decode(bytes)) as { body?: string });
}

function isArchived(prepared: Prepared, body: string): boolean {
  return archived(prepared).some((envelope) => envelope.body === body);
}

/** Two good messages of the job for a consumer, between which poison is put. */
interface Consumer {
  name: string;
  good: (job: Job) => [string, string];
  /** @returns what is wrong with how the poison was handled; `poison` undefined delivers the good ones alone */
  deliver: (prepared: Prepared, good: readonly [string, string], poison: string | undefined) => Promise<string[]>;
}

const batch = ([first, last]: readonly [string, string], poison: string | undefined): ReceivedMessage[] => [
  message('good-0', first),
  ...(poison === undefined ? [] : [message('poison', poison)]),
  message('good-1', last),
];

const CONSUMERS: readonly Consumer[] = [
  {
    name: 'worker',
    good: (job) => bodies(chunkMessages(job, DATASETS, 0)),
    deliver: async (prepared, good, poison) => {
      const { world, functions } = prepared;
      const failed = await functions.work('numbers', batch(good, poison));
      const letters = world.queue.receiveDeadLetters('numbers', 10);
      const before = stored(prepared);
      failed.push(...(await functions.bury('numbers', letters)));
      return [
        ...failed.map((id) => `S11 ${id} is reported as failed`),
        ...(letters.length === (poison === undefined ? 0 : 1) ? [] : [`S10 there are ${letters.length} dead letters`]),
        ...(isDeepStrictEqual(before, stored(prepared)) ? [] : ['S11 its dead letter changed what is stored']),
      ];
    },
  },
  {
    name: 'dead-letters',
    good: (job) => bodies(chunkMessages(job, DATASETS, 0)),
    deliver: async ({ functions }, good, poison) => {
      const letters = batch(good, poison).map((each) => ({
        ...each,
        attributes: { reasonCode: REASON.code, reasonDetail: REASON.detail },
      }));
      const failed = await functions.bury('numbers', letters);
      return failed.map((id) => `S11 ${id} is reported as failed`);
    },
  },
  {
    name: 'notifications',
    good: ({ tenant, jobId }) => {
      const about = (event: string): string => JSON.stringify({ schema: 1, tenant, jobId, event, attempt: 1 });
      return [about('running'), about('failed')];
    },
    deliver: async ({ world, functions }, good, poison) => {
      const failed = await functions.tell(batch(good, undefined));
      if (poison === undefined) return failed;
      // It is not handled, but delivered again until its queue puts it with the dead letters.
      world.observation.queue.sent++;
      await world.queue.send(NOTIFICATION_QUEUE, [{ body: poison, delaySeconds: 0, group: 'acme' }]);
      for (;;) {
        const received = world.queue.receive(NOTIFICATION_QUEUE, 1);
        if (received.length === 0) break;
        const [first, last] = batch(good, undefined);
        const now = await functions.tell([first!, ...received, last!]);
        if (now.join() !== received[0]!.messageId) failed.push(...now);
        world.clock.advance(VISIBILITY);
      }
      failed.push(
        ...(await functions.bury(NOTIFICATION_QUEUE, world.queue.receiveDeadLetters(NOTIFICATION_QUEUE, 10))),
      );
      // Each delivery called the good ones again: once is what counts.
      for (const key of world.observation.posts.keys()) world.observation.posts.set(key, 1);
      return failed.map((id) => `S11 ${id} is reported as failed`);
    },
  },
];

function bodies([first, second]: readonly object[]): [string, string] {
  return [JSON.stringify(first), JSON.stringify(second)];
}

/** Every poison body between two good messages of every consumer: it is archived whole, and changes nothing. */
export async function runPoisonBodies(totals: Totals): Promise<number> {
  const names = poisonBodies(await prepare()).map(([name]) => name);
  for (const { name: consumer, good, deliver } of CONSUMERS) {
    const alone = await prepare();
    const breaches = await deliver(alone, good(alone.job), undefined);
    totals.count(`delivery/poison/${consumer}/none`, alone.world, breaches, 1);
    for (const [index, name] of names.entries()) {
      const prepared = await prepare();
      const poison = poisonBodies(prepared)[index]![1];
      const wrong = await deliver(prepared, good(prepared.job), poison);
      if (!isArchived(prepared, poison)) wrong.push('S10 it is not archived whole');
      if (!isDeepStrictEqual(stored(prepared), stored(alone))) wrong.push('S11 it changed what is stored or sent');
      totals.count(`delivery/poison/${consumer}/${name}`, prepared.world, wrong, 3);
    }
  }
  return names.length;
}

type Image = Record<string, AttributeValue>;

const WRONG_VALUES: Readonly<Record<string, AttributeValue>> = {
  text: { S: 'x' },
  map: { M: {} },
  list: { L: [] },
  boolean: { BOOL: true },
  set: { NS: ['1'] },
  'beyond 2^53': { N: '9007199254740993' },
};
const NUMBERS = ['version', 'createdAt', 'updatedAt', 'deadlineAt', 'nextShard'] as const;
const TEXTS = ['processId', 'processVersion', 'subject', 'state'] as const;

/** Images of a row that cannot be read, by what is wrong with them. */
export function poisonImages(): [string, (image: Image) => Image][] {
  const wrong = Object.entries(WRONG_VALUES);
  const set = (attribute: string, value: AttributeValue) => (image: Image) => ({ ...image, [attribute]: value });
  const numbers = NUMBERS.flatMap((attribute) =>
    wrong.map(([what, value]): [string, (image: Image) => Image] => [
      `${attribute} is a ${what}`,
      set(attribute, value),
    ]),
  );
  const texts = TEXTS.flatMap((attribute): [string, (image: Image) => Image][] => [
    ...wrong
      .filter(([what]) => what !== 'text')
      .map(([what, value]): [string, (image: Image) => Image] => [`${attribute} is a ${what}`, set(attribute, value)]),
    [
      `${attribute} is absent`,
      (image) => Object.fromEntries(Object.entries(image).filter(([name]) => name !== attribute)),
    ],
  ]);
  return [
    ...numbers,
    ...texts,
    ['the state is unknown', set('state', { S: 'paused' })],
    ['the state is __proto__', set('state', { S: '__proto__' })],
    ['the process is unknown', set('processId', { S: 'nothing' })],
    ['the datasets are a number', set('datasets', { N: '3' })],
    ['a number has 38 digits', set('version', { N: '9'.repeat(38) })],
    ['an unknown type', set('version', { X: '1' } as unknown as AttributeValue)],
    ['an attribute without a value', set('version', {} as AttributeValue)],
    ['a row of 400 kB', (image) => ({ ...image, state: { S: 'x'.repeat(400 * 1024) } })],
  ];
}

/** Every image that cannot be read, between the records of two jobs: it is put aside whole, and holds up nobody. */
export async function runPoisonImages(totals: Totals): Promise<number> {
  const images = poisonImages();
  for (const [name, change] of images) {
    const prepared = await prepare();
    const { world, functions, sent } = prepared;
    await submit(world, { datasets: [] }, { key: 'before' });
    const good = await submit(world, { datasets: [] }, { key: 'poisoned' });
    await submit(world, { datasets: [] }, { key: 'after' });
    const records = world.records.map(streamRecord);
    const [poisoned] = records.splice(1, 1);
    if (poisoned?.dynamodb?.NewImage === undefined) throw new TypeError('there is no record to poison');
    const poison: DynamoDBRecord = {
      ...poisoned,
      dynamodb: { ...poisoned.dynamodb, NewImage: change(poisoned.dynamodb.NewImage) },
    };
    const before = stored({ ...prepared, sent: [] });
    const failed = await functions.followRecords([records[0]!, poison, records[1]!]);
    const envelopes = archived(prepared).filter(({ after }) => after !== undefined);
    const isSent = sent.length === 2 && !sent.some(({ body }) => body.includes(good.jobId));
    totals.count(
      `delivery/poison/stream/${name}`,
      world,
      [
        ...failed.map((id) => `S11 ${id} is reported as failed`),
        ...(envelopes.length === 1 ? [] : [`S10 ${envelopes.length} records are archived`]),
        ...(isSent ? [] : [`S11 ${sent.length} messages are sent`]),
        ...(isDeepStrictEqual(before, stored({ ...prepared, sent: [] })) ? [] : ['S11 it changed what is stored']),
      ],
      3,
    );
  }
  return images.length;
}
