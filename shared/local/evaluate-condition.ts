import type { Condition, Item, ItemKey, Value } from '../jobs/ports/job-store.ts';

/**
 * Whether a condition holds for what is stored, as DynamoDB decides it: a comparison with an attribute that is
 * absent or of another type is false, and `NOT` of it true. `pk` and `sk` can be asked for like any attribute.
 * @param item undefined when nothing is stored under the key
 */
export function evaluateCondition(condition: Condition, key: ItemKey, item: Item | undefined): boolean {
  if (condition.operator === 'all') return condition.conditions.every((clause) => evaluateCondition(clause, key, item));
  if (condition.operator === 'any') return condition.conditions.some((clause) => evaluateCondition(clause, key, item));
  const stored = attributeOf(condition.attribute, key, item);
  switch (condition.operator) {
    case 'equals':
      return stored === condition.value;
    case 'in':
      return condition.values.some((value) => stored === value);
    case 'at-most':
      return typeof stored === 'number' && stored <= condition.value;
    case 'exists':
      return stored !== undefined;
    case 'absent':
      return stored === undefined;
    case 'not-contains':
      return !contains(stored, condition.value);
    case 'set-size':
      return stored === undefined ? condition.value === 0 : stored instanceof Set && stored.size === condition.value;
  }
}

function attributeOf(attribute: string, key: ItemKey, item: Item | undefined): Value | undefined {
  if (item === undefined) return undefined;
  if (attribute === 'pk') return key.pk;
  if (attribute === 'sk') return key.sk;
  return Object.hasOwn(item, attribute) ? item[attribute] : undefined;
}

function contains(stored: Value | undefined, member: number): boolean {
  if (stored instanceof Set) return (stored as ReadonlySet<number>).has(member);
  return Array.isArray(stored) && (stored as readonly Value[]).includes(member);
}
