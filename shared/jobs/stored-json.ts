import { LonghaulError } from '../errors/longhaul-error.ts';
import type { ObjectStore } from './ports/object-store.ts';

const MIB = 1024 * 1024;

/** Largest request, plan or results object that is read back, in bytes. */
export const MAX_JSON_BYTES = 16 * MIB;

/** Reads a JSON object that we wrote; undefined when there is none. */
export async function readStoredJson(objects: ObjectStore, url: URL): Promise<unknown> {
  const bytes = await objects.get(url, MAX_JSON_BYTES);
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as unknown);
}

/** Writes a JSON object unless one is there: whoever comes second takes the first one's. */
export async function writeStoredJson(objects: ObjectStore, url: URL, value: unknown): Promise<'written' | 'exists'> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  if (bytes.length > MAX_JSON_BYTES) {
    throw new LonghaulError({
      code: 'object-too-large',
      retryable: false,
      detail: `${url.pathname.split('/').at(-1) ?? ''} would have ${bytes.length} bytes, the limit is ${MAX_JSON_BYTES}.`,
      limit: MAX_JSON_BYTES,
      actual: bytes.length,
      remedy: 'Ask for fewer datasets or a simpler area.',
    });
  }
  return objects.putIfAbsent(url, bytes, 'application/json');
}
