import { z } from 'zod';
import { LonghaulError } from '../errors/longhaul-error.ts';
import type { ChunkResult, UnitError } from './process.ts';
import type { Counts } from './job.ts';

const MIB = 1024 * 1024;

/** Largest chunk object, in bytes: what a worker holds in memory at once. */
export const MAX_CHUNK_BYTES = 256 * MIB;

/** Largest header, in bytes: 1,024 units that all failed have about 300 kB. */
export const MAX_HEADER_BYTES = 4 * MIB;

/** Bytes before a large payload that spare it a copy: more than a header of several errors takes. */
export const CHUNK_HEADROOM = 4096;

/** First bytes of a chunk object: `LHC` and the version of the format. */
const MAGIC = new Uint8Array([0x4c, 0x48, 0x43, 0x01]);

/** Bytes of magic and header length. */
export const PREFIX_BYTES = 8;

/** What a chunk object says before its payload; the ledger is settled from this alone. */
export interface ChunkHeader {
  counts: Counts;
  errors: UnitError[];
  /** True when the chunk was given up and has no payload. */
  abandoned: boolean;
}

const count = z.int().min(0);
export const headerSchema = z.strictObject({
  counts: z.strictObject({ done: count, failed: count, skipped: count, bytes: count }),
  errors: z.array(
    z.strictObject({
      number: count,
      code: z.string(),
      detail: z.string(),
      remedy: z.string().exactOptional(),
      dataset: z.string().exactOptional(),
      unit: z.string().exactOptional(),
    }),
  ),
  abandoned: z.boolean(),
});

/**
 * A chunk's outcome as one object, written once (first writer wins) before the chunk is settled: whoever comes later
 * settles from what is there. Layout: magic (4 bytes), header length (4, little-endian), header (JSON), payload.
 */
export function encodeChunkObject(result: ChunkResult, abandoned = false): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify({ counts: result.counts, errors: result.errors, abandoned }));
  const size = PREFIX_BYTES + header.length + result.payload.length;
  if (header.length > MAX_HEADER_BYTES || size > MAX_CHUNK_BYTES) {
    throw new LonghaulError({
      code: 'chunk-too-large',
      retryable: false,
      detail: `The chunk's output has ${size} bytes, the limit is ${MAX_CHUNK_BYTES}.`,
      limit: MAX_CHUNK_BYTES,
      actual: size,
      remedy: 'Plan fewer units to a chunk.',
    });
  }
  const bytes = withRoomBefore(result, PREFIX_BYTES + header.length);
  bytes.set(MAGIC, 0);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(4, header.length, true);
  bytes.set(header, PREFIX_BYTES);
  return bytes;
}

/** The payload with so many bytes before it: in its own buffer where these are, else a copy. */
function withRoomBefore({ payload, headroom = 0 }: ChunkResult, room: number): Uint8Array {
  if (room <= headroom) return new Uint8Array(payload.buffer, payload.byteOffset - room, room + payload.length);
  const bytes = new Uint8Array(room + payload.length);
  bytes.set(payload, room);
  return bytes;
}

/** Length of the header, from the first 8 bytes of the object. */
export function headerLength(prefix: Uint8Array): number {
  if (prefix.length < PREFIX_BYTES || MAGIC.some((byte, index) => prefix[index] !== byte)) throw corrupt();
  const length = new DataView(prefix.buffer, prefix.byteOffset).getUint32(4, true);
  if (length > MAX_HEADER_BYTES) throw corrupt();
  return length;
}

/** Reads header and payload; the payload is a view, not a copy. */
export function decodeChunkObject(bytes: Uint8Array): { header: ChunkHeader; payload: Uint8Array } {
  const length = headerLength(bytes);
  return {
    header: decodeHeader(bytes.subarray(PREFIX_BYTES, PREFIX_BYTES + length)),
    payload: bytes.subarray(PREFIX_BYTES + length),
  };
}

export function decodeHeader(json: Uint8Array): ChunkHeader {
  try {
    return headerSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)));
  } catch (cause) {
    throw corrupt(cause);
  }
}

function corrupt(cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'chunk-object-corrupt',
    retryable: false,
    detail: 'A stored chunk is not in the form in which it was written.',
    remedy: 'Look who else writes to the work folder; submit the job again.',
    cause,
  });
}
