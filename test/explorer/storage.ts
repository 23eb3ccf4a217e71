import type { StreamRecord } from '../../shared/jobs/handlers/handle-stream-record.ts';
import { JOB_PREFIX } from '../../shared/jobs/items/keys.ts';
import type { Item, ItemKey, Value } from '../../shared/jobs/ports/job-store.ts';
import { MemoryJobStore } from '../../shared/local/memory-job-store.ts';
import { MemoryObjectStore, type StoredObject } from '../../shared/local/memory-object-store.ts';
import { ManualClock } from '../helpers/manual-clock.ts';
import { canonical, Interner, type Answer, type ObjectCall, type StoreCall } from './calls.ts';
import { checkChange, type Invariant } from './checks.ts';
import { NOW } from './small-job.ts';
import { normalForm, type Entry } from './time-classes.ts';

export interface TableEffect {
  answer: Answer;
  table: number;
  /** Numbers of the stream's records, in their order. */
  records: number[];
  broken: Invariant[];
}

export interface ObjectEffect {
  answer: Answer;
  objects: number;
  broken: Invariant[];
}

export type Objects = ReadonlyMap<string, StoredObject>;

/** Table and objects as values: a call takes one to the next, through the real adapters in memory. */
export class Storage {
  readonly tables = new Interner<Entry[]>();
  readonly objects = new Interner<Objects>();
  readonly records = new Interner<StreamRecord>();
  /** What was first written to each URL. */
  readonly #written = new Map<string, string>();

  number(table: readonly Entry[]): number {
    return this.tables.number(normalForm(table));
  }

  async applyToTable(number: number, call: StoreCall): Promise<TableEffect> {
    const entries = this.tables.value(number);
    const store = new MemoryJobStore({ clock: new ManualClock(NOW) });
    for (const { key, item } of entries) {
      await store.write({ kind: 'put', key, item, condition: { operator: 'absent', attribute: 'pk' } });
    }
    store.stream.take();
    const answer: Answer = { value: await performOnStore(store, call) };
    const changes = store.stream.take();
    if (changes.length === 0) return { answer, table: number, records: [], broken: [] };
    const changed = new Set(changes.map(({ key }) => key.sk));
    const before = new Map(entries.map((entry) => [entry.key.sk, entry]));
    // What did not change is the same object, so that a check can tell.
    const after = store.items().map((entry) => (changed.has(entry.key.sk) ? entry : before.get(entry.key.sk)!));
    const records = changes.filter(({ key }) => key.sk.startsWith(JOB_PREFIX)).map((change) => this.recordOf(change));
    return { answer, table: this.number(after), records, broken: checkChange(entries, after) };
  }

  async applyToObjects(number: number, call: ObjectCall): Promise<ObjectEffect> {
    const stored = this.objects.value(number);
    const store = new MemoryObjectStore();
    for (const [url, { bytes, mediaType }] of stored) await store.putIfAbsent(new URL(url), bytes, mediaType);
    const answer: Answer = { value: await performOnObjects(store, call) };
    const broken = this.#differs(call) ? (['same-object-same-bytes'] as const) : [];
    const isChanged = store.objects.size !== stored.size;
    const objects = isChanged ? this.objects.number(store.objects, [...store.objects.keys()].sort().join(' ')) : number;
    return { answer, objects, broken: [...broken] };
  }

  /** The number of a change, as the stream's consumer is shown it. */
  recordOf({ key, before, after }: Pick<StreamRecord, 'key' | 'before' | 'after'>): number {
    const image = (item: typeof after): typeof after => item && withoutTimes(key, item);
    return this.records.number({ sequence: '1', key, before: image(before), after: image(after) });
  }

  /** Objects are known by their URLs; that holds only while whoever writes one writes the same. */
  #differs(call: ObjectCall): boolean {
    if (call.operation !== 'putIfAbsent' && call.operation !== 'upload') return false;
    const [url, ...content] = call.operation === 'upload' ? [call.parameters[0], call.parameters[2]] : call.parameters;
    const text = canonical(content);
    const first = this.#written.get(url.href);
    if (first === undefined) this.#written.set(url.href, text);
    return first !== undefined && first !== text;
  }
}

/** An image of the stream: whoever follows a change looks at no time. */
function withoutTimes(key: ItemKey, item: Item): Item {
  const image: Record<string, Value> = { ...normalForm([{ key, item }])[0]?.item, updatedAt: NOW, deadlineAt: NOW };
  for (const name of ['dueAt', 'leaseUntil', 'leaseToken']) delete image[name];
  return image;
}

function performOnStore(store: MemoryJobStore, call: StoreCall): Promise<unknown> {
  switch (call.operation) {
    case 'read':
      return store.read(...call.parameters);
    case 'list':
      return store.list(...call.parameters);
    case 'listDue':
      return store.listDue(...call.parameters);
    case 'write':
      return store.write(...call.parameters);
    case 'transact':
      return store.transact(...call.parameters);
  }
}

async function performOnObjects(store: MemoryObjectStore, call: ObjectCall): Promise<unknown> {
  switch (call.operation) {
    case 'putIfAbsent':
      return store.putIfAbsent(...call.parameters);
    case 'get':
      return store.get(...call.parameters);
    case 'getRange':
      return store.getRange(...call.parameters);
    case 'list':
      return store.list(...call.parameters);
    case 'delete':
      return store.delete(...call.parameters);
    case 'upload': {
      const [url, mediaType, parts] = call.parameters;
      const upload = await store.createUpload(url, mediaType);
      for (const [number, bytes] of parts) await upload.putPart(number, bytes);
      return upload.complete();
    }
  }
}
