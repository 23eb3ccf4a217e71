import type { EstimatedRange } from '../jobs/process.ts';

/** List prices in us-east-1, in dollars (docs/cost.md). */
const PRICES = {
  gigabyteSecond: 0.0000133334,
  invocation: 0.2e-6,
  put: 5e-6,
  get: 0.4e-6,
  queueRequest: 0.4e-6,
  writeUnit: 0.625e-6,
} as const;

/** Write units of a chunk and of a job, requests to the queue for a chunk. */
const WRITE_UNITS_OF_CHUNK = 1;
const WRITE_UNITS_OF_JOB = 24;
const QUEUE_REQUESTS_OF_CHUNK = 3;

/** Size of the parts that a file is uploaded in. */
const PART_BYTES = 8 * 1024 * 1024;

const MIB_IN_GIB = 1024;

/** What a job takes that costs money. */
export interface BilledWork {
  /** Of all workers together. */
  workerSeconds: number;
  memoryMiB: number;
  chunks: number;
  /** Range reads of a chunk from its source. */
  readsOfChunk: number;
  /** Bytes of published files. */
  outputBytes: number;
}

/** What a job costs in dollars, to two digits. */
export function dollarsOf({ workerSeconds, memoryMiB, chunks, readsOfChunk, outputBytes }: BilledWork): number {
  const sum =
    workerSeconds * (memoryMiB / MIB_IN_GIB) * PRICES.gigabyteSecond +
    (chunks + 2) * PRICES.invocation +
    (chunks + outputBytes / PART_BYTES + 4) * PRICES.put +
    chunks * (readsOfChunk + 2) * PRICES.get +
    chunks * QUEUE_REQUESTS_OF_CHUNK * PRICES.queueRequest +
    (chunks * WRITE_UNITS_OF_CHUNK + WRITE_UNITS_OF_JOB) * PRICES.writeUnit;
  return Number(sum.toPrecision(2));
}

/** Whole numbers around a range. */
export function wholeRange({ low, high }: EstimatedRange): EstimatedRange {
  return { low: Math.floor(low), high: Math.ceil(high) };
}
