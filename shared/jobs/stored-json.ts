import { LonghaulError } from '../errors/longhaul-error.ts';
import type { ObjectStore } from './ports/object-store.ts';

const MIB = 1024 * 1024;

/** Largest request, plan or results object that is read back, in bytes. */
export const MAX_JSON_BYTES = 16 * MIB;

/**
 * Reads a JSON object that we wrote; undefined when there is none.
 * @throws LonghaulError `stored-object-corrupt` (final) when it is not JSON any more: no later attempt finds another
 */
export async function readStoredJson(objects: ObjectStore, url: URL): Promise<unknown> {
  const bytes = await objects.get(url, MAX_JSON_BYTES);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw new LonghaulError({
      code: 'stored-object-corrupt',
      retryable: false,
      detail: `The stored ${fileName(url)} is not in the form in which it was written.`,
      remedy: 'Look who else writes to the bucket; submit the job again.',
      cause,
    });
  }
}

/** Writes a JSON object unless one is there: whoever comes second takes the first one's. */
export async function writeStoredJson(objects: ObjectStore, url: URL, value: unknown): Promise<'written' | 'exists'> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  if (bytes.length > MAX_JSON_BYTES) {
    throw new LonghaulError({
      code: 'object-too-large',
      retryable: false,
      detail: `${fileName(url)} would have ${bytes.length} bytes, the limit is ${MAX_JSON_BYTES}.`,
      limit: MAX_JSON_BYTES,
      actual: bytes.length,
      remedy: 'Ask for fewer datasets or a simpler area.',
    });
  }
  return objects.putIfAbsent(url, bytes, 'application/json');
}

const fileName = (url: URL): string => url.pathname.split('/').at(-1) ?? '';
