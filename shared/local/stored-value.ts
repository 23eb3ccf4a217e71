import type { Item, Value, Write } from '../jobs/ports/job-store.ts';

/** Values that `storedValue` made: they cannot change, so they are handed out and stored again as they are. */
const stored = new WeakSet<object>();

/** An item as a table keeps it: copied once when it is written, and frozen, so that no reader needs a copy of its own. */
export function storedItem(item: Item): Item {
  return storedValue(item) as Item;
}

/** A frozen copy of a value; a negative zero becomes zero: DynamoDB has one. */
export function storedValue(value: Value): Value {
  if (typeof value === 'number') return value + 0;
  if (value === null || typeof value !== 'object' || stored.has(value)) return value;
  const copy = copyOf(value);
  stored.add(copy);
  return copy;
}

/** An item that was put together of values that are stored already. */
export function storedItemOf(values: Record<string, Value>): Item {
  const item = Object.freeze(values);
  stored.add(item);
  return item;
}

/** What a transaction asked for: two lists are deeply equal exactly when they ask for the same. */
export function storedWrites(writes: readonly Write[]): readonly Write[] {
  // A write is plain data, too, although its type has no index.
  return storedValue(writes as unknown as Value) as unknown as readonly Write[];
}

function copyOf(value: NonNullable<Value> & object): NonNullable<Value> & object {
  if (value instanceof Set) return closedSet(value as ReadonlySet<number>);
  if (Array.isArray(value)) return Object.freeze((value as readonly Value[]).map(storedValue));
  const copy: Record<string, Value> = {};
  for (const name of Object.keys(value)) copy[name] = storedValue((value as Item)[name]!);
  return Object.freeze(copy);
}

/** In the place of the methods of a set that change it: `Object.freeze` leaves its members open. */
const closed = {
  value: (): never => {
    throw new TypeError('A set that is stored cannot be changed.');
  },
};
const CLOSED = { add: closed, delete: closed, clear: closed };

function closedSet(members: ReadonlySet<number>): ReadonlySet<number> {
  return Object.defineProperties(new Set(members), CLOSED);
}
