import type { RejectedSource } from '../../features/feature-sink.ts';
import { MAX_REJECTED_BYTES } from './limits.ts';
import { isUtf8Range, wholeCharacters } from './utf8.ts';

/** A rejected record as it stood in the source: its text, at most 64 KiB of it; its bytes if they are no text. */
export function rejectedText(bytes: Buffer, start: number, end: number): RejectedSource {
  const bounded = end - start > MAX_REJECTED_BYTES ? wholeCharacters(bytes, start, start + MAX_REJECTED_BYTES) : end;
  if (isUtf8Range(bytes, start, bounded)) return { text: bytes.toString('utf8', start, bounded) };
  return { bytes: Uint8Array.from(bytes.subarray(start, bounded)) };
}
