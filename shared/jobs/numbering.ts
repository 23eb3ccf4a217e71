import type { DatasetNumbering } from './job.ts';

/** Chunks in a shard: bounds the shard item (a set of 256 numbers is about 0.7 kB, one write unit). */
export const SHARD_CHUNKS = 256;

/** Shards open at once: bounds the messages in flight of one job to `WINDOW_SHARDS × SHARD_CHUNKS` = 1,024. */
export const WINDOW_SHARDS = 4;

/** A half-open range of unit numbers. */
export interface UnitRange {
  start: number;
  end: number;
}

export interface ShardPosition {
  /** Index into the job's datasets. */
  dataset: number;
  /** Number of the shard's first chunk within its dataset. */
  firstChunk: number;
  /** Chunks in this shard, 1 … SHARD_CHUNKS. */
  chunks: number;
}

export function chunkCount(dataset: DatasetNumbering): number {
  return Math.ceil(dataset.units / dataset.chunkUnits);
}

export function shardCount(datasets: readonly DatasetNumbering[]): number {
  return datasets.reduce((sum, dataset) => sum + Math.ceil(chunkCount(dataset) / SHARD_CHUNKS), 0);
}

export function totalChunks(datasets: readonly DatasetNumbering[]): number {
  return datasets.reduce((sum, dataset) => sum + chunkCount(dataset), 0);
}

export function totalUnits(datasets: readonly DatasetNumbering[]): number {
  return datasets.reduce((sum, dataset) => sum + dataset.units, 0);
}

/**
 * Where a shard lies. Datasets share the numbering of shards, never a shard.
 * @throws RangeError when the job has no such shard
 */
export function locateShard(datasets: readonly DatasetNumbering[], shard: number): ShardPosition {
  let firstShard = 0;
  for (const [index, dataset] of datasets.entries()) {
    const chunks = chunkCount(dataset);
    const shards = Math.ceil(chunks / SHARD_CHUNKS);
    if (Number.isInteger(shard) && shard >= firstShard && shard < firstShard + shards) {
      const firstChunk = (shard - firstShard) * SHARD_CHUNKS;
      return { dataset: index, firstChunk, chunks: Math.min(SHARD_CHUNKS, chunks - firstChunk) };
    }
    firstShard += shards;
  }
  throw new RangeError(`shard ${shard} is outside of the ${firstShard} shards of this job`);
}

/** True when the job has this chunk; messages are not to be believed. */
export function hasChunk(datasets: readonly DatasetNumbering[], shard: number, chunk: number): boolean {
  return shard < shardCount(datasets) && chunk < locateShard(datasets, shard).chunks;
}

/**
 * The units of chunk `chunk` (counted within its shard), as a range of the dataset's numbering.
 * @throws RangeError when the shard has no such chunk
 */
export function chunkUnits(datasets: readonly DatasetNumbering[], shard: number, chunk: number): UnitRange {
  const position = locateShard(datasets, shard);
  if (!Number.isInteger(chunk) || chunk < 0 || chunk >= position.chunks) {
    throw new RangeError(`chunk ${chunk} is outside of the ${position.chunks} chunks of shard ${shard}`);
  }
  const dataset = datasets[position.dataset]!;
  const start = (position.firstChunk + chunk) * dataset.chunkUnits;
  return { start, end: Math.min(start + dataset.chunkUnits, dataset.units) };
}

/**
 * Maps a range of positions in a selection to the ranges of unit numbers that were selected.
 * A retry runs units that lie apart: its positions 0 … n−1 are dense, the units behind them are not.
 * @param selection sorted, disjoint, non-empty ranges; absent when all units are selected
 */
export function selectedRanges(selection: readonly UnitRange[] | undefined, positions: UnitRange): UnitRange[] {
  if (selection === undefined) return [positions];
  const ranges: UnitRange[] = [];
  let before = 0;
  for (const range of selection) {
    const size = range.end - range.start;
    const start = Math.max(positions.start, before);
    const end = Math.min(positions.end, before + size);
    if (start < end) ranges.push({ start: range.start + start - before, end: range.start + end - before });
    before += size;
    if (before >= positions.end) break;
  }
  return ranges;
}
