import { describe, expect, it } from 'vitest';
import {
  decodeChunkObject,
  decodeHeader,
  encodeChunkObject,
  headerLength,
  MAX_CHUNK_BYTES,
  MAX_HEADER_BYTES,
} from '../../../shared/jobs/chunk-object.ts';
import { readChunk, readChunkHeader } from '../../../shared/jobs/read-chunk.ts';
import { MAX_JSON_BYTES, readStoredJson, writeStoredJson } from '../../../shared/jobs/stored-json.ts';
import { readPlan, readRequest } from '../../../shared/jobs/stored-plan.ts';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

const COUNTS = { done: 1, failed: 2, skipped: 3, bytes: 4 };
const ERROR = { number: 7, code: 'c', detail: 'd', remedy: 'r', dataset: 'a', unit: '9/1/2' };
const PAYLOAD = new Uint8Array([9, 8, 7]);
const CORRUPT = {
  code: 'chunk-object-corrupt',
  retryable: false,
  detail: 'A stored chunk is not in the form in which it was written.',
  remedy: 'Look who else writes to the work folder; submit the job again.',
};
const URL_OF_CHUNK = new URL('s3://data/work/acme/job/chunks/00000/000');

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
/** A header in which a letter of a sentence is a byte that no letter begins with. */
const withoutUtf8 = text({ counts: COUNTS, errors: [{ ...ERROR, detail: 'z' }], abandoned: false }).map((byte) =>
  byte === 0x7a ? 0xff : byte,
);
const thrown = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error;
  }
  return 'nothing was thrown';
};
/** A header of so many bytes, in the form of a stored chunk. */
const withHeaderOf = (bytes: number) => {
  const empty = encodeChunkObject({ counts: COUNTS, errors: [{ ...ERROR, detail: '' }], payload: PAYLOAD });
  const detail = 'x'.repeat(bytes - headerLength(empty));
  return encodeChunkObject({ counts: COUNTS, errors: [{ ...ERROR, detail }], payload: PAYLOAD });
};

