import { GrowableBuffer } from '../../features/growable-buffer.ts';

/** Children of a node. */
export const INDEX_NODE_SIZE = 16;
/** West, south, east, north, and where the children or the feature are. */
const NODE_BYTES = 40;
const FIRST_BYTES = 4096;

interface Level {
  /** Number of its first node, counted from the root. */
  first: number;
  /** Nodes that are done. */
  done: number;
  /** Nodes that are done and not yet written to the file. */
  buffer: GrowableBuffer;
  /** Children that the open node has so far, and their extent. */
  children: number;
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

/**
 * The packed R-tree of a FlatGeobuf, grown from its leaves: the root first in the file, the leaves last (packedrtree.h of
 * FlatGeobuf). A feature without extent has a leaf that meets no rectangle: from +∞ to −∞. Nodes can be taken from each level as
 * it grows, so that of the tree only an open node for each level is held.
 */
export class PackedIndex {
  /** From the leaves up to the root. */
  readonly #levels: Level[] = [];

  /** @param features how many there will be, at least one */
  constructor(features: number) {
    const sizes = levelSizes(features);
    let end = sizes.reduce((sum, size) => sum + size, 0);
    for (const size of sizes) {
      end -= size;
      this.#levels.push(openLevel(end));
    }
  }

  /** Adds the next feature, which begins at a byte behind the first one. */
  add(minX: number, minY: number, maxX: number, maxY: number, offset: number): void {
    this.#addNode(0, minX, minY, maxX, maxY, offset);
  }

  /** Closes the nodes that have fewer children than others. */
  close(): void {
    for (let level = 1; level < this.#levels.length; level++) {
      if (this.#levels[level]!.children > 0) this.#closeNode(level);
    }
  }

  /** Takes what each level has grown by; positions count from the beginning of the index. */
  async take(write: (position: number, bytes: Uint8Array) => Promise<void>): Promise<void> {
    for (const { buffer, first, done } of this.#levels) {
      if (buffer.length === 0) continue;
      await write((first + done) * NODE_BYTES - buffer.length, buffer.written);
      buffer.length = 0;
    }
  }

  #addNode(number: number, minX: number, minY: number, maxX: number, maxY: number, offset: number): void {
    const level = this.#levels[number]!;
    const { buffer } = level;
    buffer.ensure(NODE_BYTES);
    const double = buffer.length >>> 3;
    const { float64, uint32 } = buffer;
    float64[double] = minX;
    float64[double + 1] = minY;
    float64[double + 2] = maxX;
    float64[double + 3] = maxY;
    uint32[2 * double + 8] = offset;
    uint32[2 * double + 9] = Math.floor(offset / 2 ** 32);
    buffer.length += NODE_BYTES;
    level.done++;
    const parent = this.#levels[number + 1];
    if (parent === undefined) return;
    if (minX < parent.minX) parent.minX = minX;
    if (minY < parent.minY) parent.minY = minY;
    if (maxX > parent.maxX) parent.maxX = maxX;
    if (maxY > parent.maxY) parent.maxY = maxY;
    if (++parent.children === INDEX_NODE_SIZE) this.#closeNode(number + 1);
  }

  #closeNode(number: number): void {
    const level = this.#levels[number]!;
    const { minX, minY, maxX, maxY } = level;
    const firstChild = this.#levels[number - 1]!.first + level.done * INDEX_NODE_SIZE;
    level.children = 0;
    level.minX = level.minY = Infinity;
    level.maxX = level.maxY = -Infinity;
    this.#addNode(number, minX, minY, maxX, maxY, firstChild);
  }
}

/** Size of the index in bytes. */
export function indexBytes(features: number): number {
  return features === 0 ? 0 : levelSizes(features).reduce((sum, size) => sum + size, 0) * NODE_BYTES;
}

/** Nodes of each level from the leaves to the root, which is above the leaf of a single feature, too. */
function levelSizes(features: number): number[] {
  const sizes = [features];
  do sizes.push(Math.ceil(sizes.at(-1)! / INDEX_NODE_SIZE));
  while (sizes.at(-1)! > 1);
  return sizes;
}

function openLevel(first: number): Level {
  const buffer = new GrowableBuffer(FIRST_BYTES);
  return { first, done: 0, buffer, children: 0, minX: Infinity, minY: Infinity, maxX: -Infinity, maxY: -Infinity };
}
