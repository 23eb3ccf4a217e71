import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import type { Item, ItemKey, JobStore } from '../../shared/jobs/ports/job-store.ts';

/** Bytes of the key: those of HMAC-SHA-256. */
const KEY_BYTES = 32;

const KEY_ITEM: ItemKey = { pk: 'SETTING#cursor-key', sk: 'SETTING' };

/**
 * The key that signs cursors. It lies in the table, made by whoever needs it first, so that no deployment has to
 * hand out a secret; whoever deletes it makes all cursors void.
 * @param randomBytes a cryptographic source
 */
export function createCursorKey(
  store: Pick<JobStore, 'read' | 'write'>,
  randomBytes: (length: number) => Uint8Array,
): () => Promise<Uint8Array> {
  let known: Uint8Array | undefined;
  return async () => (known ??= keyOf((await store.read(KEY_ITEM)) ?? (await makeKey(store, randomBytes))));
}

async function makeKey(store: Pick<JobStore, 'write'>, randomBytes: (length: number) => Uint8Array): Promise<Item> {
  const key = Buffer.from(randomBytes(KEY_BYTES)).toString('base64');
  const condition = { operator: 'absent', attribute: 'key' } as const;
  const outcome = await store.write({ kind: 'put', key: KEY_ITEM, item: { key }, condition });
  return outcome.item ?? {};
}

function keyOf(item: Item): Uint8Array {
  const { key } = item;
  const bytes = typeof key === 'string' ? Buffer.from(key, 'base64') : new Uint8Array();
  if (bytes.length === KEY_BYTES) return bytes;
  throw new LonghaulError({
    code: 'internal-error',
    retryable: false,
    detail: 'The key that signs cursors is broken.',
    remedy: `Delete the item ${KEY_ITEM.pk}: a new key is made.`,
  });
}
