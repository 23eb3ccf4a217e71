import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeChunkObject, encodeChunkObject } from '../../../shared/jobs/chunk-object.ts';
import { readRequest } from '../../../shared/jobs/stored-plan.ts';
import { readChunkHeader } from '../../../shared/jobs/read-chunk.ts';
import { decodePayload, encodePayload } from '../../../shared/processes/raster-preseed/payload.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';
import { hostileJson } from '../corpus/json.ts';

const COUNTS = { done: 2, failed: 1, skipped: 0, bytes: 9 };
const ERROR = { number: 3, code: 'unit-bad', detail: 'Unit 3 is bad.', dataset: 'a', unit: '0/0/0', remedy: 'None.' };
const HEADERS = [
  { counts: COUNTS, errors: [ERROR], abandoned: false },
  { counts: { ...COUNTS, done: 0 }, errors: [ERROR, ERROR], abandoned: true },
];
const CHUNK = encodeChunkObject({ counts: COUNTS, errors: [ERROR], payload: new Uint8Array(9) });

/** A chunk object with a header of any text, whose length is told as it is or as something else. */
function chunkObject(header: string, told: number): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + 4);
  bytes.set([0x4c, 0x48, 0x43, 0x01]);
  new DataView(bytes.buffer).setUint32(4, told < 0 ? text.length : told, true);
  bytes.set(text, 8);
  return bytes;
}

const chunkObjects = fc.oneof(
  edits.map((list) => edited(CHUNK, list)),
  fc
    .tuple(hostileJson(HEADERS), fc.constantFrom(-1, -1, -1, 0, 1, 7, 1_000, 4 * 2 ** 20, 4 * 2 ** 20 + 1, 2 ** 32 - 1))
    .map(([header, told]) => chunkObject(header, told)),
);

describe('a stored document', () => {
  printCorpora('stored documents');
  const { engine, objects } = createTestEngine();
  const key = { tenant: 'acme', jobId: 'job' };
  const url = new URL('s3://data/work/acme/job/request.json');
  const request = new TextEncoder().encode(JSON.stringify({ inputs: { a: [1, { b: 'ä' }] }, response: 'raw' }));

  fuzz('is read as JSON, or refused for good', edits, async (list) => {
    objects.remove(url);
    await objects.putIfAbsent(url, edited(request, list), 'application/json');
    const read = await reading(() => readRequest(engine.platform, key));
    if ('refused' in read) expect(read.refused.code).toBe('stored-object-corrupt');
  });

  it('that is corrupt ends its job at once, and says why', async () => {
    const test = createTestEngine();
    const jobId = await test.submit({ datasets: [{ id: 'a', units: 4 }] });
    const stored = new URL(`s3://data/work/acme/${jobId}/request.json`);
    test.objects.remove(stored);
    await test.objects.putIfAbsent(stored, new TextEncoder().encode('{"inputs":'), 'application/json');
    await test.engine.runUntilIdle();
    const { job } = await test.read(jobId);
    expect(job).toMatchObject({ state: 'failed', failure: { code: 'stored-object-corrupt' } });
  });
});

describe('a stored chunk', () => {
  printCorpora('stored chunks');

  fuzz('is read whole in its form, or refused', chunkObjects, async (bytes) => {
    const decoded = await reading(() => decodeChunkObject(bytes));
    if ('refused' in decoded) expect(decoded.refused.code).toBe('chunk-object-corrupt');
    else expectHeader(decoded.read.header);
  });

  const { engine, objects } = createTestEngine();
  const url = new URL('s3://data/work/acme/job/chunks/00000/000');
  fuzz('tells its counts in one or two reads of bounded size, or is refused', chunkObjects, async (bytes) => {
    objects.remove(url);
    await objects.putIfAbsent(url, bytes, 'application/octet-stream');
    const lengths: number[] = [];
    const watched = {
      ...engine.platform,
      objects: {
        ...engine.platform.objects,
        getRange: (of: URL, offset: number, length: number) => {
          lengths.push(length);
          return objects.getRange(of, offset, length);
        },
      },
    };
    const header = await reading(() => readChunkHeader(watched, url));
    if ('read' in header) expectHeader(header.read);
    else expect(['chunk-object-corrupt']).toContain(header.refused.code);
    expect(lengths.length).toBeLessThanOrEqual(2);
    for (const length of lengths) expect(length).toBeLessThanOrEqual(4 * 2 ** 20);
  });

  const tiles = fc.array(
    fc.nat(60).map((tileId) => ({ tileId, bytes: new Uint8Array(tileId % 7) })),
    { maxLength: 6 },
  );
  const list = fc.oneof(fc.constant([]), edits);
  fuzz(
    'of tiles gives tiles in order that lie in it, or is refused',
    fc.record({ tiles, list }),
    async ({ tiles, list }) => {
      const bytes = edited(encodePayload(tiles), list);
      let previous = -1;
      const read = await reading(() => {
        for (const tile of decodePayload(bytes)) {
          expect(tile.tileId).toBeGreaterThan(previous);
          expect(tile.bytes.byteOffset + tile.bytes.length).toBeLessThanOrEqual(bytes.length);
          previous = tile.tileId;
        }
      });
      if ('refused' in read) expect(read.refused.code).toBe('tile-payload-corrupt');
    },
  );
});

function expectHeader({ counts, errors, abandoned }: ReturnType<typeof decodeChunkObject>['header']): void {
  for (const count of Object.values(counts)) expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
  for (const { number, code } of errors) expect([typeof number, typeof code]).toEqual(['number', 'string']);
  expect(typeof abandoned).toBe('boolean');
}
