import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES, MAX_READ_BYTES, ReadAhead } from '../../shared/geo/formats/read-ahead.ts';
import { memoryReader, type MemoryReader } from '../helpers/memory-reader.ts';

const MIB = 1024 * 1024;
const truncated = (_offset: number, end: number, size: number) => new Error(`${end} of ${size}`);

const file = (bytes: number) => Uint8Array.from({ length: bytes }, (_, at) => (at * 31 + (at >> 8)) % 256);
const FILE = file(20 * MIB);

function open(reader: MemoryReader, options: { firstBytes?: number } = {}): ReadAhead {
  return new ReadAhead(reader, { signal: new AbortController().signal, truncated, ...options });
}

async function bytesAt(source: ReadAhead, offset: number, length: number): Promise<Uint8Array> {
  const run = source.find(offset, length) ?? (await source.load(offset, length));
  return run.bytes.subarray(offset - run.start, offset - run.start + length);
}

describe('ReadAhead', () => {
  it('gives the bytes of any ranges in any order', async () => {
    const small = file(700_000);
    const range = fc.record({ offset: fc.nat(small.length - 1), length: fc.nat(200_000) });
    await fc.assert(
      fc.asyncProperty(fc.array(range, { maxLength: 12 }), async (ranges) => {
        using source = open(memoryReader(small));
        for (const { offset, length } of ranges) {
          const end = Math.min(small.length, offset + length);
          expect(Buffer.compare(await bytesAt(source, offset, end - offset), small.subarray(offset, end))).toBe(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('finds what was loaded last, be it of several reads and more bytes than are kept', async () => {
    using source = open(memoryReader(FILE));
    await source.load(0, 1);
    const run = await source.load(1, FILE.length - 2);
    expect(source.find(1, FILE.length - 2) === run).toBe(true);
    expect(source.find(17 * MIB, 100) === run).toBe(true);
  });

  it('reads a file of 20 MiB from end to end in eleven reads', async () => {
    const reader = memoryReader(FILE);
    using source = open(reader);
    for (let at = 0; at < FILE.length; at += 4096) await bytesAt(source, at, 4096);
    expect(reader.reads.map(({ length }) => length / CHUNK_BYTES)).toEqual([1, 2, 4, 8, 16, 32, 64, 64, 64, 64, 1]);
  });

  it('begins the third read of a row before it is asked for', async () => {
    const reader = memoryReader(FILE);
    using source = open(reader);
    await source.load(0, 1);
    await source.load(CHUNK_BYTES, 1);
    expect(reader.reads).toHaveLength(3);
  });

  it('reads on at several places at once', async () => {
    const reader = memoryReader(FILE);
    using source = open(reader);
    for (let at = 0; at < 4 * MIB; at += 4096) {
      await bytesAt(source, at, 4096);
      await bytesAt(source, at + 10 * MIB, 4096);
    }
    expect(reader.reads.length).toBeLessThanOrEqual(16);
  });

  it('reads no more than a chunk at a place that nothing leads to', async () => {
    const reader = memoryReader(FILE);
    using source = open(reader);
    for (const at of [15, 3, 9, 1, 12]) await source.load(at * MIB, 100);
    expect(reader.reads.map(({ length }) => length)).toEqual(Array.from({ length: 5 }, () => CHUNK_BYTES));
  });

  it('reads a block at once when it is told its length', async () => {
    const reader = memoryReader(FILE);
    using source = open(reader, { firstBytes: 3 * MIB });
    for (let at = 0; at + 1000 <= 3 * MIB; at += 1000) await bytesAt(source, at, 1000);
    expect(reader.reads).toEqual([{ offset: 0, length: 3 * MIB }]);
  });

  it('reads a range that is larger than a read whole', async () => {
    const reader = memoryReader(FILE);
    using source = open(reader);
    const bytes = await bytesAt(source, 100, MAX_READ_BYTES + MIB);
    expect(Buffer.compare(bytes, FILE.subarray(100, 100 + MAX_READ_BYTES + MIB))).toBe(0);
    expect(reader.reads).toHaveLength(1);
  });

  it('refuses a range behind the end, and a file that became shorter', async () => {
    using source = open(memoryReader(file(100)));
    await expect(source.load(90, 11)).rejects.toThrow('101 of 100');
    const shorter = { ...memoryReader(file(100)), size: 200 };
    using lying = new ReadAhead(shorter, { signal: new AbortController().signal, truncated });
    await expect(lying.load(0, 200)).rejects.toThrow('200 of 100');
  });

  it('reads again what failed, and tells nobody of a failure ahead of time', async () => {
    let failures = 1;
    const reader = memoryReader(FILE, {
      onRead: (offset) => {
        if (offset === 3 * CHUNK_BYTES && failures-- > 0) throw new Error('unavailable');
      },
    });
    using source = open(reader);
    await source.load(0, 1);
    await source.load(CHUNK_BYTES, 1);
    await new Promise(setImmediate);
    expect(
      Buffer.compare(await bytesAt(source, 3 * CHUNK_BYTES, 9), FILE.subarray(3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 9)),
    ).toBe(0);
  });

  it('aborts what it reads ahead when it is disposed of', async () => {
    let aborted: unknown;
    const reader = memoryReader(FILE);
    const read = reader.read.bind(reader);
    const source = open({
      ...reader,
      read: (offset, length, signal) => {
        if (offset < 3 * CHUNK_BYTES) return read(offset, length, signal);
        signal!.addEventListener('abort', () => {
          aborted = signal!.reason;
        });
        return new Promise<never>(() => {});
      },
    });
    await source.load(0, 1);
    await source.load(CHUNK_BYTES, 1);
    source[Symbol.dispose]();
    expect(aborted).toMatchObject({ name: 'AbortError' });
  });
});
