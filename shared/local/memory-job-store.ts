import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../jobs/ports/clock.ts';
import type {
  Item,
  ItemKey,
  JobStore,
  ListPage,
  ListQuery,
  TransactionOutcome,
  Write,
  WriteOutcome,
} from '../jobs/ports/job-store.ts';
import { checkList } from '../adapters/check-list.ts';
import { checkKey, checkTransaction, checkWrite } from '../adapters/check-write.ts';
import { storeTokenReused } from '../adapters/errors.ts';
import { applyWrite } from './apply-write.ts';
import { Capacity, indexEntry, indexWriteUnits, readUnits, tableWriteUnits, TRANSACTION_FACTOR } from './capacity.ts';
import { ChangeStream } from './change-stream.ts';
import { evaluateCondition } from './evaluate-condition.ts';
import { itemSize, storedItemSize } from './item-size.ts';
import { compareBytes, MemoryTable } from './memory-table.ts';
import { storedWrites } from './stored-value.ts';

/** How long DynamoDB remembers a transaction's token. */
const TOKEN_LIFETIME_MS = 10 * 60 * 1000;
/** A page ends with the item that passes this size (DynamoDB). */
const MAX_PAGE_BYTES = 1024 * 1024;

export interface MemoryJobStoreOptions {
  clock: Clock;
  /** Asked at each read that is not consistent: true gives the item as it was before its last change. */
  stale?: () => boolean;
  /** Changes of these items go to `stream`; of all by default. */
  streamed?: (key: ItemKey) => boolean;
}

/**
 * The job table in memory, with the conditions, types, limits, stream and bill of DynamoDB.
 * An operation takes effect when it is called: what runs at once is in the order of the calls. Items are handed out as
 * they are stored, frozen: whoever would change one meets a TypeError.
 */
export class MemoryJobStore implements JobStore {
  readonly capacity = new Capacity();
  readonly stream = new ChangeStream();
  readonly #options: MemoryJobStoreOptions;
  readonly #table = new MemoryTable();
  readonly #tokens = new Map<string, { writes: readonly Write[]; expiresAt: number }>();
  #label = '';

  constructor(options: MemoryJobStoreOptions) {
    this.#options = options;
  }

