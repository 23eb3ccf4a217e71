import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTAINER_LIMITS } from '../../../../shared/geo/containers/container-limits.ts';
import { gunzip } from '../../../../shared/geo/containers/gunzip.ts';
import { memoryReader } from '../../../helpers/memory-reader.ts';
import { piecesOf } from '../../../helpers/pieces-of.ts';

async function gunzipped(bytes: Uint8Array, pieceBytes?: number): Promise<Buffer> {
  const options = { limits: CONTAINER_LIMITS, ...(pieceBytes === undefined ? {} : { pieceBytes }) };
  return Buffer.concat(await piecesOf(gunzip(memoryReader(bytes), options)));
}

describe('gunzip', () => {
  it('gives the content of all members, wherever the pieces end', async () => {
    const members = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(members, fc.integer({ min: 1, max: 200 }), async (parts, pieceBytes) => {
        const bytes = Buffer.concat(parts.map((part) => gzipSync(part)));
        expect((await gunzipped(bytes, pieceBytes)).equals(Buffer.concat(parts))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('takes zeros behind the last member for padding', async () => {
    const bytes = Buffer.concat([gzipSync('abc'), Buffer.alloc(700)]);
    expect((await gunzipped(bytes, 64)).toString()).toBe('abc');
  });

  it('reads large files piece by piece, and only as far as is asked for', async () => {
    const data = Buffer.alloc(3_000_000);
    for (let index = 0, state = 1; index < data.length; index++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      data[index] = state >>> 24;
    }
    const reader = memoryReader(gzipSync(data));
    for await (const piece of gunzip(reader, { limits: CONTAINER_LIMITS, pieceBytes: 50_000 })) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    const read = reader.reads.reduce((sum, { length }) => sum + length, 0);
    expect(read).toBeLessThan(1_000_000);
  });

  it('hands on what the source throws, and an abort', async () => {
    const bytes = gzipSync('abc');
    const broken = memoryReader(bytes, {
      onRead: () => {
        throw new TypeError('the network is down');
      },
    });
    const read = (options: { signal?: AbortSignal }, reader = memoryReader(bytes)) =>
      piecesOf(gunzip(reader, { limits: CONTAINER_LIMITS, ...options }));
    await expect(read({}, broken)).rejects.toThrow(new TypeError('the network is down'));
    await expect(read({ signal: AbortSignal.abort(new Error('over')) })).rejects.toThrow('over');
  });
});
