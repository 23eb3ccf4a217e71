import { LonghaulError } from '../errors/longhaul-error.ts';
import {
  decodeChunkObject,
  decodeHeader,
  headerLength,
  MAX_CHUNK_BYTES,
  PREFIX_BYTES,
  type ChunkHeader,
} from './chunk-object.ts';
import type { Platform } from './platform.ts';
import type { StoredPayload } from './process.ts';

/** Bytes that are read at once: most headers fit, so that one request serves. */
const FIRST_READ_BYTES = 16 * 1024;

/** Reads only what a chunk object says of itself. */
export async function readChunkHeader(platform: Platform, url: URL): Promise<ChunkHeader> {
  const first = await platform.objects.getRange(url, 0, FIRST_READ_BYTES);
  if (first === undefined) throw missing();
  const length = headerLength(first);
  const end = PREFIX_BYTES + length;
  if (end <= first.length) return decodeHeader(first.subarray(PREFIX_BYTES, end));
  const whole = await platform.objects.getRange(url, PREFIX_BYTES, length);
  if (whole === undefined) throw missing();
  return decodeHeader(whole);
}

/** Opens the payload of a chunk object without reading it; undefined when the chunk was given up and has none. */
export async function openPayload(platform: Platform, url: URL): Promise<Omit<StoredPayload, 'ranges'> | undefined> {
  const prefix = await platform.objects.getRange(url, 0, FIRST_READ_BYTES);
  if (prefix === undefined) throw missing();
  const start = PREFIX_BYTES + headerLength(prefix);
  const { abandoned, counts } =
    start <= prefix.length ? decodeHeader(prefix.subarray(PREFIX_BYTES, start)) : await readChunkHeader(platform, url);
  if (abandoned) return undefined;
  // Of an object that goes on nothing is kept: thousands may be open at once.
  const payload = prefix.length < FIRST_READ_BYTES ? prefix.subarray(start) : undefined;
  return {
    counts,
    async read(offset, length) {
      if (payload !== undefined) return new Uint8Array(payload.subarray(offset, offset + length));
      const from = start + offset;
      const bytes = await platform.objects.getRange(url, from, length);
      if (bytes === undefined) throw missing();
      return bytes;
    },
  };
}

/** Reads a whole chunk object; undefined when there is none. */
export async function readChunk(
  platform: Platform,
  url: URL,
): Promise<{ header: ChunkHeader; payload: Uint8Array } | undefined> {
  const bytes = await platform.objects.get(url, MAX_CHUNK_BYTES);
  return bytes === undefined ? undefined : decodeChunkObject(bytes);
}

function missing(): LonghaulError {
  return new LonghaulError({
    code: 'work-expired',
    retryable: false,
    detail: 'A settled chunk of this job is no longer stored.',
    remedy: 'Submit the job again; raise the retention if jobs must be retried later than that.',
  });
}
