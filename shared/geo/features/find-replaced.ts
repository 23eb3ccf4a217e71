import { tooManyReplacingFeatures } from './errors.ts';
import { FeatureKey, type KeyPart } from './feature-key.ts';
import { KeyTable } from './key-table.ts';
import { MAX_REPLACING_FEATURES } from './limits.ts';
import type { MergedBlock, MergedBlocks } from './merge-summaries.ts';
import { RecordSet } from './record-set.ts';
import { walkRecords } from './walk-records.ts';

/** What the features of a source take the place of. */
export interface Replaced {
  /** By the place of their block among all. */
  dropped: Map<number, RecordSet>;
  /** Features of the published version whose key a feature of the source has. */
  replaced: number;
  /** Features of the source with whose key another one comes behind them. */
  superseded: number;
}

export interface FindOptions {
  key: readonly KeyPart[];
  /** Blocks at the beginning that hold the published version; those behind them hold the source, in its order. */
  published: number;
  /** Features of the source. */
  added: number;
  signal?: AbortSignal;
}

/**
 * Finds the features that others with the same key take the place of: of the source the last one with a key stays, of the
 * published version none with a key of the source. A feature without a key takes the place of none, and none takes its.
 * Holds the digests of the keys of the source, and one bit for each record of a block of which some are dropped.
 * @throws LonghaulError `replacing-features-too-many`, `feature-block-corrupt` (final); whatever a source throws
 */
export async function findReplaced(
  { blocks }: MergedBlocks,
  { key, published, added, signal }: FindOptions,
): Promise<Replaced> {
  if (added > MAX_REPLACING_FEATURES) throw tooManyReplacingFeatures(added, MAX_REPLACING_FEATURES);
  const keys = new FeatureKey(key);
  const table = new KeyTable(added);
  const found: Replaced = { dropped: new Map(), replaced: 0, superseded: 0 };
  const drop = (block: number, record: number): void => {
    let records = found.dropped.get(block);
    if (records === undefined) {
      records = new RecordSet(blocks[block]!.preamble.features);
      found.dropped.set(block, records);
    }
    records.add(record);
  };

  for (const [block, each] of behind(blocks, published)) {
    await walkRecords(
      each,
      (feature, record) => {
        if (!keys.read(feature)) return;
        const known = table.find(keys.digest);
        const entry = known < 0 ? table.add(keys.digest) : known;
        if (known >= 0) {
          found.superseded++;
          // Records lie in the order of their place, not of the source: there the number tells what comes last.
          if (table.blocks[entry] === block && table.numbers[entry]! > feature.number) {
            drop(block, record);
            return;
          }
          drop(table.blocks[entry]!, table.records[entry]!);
        }
        table.blocks[entry] = block;
        table.records[entry] = record;
        table.numbers[entry] = feature.number;
      },
      signal,
    );
  }
  if (table.size === 0) return found;
  for (const [block, each] of blocks.slice(0, published).entries()) {
    await walkRecords(
      each,
      (feature, record) => {
        if (!keys.read(feature) || table.find(keys.digest) < 0) return;
        found.replaced++;
        drop(block, record);
      },
      signal,
    );
  }
  return found;
}

const behind = (blocks: readonly MergedBlock[], first: number): [number, MergedBlock][] =>
  [...blocks.entries()].slice(first);
