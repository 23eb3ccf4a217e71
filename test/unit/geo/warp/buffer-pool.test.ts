import { describe, expect, it } from 'vitest';
import { createBufferPool } from '../../../../shared/geo/warp/buffer-pool.ts';

const MIB = 1024 * 1024;

describe('createBufferPool', () => {
  it('gives memory that was given back again to a window of about the same size', () => {
    const pool = createBufferPool();
    const buffer = pool.take(3 * MIB);
    expect(buffer.byteLength).toBe(4 * MIB);
    pool.give(buffer);
    expect(pool.take(2.5 * MIB)).toBe(buffer);
    expect(pool.take(2.5 * MIB)).not.toBe(buffer);
  });

  it('does not give small memory to a large window', () => {
    const pool = createBufferPool();
    pool.give(pool.take(100));
    expect(pool.take(MIB).byteLength).toBe(MIB);
  });

  it('keeps no more than its bound', () => {
    const pool = createBufferPool();
    const buffers = Array.from({ length: 10 }, () => pool.take(8 * MIB));
    for (const buffer of buffers) pool.give(buffer);
    const again = Array.from({ length: 10 }, () => pool.take(8 * MIB));
    expect(again.filter((buffer) => buffers.includes(buffer))).toHaveLength(6);
  });
});
