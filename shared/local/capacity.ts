import type { Item, ItemKey } from '../jobs/ports/job-store.ts';
import { itemSize, storedItemSize } from './item-size.ts';

/** Bytes that one write unit, and one read unit, pays for. */
const WRITE_UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;
/** An eventually consistent read costs half. */
const EVENTUAL_FACTOR = 0.5;
/**
 * What a transaction writes costs twice: once to prepare, once to commit. Entries of an index follow after the
 * transaction has ended (DynamoDB's guide, «How transactions work»), by plain writes: they count once.
 */
export const TRANSACTION_FACTOR = 2;

/** Units of one item of one operation, as the bill has it. */
export interface CapacityLine {
  /** What the caller was doing: see `MemoryJobStore.labelled`. */
  label: string;
  operation: 'read' | 'list' | 'list-due' | 'write' | 'transact';
  /** Sort key of the item, or what was listed. */
  item: string;
  accepted: boolean;
  /** Write units of the table, the index and in sum; the factor of transactions is in them. */
  tableWriteUnits: number;
  indexWriteUnits: number;
  writeUnits: number;
  readUnits: number;
}

/** Every unit that a store has used, line by line, so that a test can add up or print what a job costs. */
export class Capacity {
  readonly #lines: CapacityLine[] = [];
  #writeUnits = 0;
  #readUnits = 0;

  /** In the order of the operations. */
  get lines(): readonly CapacityLine[] {
    return this.#lines;
  }

  get writeUnits(): number {
    return this.#writeUnits;
  }

  get readUnits(): number {
    return this.#readUnits;
  }

  /** Takes on all that another has recorded. */
  copyFrom(other: Capacity): void {
    this.#lines.push(...other.#lines);
    this.#writeUnits += other.#writeUnits;
    this.#readUnits += other.#readUnits;
  }

  record(line: Omit<CapacityLine, 'writeUnits'>): void {
    const writeUnits = line.tableWriteUnits + line.indexWriteUnits;
    this.#lines.push({ ...line, writeUnits });
    this.#writeUnits += writeUnits;
    this.#readUnits += line.readUnits;
  }

  reset(): void {
    this.#lines.length = 0;
    this.#writeUnits = 0;
    this.#readUnits = 0;
  }
}

/** Units of the table for a write: those of the larger of the two images, at least one. */
export function tableWriteUnits(key: ItemKey, before: Item | undefined, after: Item | undefined): number {
  const sizes = [before, after].map((item) => (item === undefined ? 0 : storedItemSize(key, item)));
  return Math.max(1, Math.ceil(Math.max(...sizes) / WRITE_UNIT_BYTES));
}

/** Units of the index for a write: one entry added or removed, or both when its key changes; none when it stays. */
export function indexWriteUnits(key: ItemKey, before: Item | undefined, after: Item | undefined): number {
  const old = before && indexEntry(before);
  const now = after && indexEntry(after);
  if (old?.['activePartition'] === now?.['activePartition'] && old?.['dueAt'] === now?.['dueAt']) return 0;
  return [old, now]
    .filter((entry) => entry !== undefined)
    .reduce((units, entry) => units + Math.ceil(itemSize(key, entry) / WRITE_UNIT_BYTES), 0);
}

/** The attributes that the index projects; undefined when the item is not in it. */
export function indexEntry(item: Item): { activePartition: string; dueAt: number } | undefined {
  const { activePartition, dueAt } = item;
  return typeof activePartition === 'string' && typeof dueAt === 'number' ? { activePartition, dueAt } : undefined;
}

/** Units of a read of `bytes` in all; one that finds nothing costs the least. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : EVENTUAL_FACTOR);
}
