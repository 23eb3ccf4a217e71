import type { Estimate, EstimatedRange } from '../../../jobs/process.ts';
import { dollarsOf, wholeRange } from '../../prices.ts';
import type { SourceFormat } from '../formats.ts';
import type { IngestInputs } from '../inputs.ts';
import { BLOCK_BYTES, LIMITS, MOST_BLOCKS } from '../limits.ts';
import {
  BLOCK_SHARE,
  CHUNK_BYTES_PER_SECOND,
  MERGED_BYTES_PER_SECOND,
  OUTPUT_SHARE,
  PLAN_BYTES_PER_SECOND,
  UNPACKED_BYTES_PER_SECOND,
} from './throughput.ts';

/** Seconds that a job takes besides its work: queueing, first start of a worker, publishing. */
const FIXED_SECONDS: EstimatedRange = { low: 2, high: 30 };

/** Range reads of a chunk. */
const READS_OF_CHUNK: EstimatedRange = { low: 4, high: 40 };

/** A file of features, as far as its size tells what is to be done. */
export interface FileWork {
  format: SourceFormat;
  /** Unpacked. */
  bytes: number;
  isPacked: boolean;
  /** Of all its layers. */
  blocks: number;
}

/** Blocks of a file or a layer of this size. */
export function blocksOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / Math.max(BLOCK_BYTES, Math.ceil(bytes / MOST_BLOCKS))));
}

/** What a job does with some files, by their sizes. */
export function expectedWork(files: readonly FileWork[], outputs: IngestInputs['outputs']): Omit<Estimate, 'detail'> {
  const chunks = sum(files, ({ blocks }) => blocks);
  const least = workAt(files, outputs, 'low');
  const most = workAt(files, outputs, 'high');
  const workers = Math.max(1, Math.min(chunks, LIMITS.concurrency));
  const seconds = {
    low: least.alone + least.chunks / workers + FIXED_SECONDS.low,
    high: most.alone + most.chunks / workers + FIXED_SECONDS.high,
  };
  const dollars = (work: Work, readsOfChunk: number): number =>
    dollarsOf({
      workerSeconds: work.alone + work.chunks,
      memoryMiB: LIMITS.memoryMiB,
      chunks,
      readsOfChunk,
      outputBytes: work.outputBytes,
    });
  return {
    units: chunks,
    chunks,
    bytes: wholeRange({ low: least.outputBytes, high: most.outputBytes }),
    seconds: wholeRange(seconds),
    dollars: { low: dollars(least, READS_OF_CHUNK.low), high: dollars(most, READS_OF_CHUNK.high) },
  };
}

/** What a dry run does: it unpacks and cuts, looks at the beginnings of layers, and publishes nothing. */
export function expectedDryRun(files: readonly FileWork[], layers: number): Omit<Estimate, 'detail'> {
  const chunks = Math.max(1, layers);
  const low = beforeChunks(files, 'high');
  const high = beforeChunks(files, 'low');
  const dollars = (workerSeconds: number, readsOfChunk: number): number =>
    dollarsOf({ workerSeconds, memoryMiB: LIMITS.memoryMiB, chunks, readsOfChunk, outputBytes: 0 });
  return {
    units: chunks,
    chunks,
    bytes: { low: 0, high: 0 },
    seconds: wholeRange({ low: low + FIXED_SECONDS.low, high: high + FIXED_SECONDS.high }),
    dollars: { low: dollars(low, READS_OF_CHUNK.low), high: dollars(high, READS_OF_CHUNK.high) },
  };
}

interface Work {
  /** Seconds of one worker: unpacking, cutting, merging. */
  alone: number;
  /** Seconds of all chunks, which run side by side. */
  chunks: number;
  outputBytes: number;
}

/** The least work is done at the highest speed. */
function workAt(files: readonly FileWork[], outputs: IngestInputs['outputs'], end: keyof EstimatedRange): Work {
  const speed = end === 'low' ? 'high' : 'low';
  const blockBytes = sum(files, ({ format, bytes }) => bytes * BLOCK_SHARE[format][end]);
  const merging = sum(outputs, (output) => blockBytes / MERGED_BYTES_PER_SECOND[output][speed]);
  return {
    alone: beforeChunks(files, speed) + merging,
    chunks: sum(files, ({ format, bytes }) => bytes / CHUNK_BYTES_PER_SECOND[format][speed]),
    outputBytes: sum(outputs, (output) => blockBytes * OUTPUT_SHARE[output]),
  };
}

/** Seconds of unpacking and cutting. */
function beforeChunks(files: readonly FileWork[], speed: keyof EstimatedRange): number {
  const unpacking = sum(files, ({ isPacked, bytes }) => (isPacked ? bytes / UNPACKED_BYTES_PER_SECOND[speed] : 0));
  return unpacking + sum(files, ({ format, bytes }) => bytes / (PLAN_BYTES_PER_SECOND[format]?.[speed] ?? Infinity));
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
