import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PartLimits, PartSink } from '../../../../shared/geo/upload/part-sink.ts';
import { PositionUploader } from '../../../../shared/geo/upload/position-uploader.ts';

const LIMITS: PartLimits = {
  minPartBytes: 5,
  usualPartBytes: 8,
  maxParts: 10,
  expectedParts: 8,
  unexpectedFactor: 2,
  concurrency: 3,
  maxBytesInFlight: 40,
};
/** Bytes that ten parts hold: eight of 8 and two of 16. */
const HOLDS = 8 * 8 + 2 * 16;

class Parts implements PartSink {
  readonly parts = new Map<number, Uint8Array>();
  completed = false;

  async putPart(partNumber: number, bytes: Uint8Array): Promise<void> {
    if (this.parts.has(partNumber)) throw new Error(`part ${partNumber} came twice`);
    this.parts.set(partNumber, bytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
  async complete(): Promise<void> {
    this.completed = true;
  }
  async abort(): Promise<void> {}

  get ordered(): Uint8Array[] {
    return [...this.parts.entries()].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
  }
}

describe('PositionUploader', () => {
  it('keeps every byte at its place when several places grow at once', async () => {
    const regions = fc.array(fc.nat(30), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(regions, fc.infiniteStream(fc.nat(5)), fc.nat(12), async (lengths, random, expected) => {
        const total = lengths.reduce((sum, length) => sum + length, 0);
        const file = Uint8Array.from({ length: total }, (_, index) => index + 1);
        const sink = new Parts();
        const uploader = new PositionUploader(sink, expected, undefined, LIMITS);
        let start = 0;
        const cursors = lengths.map((length) => ({ at: start, end: (start += length) }));
        while (cursors.some(({ at, end }) => at < end)) {
          for (const cursor of cursors) {
            const next = Math.min(cursor.end, cursor.at + (random.next().value as number));
            await uploader.write(cursor.at, file.subarray(cursor.at, next));
            cursor.at = next;
          }
        }
        await uploader.finish(total);
        expect(new Uint8Array(Buffer.concat(sink.ordered))).toEqual(file);
        for (const part of sink.ordered.slice(0, -1)) expect(part.length).toBeGreaterThanOrEqual(LIMITS.minPartBytes);
        expect(uploader.mostOpen).toBeLessThanOrEqual(2 * lengths.length - 1);
        expect(sink.completed).toBe(true);
      }),
    );
  });

  it('takes no more memory for a small file than it has', async () => {
    const sink = new Parts();
    const uploader = new PositionUploader(sink, 99.5);
    for (let at = 0; at < 100; at += 10) await uploader.write(at, new Uint8Array(10));
    await uploader.finish(100);
    expect(sink.ordered.map(({ buffer }) => buffer.byteLength)).toEqual([100]);
  });

  it('sends one part of no bytes for an empty file', async () => {
    const sink = new Parts();
    await new PositionUploader(sink, 0, undefined, LIMITS).finish(0);
    expect(sink.ordered).toEqual([new Uint8Array(0)]);
  });

  it('does not complete a file with a gap', async () => {
    const sink = new Parts();
    const uploader = new PositionUploader(sink, 0, undefined, LIMITS);
    await uploader.write(0, new Uint8Array(3));
    await uploader.write(4, new Uint8Array(3));
    await expect(uploader.finish(7)).rejects.toThrow(RangeError);
    expect(sink.completed).toBe(false);
  });

  it('makes larger parts once more came than was expected, and refuses what they cannot hold', async () => {
    const sink = new Parts();
    const uploader = new PositionUploader(sink, 0, undefined, LIMITS);
    await uploader.write(0, new Uint8Array(HOLDS));
    expect(sink.ordered.map(({ length }) => length)).toEqual([8, 8, 8, 8, 8, 8, 8, 8, 16, 16]);
    await expect(uploader.write(HOLDS, new Uint8Array(1))).rejects.toMatchObject({ code: 'output-too-large' });
  });

  it('gives the failure of a part to whoever writes next', async () => {
    const sink = new Parts();
    sink.putPart = () => Promise.reject(new Error('no disk'));
    const uploader = new PositionUploader(sink, 0, undefined, LIMITS);
    await uploader.write(0, new Uint8Array(8));
    await uploader.settle();
    await expect(uploader.write(8, new Uint8Array(8))).rejects.toThrow('no disk');
  });
});
