import { z } from 'zod';
import { sweep } from '../../../shared/jobs/handlers/sweep.ts';
import { numberOf } from '../../../shared/jobs/items/attributes.ts';
import { QUOTA_KEY } from '../../../shared/jobs/items/keys.ts';
import type { Platform } from '../../../shared/jobs/platform.ts';
import type { Item, ItemKey, JobStore, Write } from '../../../shared/jobs/ports/job-store.ts';
import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import { MemoryUploadObjects, type MemoryObjectEvent } from '../../../shared/local/memory-upload-objects.ts';
import { handleObjectCreated } from '../../../shared/uploads/handlers/handle-object-created.ts';
import { dueUploads } from '../../../shared/uploads/handlers/sweep-uploads.ts';
import { UPLOAD_PREFIX, uploadItemKey, uploadKeyOf } from '../../../shared/uploads/keys.ts';
import type { UploadPlatform, UploadQuotas } from '../../../shared/uploads/platform.ts';
import type { UploadObjects } from '../../../shared/uploads/ports/upload-objects.ts';
import { UPLOAD_TRANSITIONS } from '../../../shared/uploads/state-machine.ts';
import type { Upload } from '../../../shared/uploads/upload.ts';
import { readUploadItem } from '../../../shared/uploads/upload-item.ts';
import { numbersProcess } from '../../helpers/numbers-process.ts';
import type { Invocation } from '../core/port-call.ts';
import { MINUTE, World, type Outcome, type WorldOptions } from '../core/world.ts';

const HOUR = 60 * MINUTE;

/** Deliveries of one event before its queue gives it up, each a visibility after the one before. */
const MAX_RECEIVES = 5;

export const QUOTAS: UploadQuotas = { maxStoredBytes: 30_000_000, maxInFlightBytes: 20_000_000, maxOpenUploads: 2 };

/** Counters of the quota item, with the limit of each. */
const LIMITS: Readonly<Record<string, number>> = {
  committedBytes: QUOTAS.maxStoredBytes,
  inFlightBytes: QUOTAS.maxInFlightBytes,
  openUploads: QUOTAS.maxOpenUploads,
};

/** A bucket that may refuse to join parts, as S3 does when one was replaced in that moment. */
class Bucket extends MemoryUploadObjects {
  refusesToJoin = false;

  override async completeMultipart(
    ...parameters: Parameters<UploadObjects['completeMultipart']>
  ): ReturnType<UploadObjects['completeMultipart']> {
    return this.refusesToJoin ? 'refused' : super.completeMultipart(...parameters);
  }
}

/** An event of the bucket that was not handled yet. */
export interface PendingEvent extends MemoryObjectEvent {
  receives: number;
  visibleAt: number;
}

export interface UploadWorldOptions extends WorldOptions {
  maxActiveJobs?: number;
}

/** The world with a bucket that takes uploads, and the function that follows its events. */
export class UploadWorld extends World {
  readonly bucket = new Bucket({ clock: this.clock });
  readonly steps = new Set<string>();
  events: PendingEvent[] = [];
  /** Objects whose event its queue gave up: a dead letter with an alarm names each. */
  readonly deadEvents = new Set<string>();
  readonly #rows = new Map<string, Upload>();
  readonly #maxActiveJobs: number | undefined;

  constructor({ maxActiveJobs, ...options }: UploadWorldOptions = {}) {
    super(options);
    this.#maxActiveJobs = maxActiveJobs;
    const { platform } = this;
    const process = processWithSource();
    Object.assign(platform, {
      processes: new Map([...platform.processes, [process.id, process]]),
      limits: () => ({
        maxUnits: 1e12,
        maxOutputBytes: 1e15,
        ...(maxActiveJobs === undefined ? {} : { maxActiveJobs }),
      }),
      store: this.#watchedStore(platform.store),
    });
  }

