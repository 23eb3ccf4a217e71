import type { RangeReader } from '../../../sources/range-reader.ts';
import { levelsOf, type FlatGeobufHeader } from './read-header.ts';

/** A node of the index: four doubles and the offset of what it leads to. */
const NODE_BYTES = 40;
const NODE_OFFSET = 32;

/** Leaves read at once: 64 KiB. */
const LEAVES = 1_638;

/** Reads for one boundary. */
const MAX_READS = 4;

/** Part of a block by which a boundary may miss its place. */
const TOLERANCE = 0.25;

export interface Boundaries {
  /** Where the first feature of each block begins, as an offset in the file, and its number. */
  starts: number[];
  numbers: number[];
}

/**
 * Boundaries of blocks of about `blockBytes`, by the leaves of the index, whose offsets ascend as the features do. A few
 * leaves are read for each boundary, and held against the features that they lead to.
 * @returns undefined when the index is not sound
 */
export async function boundariesFromIndex(
  file: RangeReader,
  header: FlatGeobufHeader,
  blockBytes: number,
  signal: AbortSignal,
): Promise<Boundaries | undefined> {
  const { features, indexStart, featuresStart } = header;
  const { firstLeaf } = levelsOf(features, header.indexNodeSize);
  const leavesStart = indexStart + NODE_BYTES * firstLeaf;
  const featureBytes = file.size - featuresStart;
  const starts = [featuresStart];
  const numbers = [0];
  const blocks = Math.max(1, Math.round(featureBytes / blockBytes));
  // What is known of the way from number to offset: the last boundary, and the end.
  for (let block = 1; block < blocks; block++) {
    const target = Math.round((block * featureBytes) / blocks);
    const found = await findLeaf({ number: numbers.at(-1)!, offset: starts.at(-1)! - featuresStart }, target);
    if (found === undefined) return undefined;
    if (found.number <= numbers.at(-1)! || found.offset + featuresStart <= starts.at(-1)!) continue;
    starts.push(found.offset + featuresStart);
    numbers.push(found.number);
  }
  return { starts, numbers };

  /** The leaf whose offset is next to the target, nearly. */
  async function findLeaf(before: Leaf, target: number): Promise<Leaf | undefined> {
    let low = before;
    let high: Leaf = { number: features, offset: featureBytes };
    let best: Leaf | undefined;
    for (let read = 0; read < MAX_READS; read++) {
      const share = (target - low.offset) / Math.max(1, high.offset - low.offset);
      const middle = Math.floor(low.number + share * (high.number - low.number));
      const first = Math.max(0, Math.min(middle - (LEAVES >> 1), features - 1));
      const leaves = await readLeaves(first);
      if (leaves === undefined) return undefined;
      for (const leaf of leaves) {
        if (best === undefined || Math.abs(leaf.offset - target) < Math.abs(best.offset - target)) best = leaf;
      }
      const [firstLeafRead, lastLeafRead] = [leaves[0]!, leaves.at(-1)!];
      const isWithin = firstLeafRead.offset <= target && lastLeafRead.offset >= target;
      if (isWithin || Math.abs(best!.offset - target) <= TOLERANCE * blockBytes) break;
      if (lastLeafRead.offset < target) low = lastLeafRead;
      else high = firstLeafRead;
      if (high.number - low.number <= 1) break;
    }
    return best;
  }

  /** Leaves from one on; undefined when they do not ascend, or lead to no features. */
  async function readLeaves(first: number): Promise<Leaf[] | undefined> {
    const count = Math.min(LEAVES, features - first);
    const bytes = await file.read(leavesStart + NODE_BYTES * first, NODE_BYTES * count, signal);
    if (bytes.length < NODE_BYTES * count) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const leaves: Leaf[] = [];
    for (let index = 0; index < count; index++) {
      const offset = Number(view.getBigUint64(NODE_BYTES * index + NODE_OFFSET, true));
      const isAscending = offset > (leaves.at(-1)?.offset ?? -1) && offset < featureBytes;
      if (!isAscending || (first + index === 0 && offset !== 0)) return undefined;
      leaves.push({ number: first + index, offset });
    }
    return (await leadsToFeature(leaves)) ? leaves : undefined;
  }

  /** Whether the first of some leaves leads to a feature that ends where the second one begins. */
  async function leadsToFeature([first, second]: readonly Leaf[]): Promise<boolean> {
    if (first === undefined) return false;
    const bytes = await file.read(featuresStart + first.offset, 4, signal);
    if (bytes.length < 4) return false;
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    return first.offset + 4 + length === (second?.offset ?? featureBytes);
  }
}

interface Leaf {
  number: number;
  /** From the start of the features. */
  offset: number;
}
