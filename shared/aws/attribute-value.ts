import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { convertToAttr, marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item, ItemKey, Value } from '../jobs/ports/job-store.ts';

/** A value as DynamoDB writes it: sets of numbers are `NS`. */
export function toAttributeValue(value: Value): AttributeValue {
  return convertToAttr(value);
}

/** An item with its key. */
export function toAttributes(key: ItemKey, item: Item): Record<string, AttributeValue> {
  return marshall({ ...item, pk: key.pk, sk: key.sk });
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
