import type { Item, Value } from '../jobs/ports/job-store.ts';

/** A deep copy, so that nobody changes what is stored by changing what was handed in or out. */
export function copyItem(item: Item): Item {
  const copy: Record<string, Value> = {};
  for (const attribute of Object.keys(item)) copy[attribute] = copyValue(item[attribute]!);
  return copy;
}

/** A negative zero becomes zero: DynamoDB has one. */
export function copyValue(value: Value): Value {
  if (typeof value === 'number') return value + 0;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Set) return new Set(value as ReadonlySet<number>);
  if (Array.isArray(value)) return (value as readonly Value[]).map(copyValue);
  return copyItem(value as Item);
}
