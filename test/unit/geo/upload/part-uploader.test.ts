import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archiveTooLarge } from '../../../../shared/geo/pmtiles/errors.ts';
import type { PartLimits, PartSink } from '../../../../shared/geo/upload/part-sink.ts';
import { PartUploader } from '../../../../shared/geo/upload/part-uploader.ts';

const LIMITS: PartLimits = {
  minPartBytes: 5,
  usualPartBytes: 8,
  maxParts: 10,
  expectedParts: 8,
  unexpectedFactor: 2,
  concurrency: 3,
  maxBytesInFlight: 40,
};

class Parts implements PartSink {
  readonly parts = new Map<number, Uint8Array>();
  readonly waiting: (() => void)[] = [];
  mostBytesInFlight = 0;
  completed = false;

  async putPart(partNumber: number, bytes: Uint8Array): Promise<void> {
    this.parts.set(partNumber, bytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
  async complete(): Promise<void> {
    this.completed = true;
  }
  async abort(): Promise<void> {}

  get sizes(): number[] {
    return [...this.parts.entries()].sort(([a], [b]) => a - b).map(([, bytes]) => bytes.length);
  }
  get content(): string {
    const numbers = [...this.parts.keys()].sort((a, b) => a - b);
    return Buffer.concat(numbers.map((number) => this.parts.get(number)!)).toString();
  }
}

async function upload(chunks: string[], expectedBytes = 0): Promise<Parts> {
  const sink = new Parts();
  const uploader = new PartUploader(sink, expectedBytes, undefined, LIMITS);
  for (const chunk of chunks) await uploader.append(Buffer.from(chunk));
  await uploader.finish(Buffer.from('<'));
  return sink;
}

describe('PartUploader', () => {
  it('keeps every byte in order, in parts of at least the least size', async () => {
    const chunks = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 20 }), { maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.nat(100), async (contents, expectedBytes) => {
        fc.pre(contents.join('').length <= 77);
        const sink = await upload(contents, expectedBytes);
        expect(sink.content).toBe(`<${contents.join('')}`);
        for (const size of sink.sizes.slice(0, -1)) expect(size).toBeGreaterThanOrEqual(LIMITS.minPartBytes);
        expect(sink.completed).toBe(true);
      }),
    );
  });

  it('makes larger parts of a file that is expected to be larger', async () => {
    expect((await upload(['x'.repeat(50)])).sizes).toEqual([6, 8, 8, 8, 8, 8, 5]);
    expect((await upload(['x'.repeat(50)], 160)).sizes).toEqual([6, 20, 20, 5]);
  });

  it('makes larger parts once more came than was expected', async () => {
    expect((await upload(['x'.repeat(80)])).sizes).toEqual([6, 8, 8, 8, 8, 8, 8, 8, 16, 3]);
  });

  it('refuses what its parts cannot hold', async () => {
    const holds = 5 + 7 * 8 + 2 * 16;
    expect((await upload(['x'.repeat(holds)])).sizes).toHaveLength(10);
    await expect(upload(['x'.repeat(holds + 1)])).rejects.toMatchObject({ code: 'output-too-large', limit: 10 });
  });

  it('says in the words of its caller that a file is too large', async () => {
    const uploader = new PartUploader(new Parts(), 0, undefined, LIMITS, { tooLarge: archiveTooLarge });
    await expect(uploader.append(new Uint8Array(94))).rejects.toMatchObject({ code: 'archive-too-large', limit: 10 });
  });

  it('sends few parts at once, and large ones fewer', async () => {
    for (const [expectedBytes, atOnce] of [
      [0, 3],
      [20 * 8, 2],
      [50 * 8, 1],
    ] as const) {
      const sink = new Parts();
      let inFlight = 0;
      let most = 0;
      const putPart = sink.putPart.bind(sink);
      sink.putPart = async (partNumber, bytes) => {
        most = Math.max(most, ++inFlight);
        await putPart(partNumber, bytes);
        inFlight--;
      };
      const uploader = new PartUploader(sink, expectedBytes, undefined, LIMITS);
      for (let chunk = 0; chunk < 5 + 6 * Math.max(8, expectedBytes / 8); chunk++)
        await uploader.append(Buffer.from('x'));
      await uploader.settle();
      expect(most).toBe(atOnce);
    }
  });
});
