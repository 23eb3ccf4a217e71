import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCursor, signCursor } from '../../../shared/http/cursor.ts';

const KEY = new Uint8Array(32).fill(1);
const OTHER_KEY = new Uint8Array(32).fill(2);
const REFUSAL = 'was not made for this list';

describe('cursor', () => {
  it('opens in the scope that it was made in', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1, maxLength: 200 }), (scope, after) => {
        expect(openCursor(KEY, scope, signCursor(KEY, scope, after))).toBe(after);
      }),
    );
  });

  it('opens with no other key or scope', () => {
    const cursor = signCursor(KEY, 'tenant a', 'x');
    expect(() => openCursor(OTHER_KEY, 'tenant a', cursor)).toThrow(REFUSAL);
    expect(() => openCursor(KEY, 'tenant b', cursor)).toThrow(REFUSAL);
  });

  it('opens no more when one character of it is changed', () => {
    const cursor = signCursor(KEY, 's', 'after');
    for (let index = 0; index < cursor.length - 1; index++) {
      const changed = cursor.slice(0, index) + (cursor[index] === 'A' ? 'B' : 'A') + cursor.slice(index + 1);
      expect(() => openCursor(KEY, 's', changed), changed).toThrow(REFUSAL);
    }
  });

  it('opens no more with something behind it, or without a place to go on from', () => {
    expect(() => openCursor(KEY, 's', `${signCursor(KEY, 's', 'x')}.`)).toThrow(REFUSAL);
    expect(() => openCursor(KEY, 's', signCursor(KEY, 's', ''))).toThrow(REFUSAL);
    expect(() => openCursor(KEY, 's', signCursor(KEY, 's', 'x'.repeat(257)))).toThrow(REFUSAL);
  });

  it('is not looked at beyond 1,024 characters, whoever signed it', () => {
    const long = signCursor(KEY, 's', '\u0001'.repeat(256));
    expect(long.length).toBeGreaterThan(1_024);
    expect(() => openCursor(KEY, 's', long)).toThrow(REFUSAL);
  });

  it('says what to do when it is refused', () => {
    expect(() => openCursor(KEY, 's', 'x')).toThrow(
      expect.objectContaining({
        code: 'cursor-invalid',
        retryable: false,
        detail: 'The cursor was not made for this list.',
        field: 'cursor',
        remedy: 'Follow the link with relation "next" of the page before, or start again without a cursor.',
      }),
    );
  });

  it.each(['', '.', 'a.b.c', '{"after":"x"}', 'x'.repeat(2_000)])('does not open %s', (text) => {
    expect(() => openCursor(KEY, 's', text)).toThrow(REFUSAL);
  });
});