describe('a chunk object', () => {
  it('is magic, length of the header, header and payload', () => {
    const header = text({ counts: COUNTS, errors: [ERROR], abandoned: false });
    expect(encodeChunkObject({ counts: COUNTS, errors: [ERROR], payload: PAYLOAD })).toEqual(
      new Uint8Array([0x4c, 0x48, 0x43, 1, header.length, 0, 0, 0, ...header, ...PAYLOAD]),
    );
  });

  it.each([0, 1, 7, 8, 500])('is the same with %i bytes of room for its header', (more) => {
    const result = { counts: COUNTS, errors: [ERROR], payload: PAYLOAD };
    const expected = encodeChunkObject(result);
    const room = expected.length - PAYLOAD.length;
    for (const headroom of [room - 1, room + more]) {
      const buffer = new Uint8Array([...new Uint8Array(headroom).fill(6), ...PAYLOAD, 5]);
      const payload = buffer.subarray(headroom, headroom + PAYLOAD.length);
      const encoded = encodeChunkObject({ ...result, payload, headroom });
      expect(encoded).toEqual(expected);
      // Nothing is copied where the header has room, and nothing else is written to.
      expect(encoded.buffer === buffer.buffer).toBe(headroom >= room);
      expect(buffer.subarray(0, Math.max(0, headroom - room)).every((byte) => byte === 6)).toBe(true);
      expect(buffer.at(-1)).toBe(5);
    }
  });

  it('is read as it was written', () => {
    const bare = { number: 0, code: 'c', detail: 'd' };
    const bytes = encodeChunkObject({ counts: COUNTS, errors: [ERROR, bare], payload: PAYLOAD }, true);
    // Not at the beginning of its buffer, as a part of something larger that was read.
    const view = new Uint8Array([5, ...bytes]).subarray(1);
    expect(decodeChunkObject(view)).toEqual({
      header: { counts: COUNTS, errors: [ERROR, bare], abandoned: true },
      payload: PAYLOAD,
    });
  });

  it('has a header of at most 4 MiB', () => {
    expect(headerLength(withHeaderOf(MAX_HEADER_BYTES))).toBe(MAX_HEADER_BYTES);
    expect(thrown(() => withHeaderOf(MAX_HEADER_BYTES + 1))).toMatchObject({ code: 'chunk-too-large' });
    expect(MAX_HEADER_BYTES).toBe(4_194_304);
  });

  it('has at most 256 MiB', () => {
    const result = { counts: COUNTS, errors: [], payload: new Uint8Array(MAX_CHUNK_BYTES) };
    expect(thrown(() => encodeChunkObject(result))).toMatchObject({
      code: 'chunk-too-large',
      retryable: false,
      detail: `The chunk's output has ${MAX_CHUNK_BYTES + 92} bytes, the limit is 268435456.`,
      limit: 268_435_456,
      actual: MAX_CHUNK_BYTES + 92,
      remedy: 'Plan fewer units to a chunk.',
    });
    const room = { ...result, payload: result.payload.subarray(92) };
    expect(encodeChunkObject(room).length).toBe(MAX_CHUNK_BYTES);
  });

  it.each([
    ['nothing', []],
    ['too short', [0x4c, 0x48, 0x43, 1, 0, 0, 0]],
    ['of another kind', [0x4c, 0x48, 0x44, 1, 0, 0, 0, 0]],
    ['of another version', [0x4c, 0x48, 0x43, 2, 0, 0, 0, 0]],
    ['with too long a header', [0x4c, 0x48, 0x43, 1, 1, 0, 0x40, 0]],
  ])('is refused when it is %s', (_why, bytes) => {
    expect(thrown(() => headerLength(new Uint8Array(bytes)))).toMatchObject(CORRUPT);
  });

  it('may have a header of the greatest length that is written', () => {
    expect(headerLength(new Uint8Array([0x4c, 0x48, 0x43, 1, 0, 0, 0x40, 0]))).toBe(MAX_HEADER_BYTES);
  });

  it.each([
    ['no JSON', new Uint8Array([0x7b])],
    ['no UTF-8', withoutUtf8],
    ['without counts', text({ errors: [], abandoned: false })],
    ['with an unknown member', text({ counts: COUNTS, errors: [], abandoned: false, more: 1 })],
    ['with an unknown count', text({ counts: { ...COUNTS, more: 1 }, errors: [], abandoned: false })],
    ['with a negative count', text({ counts: { ...COUNTS, done: -1 }, errors: [], abandoned: false })],
    ['with a fractional count', text({ counts: { ...COUNTS, bytes: 0.5 }, errors: [], abandoned: false })],
    ['with an error that is none', text({ counts: COUNTS, errors: [{}], abandoned: false })],
    ['with an unknown member of an error', text({ counts: COUNTS, errors: [{ ...ERROR, x: 1 }], abandoned: false })],
    ['with an unset remedy', text({ counts: COUNTS, errors: [{ ...ERROR, remedy: null }], abandoned: false })],
  ])('is refused with a header that is %s', (_why, header) => {
    const error = thrown(() => decodeHeader(header));
    expect(error).toMatchObject(CORRUPT);
    expect((error as Error).cause).toBeInstanceOf(Error);
  });
});

