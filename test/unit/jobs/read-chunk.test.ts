import { describe, expect, it } from 'vitest';
import { encodeChunkObject } from '../../../shared/jobs/chunk-object.ts';
import { openPayload } from '../../../shared/jobs/read-chunk.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

const FIRST_READ = 16 * 1024;
const COUNTS = { done: 1, failed: 1, skipped: 0, bytes: 5 };
const CHUNK = new URL('s3://data/work/acme/01J00000000000000000000001/chunks/00000/000');
const EXPIRED = { code: 'work-expired', retryable: false };

/** A chunk whose payload begins at a byte of its object. */
function chunkWithPayloadAt(start: number, payload: Uint8Array, abandoned = false): Uint8Array {
  const encode = (detail: string) =>
    encodeChunkObject({ counts: COUNTS, errors: [{ number: 7, code: 'unit-bad', detail }], payload }, abandoned);
  const shortest = encode('').length - payload.length;
  return encode('x'.repeat(start - shortest));
}

/** A stored chunk, and the ranges of it that are asked for. */
async function stored(chunk: Uint8Array) {
  const { engine, objects } = createTestEngine();
  await objects.putIfAbsent(CHUNK, chunk, 'application/octet-stream');
  const asked: [number, number][] = [];
  const watching = Object.create(objects, {
    getRange: {
      value: (url: URL, offset: number, length: number) => {
        asked.push([offset, length]);
        return objects.getRange(url, offset, length);
      },
    },
  }) as typeof objects;
  return { objects, asked, open: () => openPayload({ ...engine.platform, objects: watching }, CHUNK) };
}

describe('a payload that is opened', () => {
  const payload = Uint8Array.of(1, 2, 3, 4, 5);

  it('costs one request when its object ends within the first 16 KiB', async () => {
    const { asked, open } = await stored(chunkWithPayloadAt(FIRST_READ - 6, payload));
    const opened = await open();
    expect(opened?.counts).toEqual(COUNTS);
    expect([...(await opened!.read(0, 5))]).toEqual([1, 2, 3, 4, 5]);
    expect([...(await opened!.read(1, 2))]).toEqual([2, 3]);
    expect(asked).toEqual([[0, FIRST_READ]]);
  });

  it('costs one request for each part when its object may go beyond them', async () => {
    const { asked, open } = await stored(chunkWithPayloadAt(FIRST_READ - 5, payload));
    const opened = await open();
    expect([...(await opened!.read(2, 3))]).toEqual([3, 4, 5]);
    expect(asked).toEqual([
      [0, FIRST_READ],
      [FIRST_READ - 3, 3],
    ]);
  });

  it('is read whole, whatever its process counts as its bytes', async () => {
    const long = Uint8Array.from({ length: 20_000 }, (_, index) => index);
    const { open } = await stored(chunkWithPayloadAt(200, long));
    const opened = await open();
    expect(opened?.counts.bytes).toBe(5);
    expect(await opened!.read(0, long.length)).toEqual(long);
  });

  it('says what it counts after one request when its header ends with them', async () => {
    const { asked, open } = await stored(chunkWithPayloadAt(FIRST_READ, payload));
    expect((await open())?.counts).toEqual(COUNTS);
    expect(asked).toEqual([[0, FIRST_READ]]);
  });

  it('has a header that goes beyond them read whole', async () => {
    const { open } = await stored(chunkWithPayloadAt(FIRST_READ + 1, payload));
    const opened = await open();
    expect(opened?.counts).toEqual(COUNTS);
    expect([...(await opened!.read(0, 5))]).toEqual([1, 2, 3, 4, 5]);
  });

  it('is none of a chunk that was given up, however long its header', async () => {
    for (const start of [200, FIRST_READ + 1]) {
      const { open } = await stored(chunkWithPayloadAt(start, new Uint8Array(), true));
      expect(await open()).toBeUndefined();
    }
  });

  it('ends the work for good when its chunk is gone, before it is opened or after', async () => {
    const { objects, open } = await stored(chunkWithPayloadAt(FIRST_READ, payload));
    const opened = await open();
    objects.remove(CHUNK);
    await expect(opened!.read(0, 5)).rejects.toMatchObject(EXPIRED);
    await expect(open()).rejects.toMatchObject(EXPIRED);
  });
});
