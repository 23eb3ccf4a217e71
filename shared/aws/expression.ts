import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Condition, UpdateWrite, Value } from '../jobs/ports/job-store.ts';
import { toAttributeValue } from './attribute-value.ts';

/** A condition with the placeholders of its request. */
export interface ConditionExpression {
  ConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** A condition and changes with the placeholders of their request. */
export interface UpdateExpression extends ConditionExpression {
  UpdateExpression: string;
}

/** A condition in the words of DynamoDB; every name and value is a placeholder. */
export function conditionExpression(condition: Condition): ConditionExpression {
  const placeholders = new Placeholders();
  return placeholders.complete({ ConditionExpression: conditionText(condition, placeholders) });
}

/** The condition and changes of an update. */
export function updateExpression(write: UpdateWrite): UpdateExpression {
  const placeholders = new Placeholders();
  const name = (attribute: string): string => placeholders.name(attribute);
  const value = (content: Value): string => placeholders.value(content);
  const set = Object.entries(write.set ?? {}).map(([attribute, to]) => `${name(attribute)} = ${value(to)}`);
  const append = Object.entries(write.append ?? {}).map(
    ([attribute, values]) => `${name(attribute)} = list_append(${name(attribute)}, ${value(values)})`,
  );
  const add = Object.entries(write.add ?? {}).map(([attribute, by]) => `${name(attribute)} ${value(by)}`);
  const clauses = [
    ['SET', [...set, ...append]],
    ['ADD', add],
    ['REMOVE', (write.remove ?? []).map(name)],
  ] as const;
  return placeholders.complete({
    ConditionExpression: conditionText(write.condition, placeholders),
    UpdateExpression: clauses
      .filter(([, changes]) => changes.length > 0)
      .map(([keyword, changes]) => `${keyword} ${changes.join(', ')}`)
      .join(' '),
  });
}

function conditionText(condition: Condition, placeholders: Placeholders): string {
  if (condition.operator === 'all' || condition.operator === 'any') {
    const clauses = condition.conditions.map((clause) => `(${conditionText(clause, placeholders)})`);
    return clauses.join(condition.operator === 'all' ? ' AND ' : ' OR ');
  }
  const name = placeholders.name(condition.attribute);
  const value = (content: Value): string => placeholders.value(content);
  switch (condition.operator) {
    case 'equals':
      return `${name} = ${value(condition.value)}`;
    case 'in':
      return `${name} IN (${condition.values.map(value).join(', ')})`;
    case 'at-most':
      return `${name} <= ${value(condition.value)}`;
    case 'exists':
      return `attribute_exists(${name})`;
    case 'absent':
      return `attribute_not_exists(${name})`;
    case 'not-contains':
      return `NOT contains(${name}, ${value(condition.value)})`;
    case 'set-size': {
      if (condition.value === 0) return `attribute_not_exists(${name})`;
      // Texts and lists have a size too.
      return `attribute_type(${name}, ${value('NS')}) AND size(${name}) = ${value(condition.value)}`;
    }
  }
}

/** Names and values by placeholder; a name that occurs twice has one. */
class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #values: AttributeValue[] = [];

  name(attribute: string): string {
    let placeholder = this.#names.get(attribute);
    if (placeholder === undefined) this.#names.set(attribute, (placeholder = `#n${this.#names.size}`));
    return placeholder;
  }

  value(content: Value): string {
    this.#values.push(toAttributeValue(content));
    return `:v${this.#values.length - 1}`;
  }

  complete<Texts extends object>(texts: Texts): Texts & Omit<ConditionExpression, 'ConditionExpression'> {
    return {
      ...texts,
      ExpressionAttributeNames: Object.fromEntries([...this.#names].map(([name, placeholder]) => [placeholder, name])),
      // The service refuses an empty list of values.
      ...(this.#values.length > 0 && {
        ExpressionAttributeValues: Object.fromEntries(this.#values.map((value, index) => [`:v${index}`, value])),
      }),
    };
  }
}
