import { describe, expect, it } from 'vitest';
import type { Value } from '../../../shared/jobs/ports/job-store.ts';
import { itemSize, valueSize } from '../../../shared/local/item-size.ts';

describe('valueSize', () => {
  it.each<[Value, number, string]>([
    ['', 0, 'an empty text'],
    ['abc', 3, 'one byte for each ASCII character'],
    ['ü🗺', 6, 'the bytes of UTF-8'],
    [true, 1, 'a boolean'],
    [null, 1, 'nothing'],
    [0, 1, 'zero'],
    [7, 2, 'one digit'],
    [42, 2, 'two digits'],
    [123, 3, 'three digits'],
    [-123, 4, 'a sign'],
    [4_000_000, 2, 'zeros at the end count nothing'],
    [1_767_225_600_123, 8, 'a time in milliseconds'],
    [0.125, 3, 'digits of a fraction'],
    [-1.5e-7, 3, 'zeros at the front count nothing'],
    [new Set([1, 22, 333]), 2 + 2 + 3, 'a set is the sum of its members'],
    [[], 3, 'an empty list'],
    [['a', 1], 3 + (1 + 1) + (1 + 2), 'a list'],
    [{}, 3, 'an empty map'],
    [{ ab: 'c', d: [null] }, 3 + (1 + 2 + 1) + (1 + 1 + (3 + 1 + 1)), 'a map with a list'],
  ])('of %j is %i bytes: %s', (value, bytes) => {
    expect(valueSize(value)).toBe(bytes);
  });
});

describe('itemSize', () => {
  it('counts names and values, those of the key too', () => {
    const bytes = 'pk'.length + 'TENANT#a'.length + 'sk'.length + 'JOB#1'.length + 'state'.length + 'running'.length;
    expect(itemSize({ pk: 'TENANT#a', sk: 'JOB#1' }, { state: 'running' })).toBe(bytes);
  });
});
