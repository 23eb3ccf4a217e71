import { describe, expect, it } from 'vitest';
import { conditionExpression, updateExpression } from '../../../shared/aws/expression.ts';
import type { Condition } from '../../../shared/jobs/ports/job-store.ts';

const attribute = 'a';

describe('conditionExpression', () => {
  it.each<[Condition, string]>([
    [{ operator: 'equals', attribute, value: 1 }, '#n0 = :v0'],
    [{ operator: 'in', attribute, values: [1, 'x'] }, '#n0 IN (:v0, :v1)'],
    [{ operator: 'at-most', attribute, value: 1 }, '#n0 <= :v0'],
    [{ operator: 'exists', attribute }, 'attribute_exists(#n0)'],
    [{ operator: 'absent', attribute }, 'attribute_not_exists(#n0)'],
    [{ operator: 'not-contains', attribute, value: 1 }, 'NOT contains(#n0, :v0)'],
    [{ operator: 'set-size', attribute, value: 0 }, 'attribute_not_exists(#n0)'],
    [{ operator: 'set-size', attribute, value: 2 }, 'attribute_type(#n0, :v0) AND size(#n0) = :v1'],
  ])('says %j as %s', (condition, text) => {
    expect(conditionExpression(condition).ConditionExpression).toBe(text);
  });

  it('puts each clause in parentheses, and names an attribute once', () => {
    const either: Condition = {
      operator: 'any',
      conditions: [
        { operator: 'equals', attribute: 'b', value: 1 },
        { operator: 'exists', attribute },
      ],
    };
    const condition: Condition = { operator: 'all', conditions: [{ operator: 'absent', attribute: 'b' }, either] };
    expect(conditionExpression(condition)).toEqual({
      ConditionExpression: '(attribute_not_exists(#n0)) AND ((#n0 = :v0) OR (attribute_exists(#n1)))',
      ExpressionAttributeNames: { '#n0': 'b', '#n1': 'a' },
      ExpressionAttributeValues: { ':v0': { N: '1' } },
    });
  });

  it('has no values when the condition has none', () => {
    expect(conditionExpression({ operator: 'exists', attribute })).not.toHaveProperty('ExpressionAttributeValues');
  });
});

describe('updateExpression', () => {
  it('says every change in one expression', () => {
    const expression = updateExpression({
      kind: 'update',
      key: { pk: 'p', sk: 's' },
      condition: { operator: 'exists', attribute: 'pk' },
      set: { state: 'running' },
      append: { history: ['x'] },
      add: { settled: new Set([2, 1]), done: 4 },
      remove: ['leaseToken', 'leaseUntil'],
    });
    expect(expression).toEqual({
      ConditionExpression: 'attribute_exists(#n6)',
      UpdateExpression: 'SET #n0 = :v0, #n1 = list_append(#n1, :v1) ADD #n2 :v2, #n3 :v3 REMOVE #n4, #n5',
      ExpressionAttributeNames: {
        '#n0': 'state',
        '#n1': 'history',
        '#n2': 'settled',
        '#n3': 'done',
        '#n4': 'leaseToken',
        '#n5': 'leaseUntil',
        '#n6': 'pk',
      },
      ExpressionAttributeValues: {
        ':v0': { S: 'running' },
        ':v1': { L: [{ S: 'x' }] },
        ':v2': { NS: ['1', '2'] },
        ':v3': { N: '4' },
      },
    });
  });
});
