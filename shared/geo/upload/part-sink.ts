const MIB = 1024 * 1024;

/** Takes the parts of one file, in any order and at once. */
export interface PartSink {
  /** @param partNumber 1 … 10,000; the bytes stay the sink's */
  putPart(partNumber: number, bytes: Uint8Array): Promise<void>;
  /** Makes the file visible. */
  complete(): Promise<void>;
  abort(): Promise<void>;
}

/** What bounds the parts of an upload. */
export interface PartLimits {
  /** Least size of each part but the highest-numbered, in bytes. */
  minPartBytes: number;
  /** Size of the parts of a file that is not larger than usual, in bytes. */
  usualPartBytes: number;
  maxParts: number;
  /** Parts that the expected bytes are divided over; the others are for what was not expected. */
  expectedParts: number;
  /** Parts beyond the expected ones are so many times larger. */
  unexpectedFactor: number;
  /** Parts in flight at once. */
  concurrency: number;
  /** Bytes in flight at once; a part that is larger goes alone. */
  maxBytesInFlight: number;
}

/**
 * Amazon S3 takes 10,000 parts of at least 5 MiB. 9,000 parts hold what is expected; the last 1,000 nearly as much again.
 */
export const S3_PART_LIMITS: PartLimits = {
  minPartBytes: 5 * MIB,
  usualPartBytes: 8 * MIB,
  maxParts: 10_000,
  expectedParts: 9_000,
  unexpectedFactor: 8,
  concurrency: 4,
  maxBytesInFlight: 64 * MIB,
};

/**
 * Of a file that is written beside others from one source, which keeps them all waiting: two parts in flight hide the time
 * that one takes, and parts of the least size keep what all files hold of them small (`npm run bench:ingest-memory`).
 */
export const SHARED_PART_LIMITS: PartLimits = {
  ...S3_PART_LIMITS,
  usualPartBytes: S3_PART_LIMITS.minPartBytes,
  concurrency: 2,
};
