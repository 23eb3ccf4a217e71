import type { Item, UpdateWrite, Value, Write } from '../jobs/ports/job-store.ts';
import { storeRequestInvalid } from '../adapters/errors.ts';
import { storedItemSize } from './item-size.ts';
import { storedItem, storedItemOf, storedValue } from './stored-value.ts';

/** Largest item in bytes, names included (DynamoDB). */
export const MAX_ITEM_BYTES = 400 * 1024;

/**
 * The item after a write whose condition held, frozen; what was stored is left as it is.
 * @param stored undefined when nothing is stored under the key
 * @throws LonghaulError `store-request-invalid` (final) when an operation does not fit the stored type, the item would
 *   pass 400 kB, or an attribute of the index would have another type
 */
export function applyWrite(stored: Item | undefined, write: Write): Item {
  const item = write.kind === 'put' ? storedItem(write.item) : update(stored ?? {}, write);
  const bytes = storedItemSize(write.key, item);
  if (bytes > MAX_ITEM_BYTES) {
    throw storeRequestInvalid(`The item ${write.key.sk} would have ${bytes} bytes; at most ${MAX_ITEM_BYTES} fit.`);
  }
  checkIndexAttributes(item);
  return item;
}

function update(stored: Item, write: UpdateWrite): Item {
  const item: Record<string, Value> = { ...stored };
  for (const [attribute, value] of Object.entries(write.set ?? {})) item[attribute] = storedValue(value);
  for (const [attribute, value] of Object.entries(write.add ?? {})) {
    item[attribute] = added(attribute, stored[attribute], value);
  }
  for (const [attribute, values] of Object.entries(write.append ?? {})) {
    const list = stored[attribute];
    if (!Array.isArray(list)) throw storeRequestInvalid(`The attribute ${attribute} is no list to append to.`);
    item[attribute] = storedValue([...(list as readonly Value[]), ...values]);
  }
  for (const attribute of write.remove ?? []) delete item[attribute];
  return storedItemOf(item);
}

function added(attribute: string, stored: Value | undefined, value: number | ReadonlySet<number>): Value {
  if (stored === undefined) return storedValue(value);
  if (typeof stored === 'number' && typeof value === 'number') return stored + value;
  if (stored instanceof Set && typeof value !== 'number') {
    return storedValue(new Set([...(stored as ReadonlySet<number>), ...value]));
  }
  throw storeRequestInvalid(`The attribute ${attribute} is of another type than what is added to it.`);
}

function checkIndexAttributes({ activePartition, dueAt }: Item): void {
  if (activePartition !== undefined && (typeof activePartition !== 'string' || activePartition === '')) {
    throw storeRequestInvalid('The attribute activePartition of the index is not a text with characters.');
  }
  if (dueAt !== undefined && typeof dueAt !== 'number') {
    throw storeRequestInvalid('The attribute dueAt of the index is not a number.');
  }
}
