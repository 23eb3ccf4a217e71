import type { Item, ItemKey, Value } from '../jobs/ports/job-store.ts';

/** Overhead of a list or map, and of each of its elements, in bytes. */
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;

/**
 * Size of an item as DynamoDB bills it: names and values in bytes, with its key.
 * Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats".
 */
export function itemSize(key: ItemKey, item: Item): number {
  let bytes = 'pk'.length + Buffer.byteLength(key.pk) + 'sk'.length + Buffer.byteLength(key.sk);
  for (const [attribute, value] of Object.entries(item)) bytes += Buffer.byteLength(attribute) + valueSize(value);
  return bytes;
}

const measured = new WeakMap<Item, number>();

/** `itemSize` of an item that is stored under its key: it never changes, so it is measured once. */
export function storedItemSize(key: ItemKey, item: Item): number {
  let bytes = measured.get(item);
  if (bytes === undefined) measured.set(item, (bytes = itemSize(key, item)));
  return bytes;
}

/** Size of one value in bytes, without its name. */
export function valueSize(value: Value): number {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberSize(value);
  if (value instanceof Set) {
    let bytes = 0;
    for (const member of value as ReadonlySet<number>) bytes += numberSize(member);
    return bytes;
  }
  let bytes = CONTAINER_BYTES;
  if (Array.isArray(value)) {
    for (const element of value as readonly Value[]) bytes += ELEMENT_BYTES + valueSize(element);
    return bytes;
  }
  for (const [name, child] of Object.entries(value as Item))
    bytes += ELEMENT_BYTES + Buffer.byteLength(name) + valueSize(child);
  return bytes;
}

/** One byte for each two significant digits, one more, and one for a sign; zeros at either end count nothing. */
function numberSize(value: number): number {
  if (value === 0) return 1;
  return Math.ceil(significantDigits(Math.abs(value)) / 2) + 1 + (value < 0 ? 1 : 0);
}

function significantDigits(magnitude: number): number {
  if (!Number.isSafeInteger(magnitude)) return magnitude.toExponential().replace(/e.*$/, '').replace('.', '').length;
  let rest = magnitude;
  while (rest % 10 === 0) rest /= 10;
  let digits = 0;
  for (; rest >= 1; rest = Math.floor(rest / 10)) digits += 1;
  return digits;
}
