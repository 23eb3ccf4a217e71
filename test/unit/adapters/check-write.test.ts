import { describe, expect, it } from 'vitest';
import { checkWrite } from '../../../shared/adapters/check-write.ts';
import type { Condition, Item, Value } from '../../../shared/jobs/ports/job-store.ts';

const IS_NEW: Condition = { operator: 'absent', attribute: 'pk' };
const INVALID = expect.objectContaining({ code: 'store-request-invalid', retryable: false }) as Error;

function put(item: Item, condition = IS_NEW, sk = 'JOB#1'): () => void {
  return () => checkWrite({ kind: 'put', key: { pk: 'TENANT#a', sk }, item, condition });
}

function nested(depth: number): Value {
  let value: Value = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

describe('checkWrite', () => {
  it('takes values nested up to 32 deep, and refuses 100,000 without a stack overflow', () => {
    expect(put({ list: nested(31) })).not.toThrow();
    expect(put({ list: nested(32) })).toThrow(INVALID);
    expect(put({ list: nested(100_000) })).toThrow(INVALID);
  });

  it('takes numbers that every store keeps exactly', () => {
    for (const number of [0, -0, 1e-130, -0.1, Number.MAX_SAFE_INTEGER]) expect(put({ number })).not.toThrow();
    for (const number of [1e-131, 2 ** 53, -Infinity, Number.NaN]) expect(put({ number })).toThrow(INVALID);
  });

  it.each([
    ['undefined', { a: undefined }],
    ['a function', { a: () => 1 }],
    ['a bigint', { a: 1n }],
    ['a set of texts', { a: new Set(['x']) }],
    ['an empty set within a list', { a: [new Set()] }],
    ['a NaN within a map', { a: { b: Number.NaN } }],
  ])('refuses %s', (_what, item) => {
    expect(put(item as unknown as Item)).toThrow(INVALID);
  });

  it('takes sort keys up to 1,024 bytes', () => {
    expect(put({}, IS_NEW, 'ü'.repeat(512))).not.toThrow();
    expect(put({}, IS_NEW, `${'ü'.repeat(512)}x`)).toThrow(INVALID);
  });

  it('looks into every clause of a condition', () => {
    const condition: Condition = {
      operator: 'all',
      conditions: [{ operator: 'any', conditions: [{ operator: 'equals', attribute: 'a', value: Number.NaN }] }],
    };
    expect(put({}, condition)).toThrow(INVALID);
  });
});
