import { describe, expect, it } from 'vitest';
import { deadLetterAttributes } from '../../../shared/adapters/dead-letter-attributes.ts';

const MIB = 1024 * 1024;

describe('deadLetterAttributes', () => {
  it('keeps code and detail', () => {
    expect(deadLetterAttributes('x', { code: 'message-invalid', detail: 'not JSON' })).toEqual({
      reasonCode: 'message-invalid',
      reasonDetail: 'not JSON',
    });
  });

  it('cuts a long detail between characters, not through one', () => {
    const { reasonDetail } = deadLetterAttributes('x', { code: 'c', detail: '🗺'.repeat(5000) });
    expect(reasonDetail).toBe('🗺'.repeat(1024));
  });

  it('replaces what SQS does not take', () => {
    const { reasonDetail } = deadLetterAttributes('x', { code: 'c', detail: 'a\u0000b\uD800c\uFFFEd\t🗺' });
    expect(reasonDetail).toBe('a\uFFFDb\uFFFDc\uFFFDd\t🗺');
  });

  it('leaves out a text that is empty or does not fit beside the body', () => {
    expect(deadLetterAttributes('x', { code: 'c', detail: '' })).toEqual({ reasonCode: 'c' });
    const body = 'x'.repeat(MIB - 100);
    expect(deadLetterAttributes(body, { code: 'c', detail: 'y'.repeat(100) })).toEqual({ reasonCode: 'c' });
    expect(deadLetterAttributes('x'.repeat(MIB), { code: 'c', detail: 'd' })).toEqual({});
  });
});