  /** Takes on all that another store holds; what either does from now on does not reach the other. */
  copyFrom(other: MemoryJobStore): void {
    this.#table.copyFrom(other.#table);
    this.stream.copyFrom(other.stream);
    this.capacity.copyFrom(other.capacity);
    for (const [token, known] of other.#tokens) this.#tokens.set(token, known);
  }

  /** The same store; what goes through it is billed under the label. */
  labelled(label: string): JobStore {
    const under = <Result>(operation: () => Result): Result => {
      const before = this.#label;
      this.#label = label;
      try {
        return operation();
      } finally {
        this.#label = before;
      }
    };
    return {
      read: (key, options) => under(() => this.read(key, options)),
      list: (query) => under(() => this.list(query)),
      listDue: (activePartition, now, limit) => under(() => this.listDue(activePartition, now, limit)),
      write: (write) => under(() => this.write(write)),
      transact: (writes, token) => under(() => this.transact(writes, token)),
    };
  }

  async read(key: ItemKey, options: { consistent?: boolean } = {}): Promise<Item | undefined> {
    checkKey(key);
    const consistent = options.consistent ?? false;
    const item = this.#visible(key, this.#stale(consistent));
    this.#billRead('read', key.sk, item === undefined ? 0 : storedItemSize(key, item), consistent);
    return item;
  }

  async list(query: ListQuery): Promise<ListPage> {
    checkList(query);
    const consistent = query.consistent ?? false;
    const stale = this.#stale(consistent);
    const items: ListPage['items'] = [];
    let bytes = 0;
    let next: string | undefined;
    for (const sk of this.#listedKeys(query)) {
      const key = { pk: query.pk, sk };
      const item = this.#visible(key, stale);
      if (item === undefined) continue;
      bytes += storedItemSize(key, item);
      items.push({ key, item });
      // A full page has a next one, which may be empty: DynamoDB does not look further either.
      if (items.length === query.limit || bytes > MAX_PAGE_BYTES) {
        next = sk;
        break;
      }
    }
    this.#billRead('list', `${query.prefix}*`, bytes, consistent);
    return next === undefined ? { items } : { items, next };
  }

  async listDue(activePartition: string, now: number, limit: number): Promise<ItemKey[]> {
    checkList({ prefix: '', limit });
    const due = this.#table
      .indexed(activePartition, this.#stale(false))
      .filter(({ dueAt }) => dueAt <= now)
      .slice(0, limit);
    const bytes = due.reduce((sum, { key, item }) => sum + itemSize(key, indexEntry(item) ?? {}), 0);
    this.#billRead('list-due', activePartition, bytes, false);
    return due.map(({ key }) => ({ ...key }));
  }

  async write(write: Write): Promise<WriteOutcome> {
    checkWrite(write);
    const { item: before } = this.#table.get(write.key);
    const accepted = evaluateCondition(write.condition, write.key, before);
    const after = accepted ? applyWrite(before, write) : before;
    this.#billWrite('write', write.key, before, after, accepted);
    if (!accepted) return { accepted, item: before };
    this.#commit(write.key, before, after);
    return { accepted, item: after! };
  }

  async transact(writes: readonly Write[], token: string): Promise<TransactionOutcome> {
    checkTransaction(writes, token);
    const now = this.#options.clock.now();
    const known = this.#tokens.get(token);
    if (known !== undefined && now < known.expiresAt) {
      if (!isDeepStrictEqual(known.writes, storedWrites(writes))) throw storeTokenReused(`the transaction ${token}`);
      for (const { key } of writes) this.#billRepeat(key);
      return { accepted: true };
    }
    const changes = writes.map((write) => ({ write, before: this.#table.get(write.key).item }));
    const rejected = changes.flatMap(({ write, before }, index) =>
      evaluateCondition(write.condition, write.key, before) ? [] : [{ index, item: before }],
    );
    const accepted = rejected.length === 0;
    const results = changes.map(({ write, before }) => (accepted ? applyWrite(before, write) : before));
    for (const [index, { write, before }] of changes.entries()) {
      this.#billWrite('transact', write.key, before, results[index], accepted);
    }
    if (!accepted) return { accepted, rejected };
    for (const [index, { write, before }] of changes.entries()) this.#commit(write.key, before, results[index]);
    this.#tokens.set(token, { writes: storedWrites(writes), expiresAt: now + TOKEN_LIFETIME_MS });
    return { accepted };
  }

  /** Takes an item away, as its time to live or an operator does. */
  remove(key: ItemKey): void {
    const { item } = this.#table.get(key);
    if (item !== undefined) this.#commit(key, item, undefined);
  }

  /** Everything that is stored, ordered by key. */
  items(): { key: ItemKey; item: Item }[] {
    return [...this.#table.all()];
  }

  #commit(key: ItemKey, before: Item | undefined, after: Item | undefined): void {
    const own = { pk: key.pk, sk: key.sk };
    this.#table.set(own, after);
    const { clock, streamed } = this.#options;
    // A write that changes nothing is no change.
    if (streamed?.(own) === false || isDeepStrictEqual(before, after)) return;
    this.stream.push({ key: own, before, after, at: clock.now() });
  }

  #visible(key: ItemKey, stale: boolean): Item | undefined {
    const stored = this.#table.get(key);
    return stale ? stored.previous : stored.item;
  }

  #stale(consistent: boolean): boolean {
    return !consistent && (this.#options.stale?.() ?? false);
  }

  *#listedKeys({ pk, prefix, after, descending = false }: ListQuery): Generator<string> {
    const ascending = this.#table.sortKeys(pk);
    for (const sk of descending ? ascending.toReversed() : ascending) {
      if (!sk.startsWith(prefix)) continue;
      if (after !== undefined && compareBytes(sk, after) * (descending ? -1 : 1) <= 0) continue;
      yield sk;
    }
  }

  #billRead(operation: 'read' | 'list' | 'list-due', item: string, bytes: number, consistent: boolean): void {
    const units = { tableWriteUnits: 0, indexWriteUnits: 0, readUnits: readUnits(bytes, consistent) };
    this.capacity.record({ label: this.#label, operation, item, accepted: true, ...units });
  }

  #billWrite(
    operation: 'write' | 'transact',
    key: ItemKey,
    before: Item | undefined,
    after: Item | undefined,
    accepted: boolean,
  ): void {
    const factor = operation === 'transact' ? TRANSACTION_FACTOR : 1;
    this.capacity.record({
      label: this.#label,
      operation,
      item: key.sk,
      accepted,
      tableWriteUnits: factor * tableWriteUnits(key, before, after),
      indexWriteUnits: indexWriteUnits(key, before, after),
      readUnits: 0,
    });
  }

  /** A transaction that is known already writes nothing: DynamoDB bills a transactional read of its items. */
  #billRepeat(key: ItemKey): void {
    const { item } = this.#table.get(key);
    const bytes = item === undefined ? 0 : storedItemSize(key, item);
    this.capacity.record({
      label: this.#label,
      operation: 'transact',
      item: key.sk,
      accepted: true,
      tableWriteUnits: 0,
      indexWriteUnits: 0,
      readUnits: TRANSACTION_FACTOR * readUnits(bytes, true),
    });
  }
}
