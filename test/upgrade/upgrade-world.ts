import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { fromAttributes, fromKeyAttributes, toAttributes } from '../../shared/aws/attribute-value.ts';
import { sweep } from '../../shared/jobs/handlers/sweep.ts';
import { readJobItem } from '../../shared/jobs/items/job-item.ts';
import { jobKeyOf } from '../../shared/jobs/items/keys.ts';
import { isTerminal, type Job } from '../../shared/jobs/job.ts';
import { NOTIFICATION_QUEUE } from '../../shared/jobs/notifications.ts';
import type { LocalEngine } from '../../shared/local/local-engine.ts';
import { MemoryObjectStore } from '../../shared/local/memory-object-store.ts';
import echo from '../../shared/processes/echo/process.ts';
import ingest from '../../shared/processes/ingest/process.ts';
import rasterPreseed from '../../shared/processes/raster-preseed/process.ts';
import { sourceNotFound, sourceUnavailable } from '../../shared/sources/errors.ts';
import { ManualClock } from '../helpers/manual-clock.ts';
import { memoryReader } from '../helpers/memory-reader.ts';
import { countingIdentifiers, createMemoryEngine } from '../helpers/test-engine.ts';

const MINUTE = 60_000;
/** After so many minutes a job that goes on must have ended: its deadline is six hours at most. */
const MAX_MINUTES = 400;

type Attributes = Record<string, AttributeValue>;

/** Everything that a deployment stores, in the form in which it is stored. */
export interface StoredWorld {
  /** What the world shows, in a sentence. */
  title: string;
  /** Milliseconds since the epoch. */
  now: number;
  /** Items of the table, as DynamoDB has them. */
  rows: Attributes[];
  /** Records of the table's stream that nobody has taken. */
  records: { before?: Attributes; after?: Attributes }[];
  /** Messages of the queues, those in flight and delayed among them. */
  messages: { queue: string; body: string }[];
  deadLetters: { queue: string; body: string; attributes: Record<string, string> }[];
  /** Objects by URL. */
  objects: Record<string, StoredBytes>;
  /** Files that jobs read, by the last part of their URL; absent ones are out of reach. */
  sources: Record<string, StoredBytes>;
}

/** A text, or bytes as base64. */
export type StoredBytes = { mediaType: string } & ({ text: string } | { base64: string });

/** The engine with the processes that are released, over a table, queues and objects that can be written down. */
export class UpgradeWorld {
  readonly clock: ManualClock;
  readonly objects = new MemoryObjectStore();
  readonly engine: LocalEngine;
  readonly sources: Record<string, StoredBytes>;

