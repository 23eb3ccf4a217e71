import { setImmediate } from 'node:timers/promises';
import { decodeDirectory, encodeDirectory } from './directory.ts';
import { EntryList } from './entry-list.ts';
import { HEADER_BYTES } from './header.ts';

/** Entries of a leaf directory as it is first written. */
export const LEAF_ENTRIES = 4096;

/** Header and root directory lie within the first 16 KiB, so that one request finds both. */
export const MAX_ROOT_BYTES = 16_384 - HEADER_BYTES;

/** A leaf directory that is written already. */
interface Leaf {
  firstTileId: number;
  entries: number;
  bytes: Uint8Array;
}

export interface Directories {
  root: Uint8Array;
  /** Leaf directories in the order of their tiles; empty when the root holds all entries. */
  leaves: Uint8Array[];
}

/** Sorts entries into a root directory and, beyond LEAF_ENTRIES, leaf directories that are compressed on the way. */
export class DirectoryBuilder {
  readonly #maxRootBytes: number;
  readonly #pending: EntryList;
  #leaves: Leaf[] = [];
  /** Entries so far. */
  count = 0;

  constructor({ leafEntries = LEAF_ENTRIES, maxRootBytes = MAX_ROOT_BYTES } = {}) {
    this.#pending = new EntryList(leafEntries);
    this.#maxRootBytes = maxRootBytes;
  }

  /** Adds a tile, whose id is greater than any before. */
  add(tileId: number, offset: number, length: number): void {
    if (this.#pending.extendLast(tileId, offset)) return;
    if (this.#pending.isFull) this.#flush();
    this.#pending.append(tileId, offset, length, 1);
    this.count++;
  }

  /** Ends the directories; while the root is too large its leaves are joined in pairs. */
  async finish(signal?: AbortSignal): Promise<Directories> {
    if (this.#leaves.length === 0) {
      const root = encodeDirectory(this.#pending);
      if (root.length <= this.#maxRootBytes) return { root, leaves: [] };
    }
    if (this.#pending.length > 0) this.#flush();
    for (;;) {
      const root = encodeRoot(this.#leaves);
      if (root.length <= this.#maxRootBytes) return { root, leaves: this.#leaves.map(({ bytes }) => bytes) };
      await this.#joinPairs(signal);
    }
  }

  #flush(): void {
    this.#leaves.push(encodeLeaf(this.#pending));
    this.#pending.length = 0;
  }

  async #joinPairs(signal: AbortSignal | undefined): Promise<void> {
    const joined: Leaf[] = [];
    for (let index = 0; index < this.#leaves.length; index += 2) {
      // Millions of entries take seconds: others run in between, such as the timer that aborts.
      await setImmediate();
      signal?.throwIfAborted();
      const pair = this.#leaves.slice(index, index + 2);
      const entries = new EntryList(pair.reduce((sum, leaf) => sum + leaf.entries, 0));
      for (const leaf of pair) entries.appendAll(decodeDirectory(leaf.bytes, leaf.entries));
      joined.push(encodeLeaf(entries));
    }
    this.#leaves = joined;
  }
}

function encodeLeaf(entries: EntryList): Leaf {
  return { firstTileId: entries.tileIds[0]!, entries: entries.length, bytes: encodeDirectory(entries) };
}

function encodeRoot(leaves: readonly Leaf[]): Uint8Array {
  const root = new EntryList(leaves.length);
  let offset = 0;
  for (const leaf of leaves) {
    root.append(leaf.firstTileId, offset, leaf.bytes.length, 0);
    offset += leaf.bytes.length;
  }
  return encodeDirectory(root);
}
