/** A stored value: what DynamoDB can hold and JSON cannot is the set of numbers. */
export type Value =
  string | number | boolean | null | ReadonlySet<number> | readonly Value[] | { readonly [key: string]: Value };

/** Attributes of an item without its key. */
export type Item = Readonly<Record<string, Value>>;

/** Partition and sort key. */
export interface ItemKey {
  pk: string;
  sk: string;
}

/** A clause of a condition; `attribute` is a top-level attribute. Comparisons with an absent attribute are false. */
export type Condition =
  | { operator: 'equals'; attribute: string; value: string | number }
  | { operator: 'in'; attribute: string; values: readonly (string | number)[] }
  | { operator: 'at-most'; attribute: string; value: number }
  | { operator: 'exists'; attribute: string }
  | { operator: 'absent'; attribute: string }
  /** The set attribute is absent or has not this member. */
  | { operator: 'not-contains'; attribute: string; value: number }
  /** The set attribute has exactly this many members; a set that is absent has none. */
  | { operator: 'set-size'; attribute: string; value: number }
  | { operator: 'all'; conditions: readonly Condition[] }
  | { operator: 'any'; conditions: readonly Condition[] };

/** Creates or replaces an item. */
export interface PutWrite {
  kind: 'put';
  key: ItemKey;
  item: Item;
  condition: Condition;
}

/** Changes top-level attributes of an item; creates it when it is absent and the condition allows. */
export interface UpdateWrite {
  kind: 'update';
  key: ItemKey;
  condition: Condition;
  set?: Record<string, Value>;
  /** Adds to a number (absent counts as 0) or unites with a set (absent counts as empty). */
  add?: Record<string, number | ReadonlySet<number>>;
  /** Appends to a list that exists. */
  append?: Record<string, readonly Value[]>;
  remove?: readonly string[];
}

/** One conditional write. There is no other kind: a write without a condition cannot be said. */
export type Write = PutWrite | UpdateWrite;

/** What became of a write: the item as it now is, or as it stands in the way. */
export type WriteOutcome = { accepted: true; item: Item } | { accepted: false; item: Item | undefined };

/** What became of a transaction: all of it, or nothing and the items whose conditions did not hold, by index. */
export type TransactionOutcome =
  { accepted: true } | { accepted: false; rejected: { index: number; item: Item | undefined }[] };

export interface ListQuery {
  pk: string;
  /** Sort keys begin with this. */
  prefix: string;
  /** Start behind this sort key, in the direction of the listing. */
  after?: string;
  descending?: boolean;
  limit: number;
  consistent?: boolean;
}

export interface ListPage {
  items: { key: ItemKey; item: Item }[];
  /** Pass as `after` for the next page; absent on the last. */
  next?: string;
}

/**
 * The job table: each operation is exactly one conditional write or one read, that is one SDK call.
 * An index holds the items that have both attributes `activePartition` (string) and `dueAt` (number).
 * @throws LonghaulError `store-unavailable` (retryable) on throttling, conflict, or a lost connection: the write may
 *   or may not have happened
 */
export interface JobStore {
  read(key: ItemKey, options?: { consistent?: boolean }): Promise<Item | undefined>;
  list(query: ListQuery): Promise<ListPage>;
  /** Keys of the items of one index partition that are due at `now`, earliest first. Eventually consistent. */
  listDue(activePartition: string, now: number, limit: number): Promise<ItemKey[]>;
  write(write: Write): Promise<WriteOutcome>;
  /** @param token the same for every attempt at the same transition, so that a lost acknowledgement is no second one */
  transact(writes: readonly Write[], token: string): Promise<TransactionOutcome>;
}
