import type { Item, ItemKey } from '../jobs/ports/job-store.ts';
import { indexEntry } from './capacity.ts';

/** What is stored under a key, and what was stored before the last change: what a stale read may still see. */
export interface StoredItem {
  item: Item | undefined;
  previous: Item | undefined;
}

interface Partition {
  bySortKey: Map<string, StoredItem>;
  /** Sort keys in the order of their bytes; undefined after a new one. */
  order: string[] | undefined;
}

/** Items by partition and sort key, as they are stored: nothing is copied or checked here. */
export class MemoryTable {
  readonly #partitions = new Map<string, Partition>();
  /** Keys that are or were in the index, by index partition. */
  readonly #index = new Map<string, Map<string, ItemKey>>();

  get(key: ItemKey): StoredItem {
    return this.#partitions.get(key.pk)?.bySortKey.get(key.sk) ?? { item: undefined, previous: undefined };
  }

  set(key: ItemKey, item: Item | undefined): void {
    const partition = this.#partition(key.pk);
    const previous = partition.bySortKey.get(key.sk);
    if (previous === undefined) partition.order = undefined;
    partition.bySortKey.set(key.sk, { item, previous: previous?.item });
    const entry = item && indexEntry(item);
    if (entry === undefined) return;
    let entries = this.#index.get(entry.activePartition);
    if (entries === undefined) this.#index.set(entry.activePartition, (entries = new Map<string, ItemKey>()));
    entries.set(`${key.pk}\n${key.sk}`, key);
  }

  /** Takes on all that another table holds; what either does from now on does not reach the other. */
  copyFrom(other: MemoryTable): void {
    for (const [pk, { bySortKey, order }] of other.#partitions) {
      this.#partitions.set(pk, { bySortKey: new Map(bySortKey), order });
    }
    for (const [activePartition, keys] of other.#index) this.#index.set(activePartition, new Map(keys));
  }

  /** Sort keys of a partition in the order of their UTF-8 bytes. */
  sortKeys(pk: string): readonly string[] {
    const partition = this.#partitions.get(pk);
    if (partition === undefined) return [];
    return (partition.order ??= [...partition.bySortKey.keys()].sort(compareBytes));
  }

  /** Items of an index partition, the due ones first. */
  indexed(activePartition: string, stale: boolean): { key: ItemKey; dueAt: number; item: Item }[] {
    const found: { key: ItemKey; dueAt: number; item: Item }[] = [];
    const entries = this.#index.get(activePartition);
    for (const [id, key] of entries ?? []) {
      const stored = this.get(key);
      const item = stale ? stored.previous : stored.item;
      const entry = item && indexEntry(item);
      if (entry?.activePartition === activePartition) found.push({ key, dueAt: entry.dueAt, item: item! });
      else if (!stale) entries?.delete(id);
    }
    return found.sort(
      (a, b) => a.dueAt - b.dueAt || compareBytes(a.key.pk, b.key.pk) || compareBytes(a.key.sk, b.key.sk),
    );
  }

  *all(): Generator<{ key: ItemKey; item: Item }> {
    for (const pk of [...this.#partitions.keys()].sort(compareBytes)) {
      for (const sk of this.sortKeys(pk)) {
        const { item } = this.get({ pk, sk });
        if (item !== undefined) yield { key: { pk, sk }, item };
      }
    }
  }

  #partition(pk: string): Partition {
    let partition = this.#partitions.get(pk);
    if (partition === undefined) {
      this.#partitions.set(pk, (partition = { bySortKey: new Map<string, StoredItem>(), order: undefined }));
    }
    return partition;
  }
}

/** DynamoDB orders texts by their UTF-8 bytes, which is not the order of UTF-16 beyond U+FFFF. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
