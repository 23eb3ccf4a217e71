import type { Condition, ItemKey, Value, Write } from '../jobs/ports/job-store.ts';
import { storeRequestInvalid } from './errors.ts';

/** Longest partition and sort key in bytes of UTF-8 (DynamoDB). */
const MAX_PARTITION_KEY_BYTES = 2048;
const MAX_SORT_KEY_BYTES = 1024;
/** Deepest nesting of lists and maps (DynamoDB). */
const MAX_DEPTH = 32;
/** Most operands of one `in` (DynamoDB). */
const MAX_OPERANDS = 100;
/** Most writes of one transaction (DynamoDB). */
export const MAX_TRANSACTION_WRITES = 100;
/** The number closest to zero (DynamoDB). */
const MIN_MAGNITUDE = 1e-130;
const KEY_ATTRIBUTES: readonly string[] = ['pk', 'sk'];

/**
 * Refuses what DynamoDB refuses whatever is stored, so that no set of adapters is laxer than another.
 * @throws LonghaulError `store-request-invalid` (final)
 */
export function checkWrite(write: Write): void {
  checkKey(write.key);
  checkCondition(write.condition);
  if (write.kind === 'put') {
    for (const [attribute, value] of Object.entries(write.item)) {
      checkAttribute(attribute);
      checkValue(attribute, value, 1);
    }
    return;
  }
  const changed = [write.set, write.add, write.append].flatMap((clause) => Object.entries(clause ?? {}));
  for (const [attribute, value] of changed) checkValue(attribute, value, 1);
  const attributes = [...changed.map(([attribute]) => attribute), ...(write.remove ?? [])];
  if (attributes.length === 0) throw storeRequestInvalid(`The update of ${write.key.sk} changes nothing.`);
  for (const attribute of attributes) checkAttribute(attribute);
  if (new Set(attributes).size < attributes.length) {
    throw storeRequestInvalid(`The update of ${write.key.sk} changes an attribute twice.`);
  }
}

/** @throws LonghaulError `store-request-invalid` (final) */
export function checkTransaction(writes: readonly Write[], token: string): void {
  if (token === '') throw storeRequestInvalid('The transaction has no token.');
  if (writes.length < 1 || writes.length > MAX_TRANSACTION_WRITES) {
    throw storeRequestInvalid(`A transaction has 1 to ${MAX_TRANSACTION_WRITES} writes, not ${writes.length}.`);
  }
  for (const write of writes) checkWrite(write);
  const items = new Set(writes.map(({ key }) => JSON.stringify([key.pk, key.sk])));
  if (items.size < writes.length) throw storeRequestInvalid('Two writes of one transaction change the same item.');
}

export function checkKey(key: ItemKey): void {
  const partition = Buffer.byteLength(key.pk);
  const sort = Buffer.byteLength(key.sk);
  if (partition < 1 || partition > MAX_PARTITION_KEY_BYTES || sort < 1 || sort > MAX_SORT_KEY_BYTES) {
    throw storeRequestInvalid(`A key of ${partition} and ${sort} bytes is not a key.`);
  }
}

function checkAttribute(attribute: string): void {
  if (attribute === '' || KEY_ATTRIBUTES.includes(attribute)) {
    throw storeRequestInvalid(`The attribute "${attribute}" cannot be written.`);
  }
}

function checkValue(attribute: string, value: unknown, depth: number): void {
  if (depth > MAX_DEPTH) throw storeRequestInvalid(`The attribute ${attribute} is nested deeper than ${MAX_DEPTH}.`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') return checkNumber(attribute, value);
  if (value instanceof Set) {
    if (value.size === 0) throw storeRequestInvalid(`The attribute ${attribute} would be an empty set.`);
    for (const member of value as ReadonlySet<Value>) checkNumber(attribute, member);
    return;
  }
  if (typeof value !== 'object') throw storeRequestInvalid(`The attribute ${attribute} is ${typeof value}.`);
  for (const child of Object.values(value)) checkValue(attribute, child, depth + 1);
}

/** Beyond the safe integers two stores would round differently; closer to zero there are no numbers. */
function checkNumber(attribute: string, value: unknown): void {
  const magnitude = typeof value === 'number' ? Math.abs(value) : Number.NaN;
  if (magnitude !== 0 && !(magnitude >= MIN_MAGNITUDE && magnitude <= Number.MAX_SAFE_INTEGER)) {
    throw storeRequestInvalid(`The attribute ${attribute} has the number ${String(value)}, which cannot be stored.`);
  }
}

function checkCondition(condition: Condition): void {
  switch (condition.operator) {
    case 'all':
    case 'any':
      if (condition.conditions.length === 0) throw storeRequestInvalid(`A condition "${condition.operator}" is empty.`);
      for (const clause of condition.conditions) checkCondition(clause);
      return;
    case 'in':
      if (condition.values.length < 1 || condition.values.length > MAX_OPERANDS) {
        throw storeRequestInvalid(`"in" takes 1 to ${MAX_OPERANDS} values, not ${condition.values.length}.`);
      }
      for (const value of condition.values) checkValue(condition.attribute, value, 1);
      return;
    case 'exists':
    case 'absent':
      return;
    case 'equals':
    case 'at-most':
    case 'not-contains':
    case 'set-size':
      checkValue(condition.attribute, condition.value, 1);
  }
}