describe('a stored chunk', () => {
  const platformWith = async (bytes: Uint8Array) => {
    const { engine, objects } = createTestEngine();
    await objects.putIfAbsent(URL_OF_CHUNK, bytes, 'application/octet-stream');
    return { platform: engine.platform, objects };
  };

  it.each([200, 16 * 1024 - 9, 16 * 1024 - 8, 16 * 1024 - 7, 100_000])(
    'tells its header of %i bytes without its payload',
    async (bytes) => {
      const { platform, objects } = await platformWith(withHeaderOf(bytes));
      const reads: number[] = [];
      const counting = Object.create(objects, {
        getRange: {
          value: (url: URL, offset: number, length: number) => {
            reads.push(length);
            return objects.getRange(url, offset, length);
          },
        },
      }) as MemoryObjectStore;
      expect(await readChunkHeader({ ...platform, objects: counting }, URL_OF_CHUNK)).toMatchObject({
        counts: COUNTS,
      });
      expect(reads).toEqual(bytes <= 16 * 1024 - 8 ? [16_384] : [16_384, bytes]);
    },
  );

  it('is read whole, or found to be absent', async () => {
    const { platform } = await platformWith(withHeaderOf(200));
    expect(await readChunk(platform, URL_OF_CHUNK)).toMatchObject({ payload: PAYLOAD });
    expect(await readChunk(platform, new URL('other', URL_OF_CHUNK))).toBeUndefined();
  });

  it('that has expired cannot be settled from', async () => {
    const { engine } = createTestEngine();
    await expect(readChunkHeader(engine.platform, URL_OF_CHUNK)).rejects.toMatchObject({
      code: 'work-expired',
      retryable: false,
      detail: 'A settled chunk of this job is no longer stored.',
      remedy: 'Submit the job again; raise the retention if jobs must be retried later than that.',
    });
    const { platform, objects } = await platformWith(withHeaderOf(100_000));
    const vanishing = {
      ...platform,
      objects: {
        getRange: async (url: URL, offset: number, length: number) => {
          const bytes = await objects.getRange(url, offset, length);
          objects.remove(url);
          return bytes;
        },
      } as unknown as MemoryObjectStore,
    };
    await expect(readChunkHeader(vanishing, URL_OF_CHUNK)).rejects.toMatchObject({ code: 'work-expired' });
  });
});

describe('a stored JSON object', () => {
  const url = new URL('s3://data/work/acme/job/plan.json');

  it('is written once, and read as it was written first', async () => {
    const objects = new MemoryObjectStore();
    expect(await readStoredJson(objects, url)).toBeUndefined();
    expect(await writeStoredJson(objects, url, { a: 'ü' })).toBe('written');
    expect(await writeStoredJson(objects, url, { a: 2 })).toBe('exists');
    expect(await readStoredJson(objects, url)).toEqual({ a: 'ü' });
    expect(objects.objects.get(url.href)?.mediaType).toBe('application/json');
  });

  it('has at most 16 MiB', async () => {
    const objects = new MemoryObjectStore();
    await expect(writeStoredJson(objects, url, 'x'.repeat(MAX_JSON_BYTES - 1))).rejects.toMatchObject({
      code: 'object-too-large',
      retryable: false,
      detail: 'plan.json would have 16777217 bytes, the limit is 16777216.',
      limit: 16_777_216,
      actual: 16_777_217,
      remedy: 'Ask for fewer datasets or a simpler area.',
    });
    expect(await writeStoredJson(objects, url, 'x'.repeat(MAX_JSON_BYTES - 2))).toBe('written');
  });

  it.each([
    ['no JSON', new Uint8Array([0x7b])],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('that has become %s is corrupt', async (_what, bytes) => {
    const objects = new MemoryObjectStore();
    await objects.putIfAbsent(url, bytes, 'application/json');
    await expect(readStoredJson(objects, url)).rejects.toMatchObject({
      code: 'stored-object-corrupt',
      retryable: false,
      detail: 'The stored plan.json is not in the form in which it was written.',
      remedy: 'Look who else writes to the bucket; submit the job again.',
      cause: expect.any(Error) as unknown,
    });
  });

  it('that is gone makes its job one that cannot go on', async () => {
    const { platform } = createTestEngine().engine;
    const key = { tenant: 'acme', jobId: '01J00000000000000000000001' };
    const expired = (what: string) => ({
      code: 'work-expired',
      retryable: false,
      detail: `The ${what} of this job is no longer stored.`,
      remedy: 'Submit the job again; raise the retention if jobs must be retried later than that.',
    });
    await expect(readPlan(platform, key)).rejects.toMatchObject(expired('plan'));
    await expect(readRequest(platform, key)).rejects.toMatchObject(expired('request'));
  });
});
