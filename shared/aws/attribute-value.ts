import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToAttr, marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item, ItemKey, Value } from '../jobs/ports/job-store.ts';

/** A value as DynamoDB writes it: sets of numbers are `NS`. */
export function toAttributeValue(value: Value): AttributeValue {
  return convertToAttr(ordered(value));
}

/** An item with its key. */
export function toAttributes(key: ItemKey, item: Item): Record<string, AttributeValue> {
  return { ...marshall(ordered(item)), ...toKeyAttributes(key) };
}

export function toKeyAttributes({ pk, sk }: ItemKey): Record<string, AttributeValue> {
  return { pk: { S: pk }, sk: { S: sk } };
}

/** @throws TypeError for attributes without a key: the table is not ours */
export function fromKeyAttributes(attributes: Record<string, AttributeValue>): ItemKey {
  const pk = attributes['pk']?.S;
  const sk = attributes['sk']?.S;
  if (pk === undefined || sk === undefined) throw new TypeError('an item of the table has no pk or sk');
  return { pk, sk };
}

/** An item without its key. */
export function fromAttributes(attributes: Record<string, AttributeValue>): Item {
  const item = unmarshall(attributes) as Record<string, Value>;
  delete item['pk'];
  delete item['sk'];
  return item;
}

/** Sets in one order, so that the same transaction is the same request, which is what its token is held against. */
function ordered<Content extends Value>(value: Content): Content;
function ordered(value: Value): Value {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Set) return new Set([...(value as ReadonlySet<number>)].sort((a, b) => a - b));
  if (Array.isArray(value)) return (value as readonly Value[]).map((element) => ordered(element));
  return Object.fromEntries(Object.entries(value as Item).map(([name, child]) => [name, ordered(child)]));
}
