import { describe, expect, it } from 'vitest';
import { releaseBytes } from '../../../../shared/geo/features/release-bytes.ts';

describe('releaseBytes', () => {
  it('empties bytes that have a buffer to themselves', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    releaseBytes(bytes);
    expect(bytes.length).toBe(0);
    expect(bytes.buffer.detached).toBe(true);
  });

  it('leaves bytes alone that share their buffer with others', () => {
    const all = Uint8Array.of(1, 2, 3);
    releaseBytes(all.subarray(1));
    releaseBytes(all.subarray(0, 2));
    expect(all).toEqual(Uint8Array.of(1, 2, 3));
    const pooled = Buffer.from('a short text lies in a buffer of many');
    releaseBytes(pooled);
    expect(pooled.toString()).toBe('a short text lies in a buffer of many');
  });

  it('leaves bytes alone that threads share', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(3));
    releaseBytes(shared);
    expect(shared.length).toBe(3);
  });

  it('takes nothing amiss that was released before', () => {
    const bytes = new Uint8Array(3);
    releaseBytes(bytes);
    expect(() => releaseBytes(bytes)).not.toThrow();
  });
});