  override async invoke<T>(
    role: string,
    tenant: string | undefined,
    handler: (platform: Platform, invocation: Invocation) => Promise<T>,
  ): Promise<Outcome<T>> {
    return super.invoke(role, tenant, (platform, invocation) =>
      handler(this.#withUploads(platform, invocation), invocation),
    );
  }

  /** A caller of the API of uploads. @throws a final refusal */
  async ask<T>(tenant: string, request: (platform: UploadPlatform) => Promise<T>): Promise<T> {
    return this.call(tenant, (platform) => request(platform as UploadPlatform));
  }

  override async sweep(): Promise<void> {
    await this.consume('sweeper', undefined, (platform) => sweep(platform, [dueUploads(platform as UploadPlatform)]));
  }

  /** Takes the events of objects that have appeared. */
  collect(): void {
    const now = this.clock.now();
    this.events.push(...this.bucket.takeEvents().map((event) => ({ ...event, receives: 0, visibleAt: now })));
  }

  /** Handles one event; it goes once it was handled, or was tried as often as its queue does. */
  async followEvent(event: PendingEvent, times: 'once' | 'again' = 'once'): Promise<void> {
    event.receives++;
    const outcome = await this.consume('uploads', undefined, (platform) =>
      handleObjectCreated(platform as UploadPlatform, event.url, event.versionId),
    );
    if (outcome.how !== 'done' && event.receives >= MAX_RECEIVES) this.deadEvents.add(event.url.href);
    if (times === 'again') return;
    if (outcome.how === 'done' || event.receives >= MAX_RECEIVES) {
      this.events = this.events.filter((each) => each !== event);
    } else event.visibleAt = this.clock.now() + MINUTE;
  }

  /** What is open may be waited for longer than a world is: it is at rest when it will only be looked at to expire. */
  override isAtRest(): boolean {
    const soon = this.clock.now() + HOUR;
    const isDone = ({ state, dueAt }: Upload): boolean => dueAt === undefined || (state === 'open' && dueAt > soon);
    return super.isAtRest() && this.events.length === 0 && this.uploads().every(isDone);
  }

  uploads(): Upload[] {
    return this.store.items().flatMap(({ key, item }) => {
      if (!key.sk.startsWith(UPLOAD_PREFIX)) return [];
      const { tenant, uploadId } = uploadKeyOf(key);
      return [readUploadItem(tenant, uploadId, item)];
    });
  }

  #withUploads(platform: Platform, invocation: Invocation): UploadPlatform {
    const { bucket } = this;
    const wrap = <Name extends keyof UploadObjects>(name: Name): UploadObjects[Name] =>
      (async (...parameters: unknown[]) => {
        if (name.startsWith('sign')) await this.#mustBeReserved(parameters[0] as URL);
        const effect = bucket[name] as (...given: unknown[]) => Promise<unknown>;
        return this.ports.call(invocation, `bucket.${name}`, parameters, () => effect.apply(bucket, parameters));
      }) as UploadObjects[Name];
    return {
      ...platform,
      uploadObjects: {
        createMultipart: wrap('createMultipart'),
        signPut: wrap('signPut'),
        signPart: wrap('signPart'),
        listParts: wrap('listParts'),
        completeMultipart: wrap('completeMultipart'),
        abortMultipart: wrap('abortMultipart'),
        stat: wrap('stat'),
        readStart: wrap('readStart'),
        deleteVersion: wrap('deleteVersion'),
      },
      quotas: () => QUOTAS,
      uploadLocations: { uploads: new URL('s3://data/uploads/'), incoming: new URL('s3://data/incoming/') },
    };
  }

  /** S9: nothing is signed whose bytes are not reserved. */
  async #mustBeReserved(url: URL): Promise<void> {
    const [, , tenant = '', uploadId = ''] = url.pathname.split('/');
    const item = await this.store.read(uploadItemKey({ tenant, uploadId }), { consistent: true });
    if (item?.['state'] === 'open') return;
    this.observation.breaches.push(`S9 ${url.pathname} was signed while it was ${JSON.stringify(item?.['state'])}`);
  }

  /** Sees every change of uploads and quotas, whatever its caller is told. */
  #watchedStore(store: JobStore): JobStore {
    const see = async (writes: readonly Write[]): Promise<void> => {
      for (const { key } of writes) {
        const item = await this.store.read(key, { consistent: true });
        if (item === undefined) continue;
        if (key.sk === QUOTA_KEY) this.#seeQuota(item);
        if (key.sk.startsWith(UPLOAD_PREFIX)) this.#seeUpload(key, item);
      }
    };
    return {
      read: (...p) => store.read(...p),
      list: (...p) => store.list(...p),
      listDue: (...p) => store.listDue(...p),
      write: async (write) => {
        const outcome = await store.write(write);
        await see([write]);
        return outcome;
      },
      transact: async (writes, token) => {
        const outcome = await store.transact(writes, token);
        await see(writes);
        return outcome;
      },
    };
  }

  /** S9: what is in use is never below nothing and never above its limit. */
  #seeQuota(item: Item): void {
    const limits = { ...LIMITS, activeJobs: this.#maxActiveJobs ?? 0 };
    for (const [counter, limit] of Object.entries(limits)) {
      const value = numberOf(item, counter);
      if (value >= 0 && value <= limit) continue;
      this.observation.breaches.push(`S9 ${counter} is ${value} of ${limit}`);
    }
  }

  /** S18: versions of a row go up by one, and every step is in the table. */
  #seeUpload(key: ItemKey, item: Item): void {
    const { tenant, uploadId } = uploadKeyOf(key);
    const after = readUploadItem(tenant, uploadId, item);
    const before = this.#rows.get(key.sk);
    if (before?.version === after.version) return;
    this.#rows.set(key.sk, after);
    const isNext = after.version === (before?.version ?? 0) + 1;
    if (!isNext)
      this.observation.breaches.push(`S18 ${uploadId} went from version ${before?.version} to ${after.version}`);
    if (before === undefined || before.state === after.state) return;
    this.steps.add(`${before.state} → ${after.state}`);
    const isStep = UPLOAD_TRANSITIONS.some(({ from, to }) => from === before.state && to === after.state);
    if (!isStep) this.observation.breaches.push(`S18 ${uploadId}: ${before.state} to ${after.state} is no step`);
  }
}

/** The process of the world, that also takes a file: it does nothing with it but to have been started with it. */
function processWithSource(): ProcessDefinition {
  const numbers = numbersProcess();
  const inputs = numbers.inputs.extend({ source: z.string().exactOptional() });
  return { ...numbers, inputs, sourceInputs: ['/source'] };
}