  /** @param firstIdentifier above those that are stored already */
  constructor({
    now,
    sources,
    firstIdentifier = 1,
  }: {
    now?: number;
    sources?: Record<string, StoredBytes>;
    firstIdentifier?: number;
  }) {
    this.clock = new ManualClock(now);
    this.sources = { ...sources };
    this.engine = createMemoryEngine([echo, ingest, rasterPreseed], {
      objects: this.objects,
      clock: this.clock,
      sources: { open: (url) => this.#open(url) },
      identifiers: countingIdentifiers(firstIdentifier - 1),
      concurrency: 1,
    });
  }

  /** Makes a world of what was stored, as a deployment of new code finds it. */
  static async restore(stored: StoredWorld): Promise<UpgradeWorld> {
    const world = new UpgradeWorld({ now: stored.now, sources: stored.sources, firstIdentifier: 1_000 });
    const { store, queue } = world.engine;
    for (const row of stored.rows) {
      const key = fromKeyAttributes(row);
      const condition = { operator: 'absent', attribute: 'version' } as const;
      await store.write({ kind: 'put', key, item: fromAttributes(row), condition });
    }
    store.stream.take();
    for (const { before, after } of stored.records) {
      const key = fromKeyAttributes(before ?? after ?? {});
      store.stream.push({
        key,
        before: before && fromAttributes(before),
        after: after && fromAttributes(after),
        at: stored.now,
      });
    }
    for (const { queue: id, body } of stored.messages) await queue.send(id, [{ body, delaySeconds: 0, group: 'acme' }]);
    for (const { queue: id, body, attributes } of stored.deadLetters) {
      const { reasonCode = '', reasonDetail = '' } = attributes;
      await queue.sendToDeadLetters(id, body, { code: reasonCode, detail: reasonDetail });
    }
    for (const [url, object] of Object.entries(stored.objects)) {
      await world.objects.putIfAbsent(new URL(url), bytesOf(object), object.mediaType);
    }
    return world;
  }

  /** Writes down what is stored; takes the messages out of their queues. */
  capture(title: string): StoredWorld {
    const { store, queue, platform } = this.engine;
    const now = this.clock.now();
    const rows = store.items().map(({ key, item }) => toAttributes(key, item));
    const records = store.stream.take().map(({ key, before, after }) => ({
      ...(before && { before: toAttributes(key, before) }),
      ...(after && { after: toAttributes(key, after) }),
    }));
    const objects = [...this.objects.objects].map(
      ([url, { bytes, mediaType }]) => [url, stored(bytes, mediaType)] as const,
    );
    // Beyond every delay and visibility time-out.
    this.clock.advance(24 * 60 * MINUTE);
    const ids = [...platform.processes.keys(), NOTIFICATION_QUEUE];
    const messages = ids.flatMap((id) => queue.receive(id, 1_000).map(({ body }) => ({ queue: id, body })));
    const deadLetters = ids.flatMap((id) =>
      queue
        .receiveDeadLetters(id, 1_000)
        .map(({ body, attributes }) => ({ queue: id, body, attributes: { ...attributes } })),
    );
    return {
      title,
      now,
      rows,
      records,
      messages,
      deadLetters,
      objects: Object.fromEntries(objects),
      sources: this.sources,
    };
  }

  /** Lets everything go on, with a sweep each minute, until all jobs have ended. */
  async goOn(): Promise<Job[]> {
    for (let minute = 0; minute < MAX_MINUTES; minute++) {
      await this.engine.runUntilIdle();
      const isIdle = await this.#isIdle();
      if (isIdle && this.jobs().every(({ state }) => isTerminal(state))) return this.jobs();
      this.clock.advance(MINUTE);
      await sweep(this.engine.platform);
    }
    throw new Error(`the jobs had not ended after ${MAX_MINUTES} minutes`);
  }

  /** Every job that is stored, in the order of submission. */
  jobs(): Job[] {
    return this.engine.store.items().flatMap(({ key, item }) => {
      if (!key.sk.startsWith('JOB#')) return [];
      const { tenant, jobId } = jobKeyOf(key);
      return [readJobItem(tenant, jobId, item)];
    });
  }

  async #isIdle(): Promise<boolean> {
    const depths = [...this.engine.platform.processes.keys()].map((id) => this.engine.queue.depth(id));
    return (await Promise.all(depths)).every((depth) => depth === 0);
  }

  async #open(url: URL) {
    const name = url.pathname.split('/').at(-1) ?? '';
    const source = this.sources[name];
    if (source === undefined)
      throw name.startsWith('down') ? sourceUnavailable(url, 'it is down') : sourceNotFound(url);
    return memoryReader(bytesOf(source), { url, etag: '"1"' });
  }
}

export function bytesOf(object: StoredBytes): Uint8Array {
  return 'text' in object
    ? new TextEncoder().encode(object.text)
    : new Uint8Array(Buffer.from(object.base64, 'base64'));
}

/** Text where it is text, so that it can be read. */
export function stored(bytes: Uint8Array, mediaType: string): StoredBytes {
  const isText = /json/.test(mediaType);
  return isText
    ? { mediaType, text: Buffer.from(bytes).toString() }
    : { mediaType, base64: Buffer.from(bytes).toString('base64') };
}
