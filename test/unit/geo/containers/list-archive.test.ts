import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTAINER_LIMITS } from '../../../../shared/geo/containers/container-limits.ts';
import { inflateEntry } from '../../../../shared/geo/containers/inflate-entry.ts';
import { listArchive } from '../../../../shared/geo/containers/list-archive.ts';
import { openStored } from '../../../../shared/geo/containers/open-stored.ts';
import { makeZip, type ZipPart } from '../../../helpers/make-zip.ts';
import { memoryReader } from '../../../helpers/memory-reader.ts';
import { piecesOf } from '../../../helpers/pieces-of.ts';

const list = (bytes: Uint8Array) => listArchive(memoryReader(bytes), CONTAINER_LIMITS);

async function contentOf(bytes: Uint8Array, index = 0): Promise<Buffer> {
  const reader = memoryReader(bytes);
  const entries = await listArchive(reader, CONTAINER_LIMITS);
  return Buffer.concat(await piecesOf(inflateEntry(reader, entries[index]!)));
}

describe('listArchive', () => {
  it('tells the files in the order of the directory, without folders', async () => {
    const entries = await list(
      makeZip([
        { name: 'b/', method: 0 },
        { name: 'b/roads.shp', data: 'aaaaaaaaaaaaaaaa' },
        { name: 'a.txt', data: 'x', method: 0 },
      ]),
    );
    expect(entries.map(({ name, method, bytes }) => ({ name, method, bytes }))).toEqual([
      { name: 'b/roads.shp', method: 8, bytes: 16 },
      { name: 'a.txt', method: 0, bytes: 1 },
    ]);
  });

  it('reads the directory in few large pieces', async () => {
    const parts = Array.from({ length: 2_000 }, (_, index): ZipPart => ({
      name: `${index}.kml`,
      data: 'x',
      method: 0,
    }));
    const reader = memoryReader(makeZip(parts));
    expect(await listArchive(reader, CONTAINER_LIMITS)).toHaveLength(2_000);
    expect(reader.reads.length).toBeLessThanOrEqual(3);
  });

  it('reads names in UTF-8 with and without the flag, in code page 437, and those of the Unicode path field', async () => {
    const raw = Buffer.from([0x81, 0x2e, 0x6b, 0x6d, 0x6c]);
    const entries = await list(
      makeZip([
        { name: 'straße.kml' },
        { name: 'flüsse.kml', flags: 0 },
        { name: raw, flags: 0 },
        { name: 'caf.kml', flags: 0, directoryExtra: unicodePath('caf.kml', 'café.kml') },
      ]),
    );
    expect(entries.map(({ name }) => name)).toEqual(['straße.kml', 'flüsse.kml', 'ü.kml', 'café.kml']);
  });

  it('is told by the directory of an archive with a comment and with a Zip64 end record', async () => {
    const zip = makeZip([{ name: 'a.kml', data: 'a' }], { comment: 'made by hand', zip64: {} });
    expect(await list(zip)).toHaveLength(1);
  });

  it('reads what the `zip` of the system would: Python writes one, with descriptors', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'longhaul-zip-'));
    try {
      const file = path.join(folder, 'a.zip');
      execFileSync('python3', [
        '-c',
        `import zipfile, sys
class Unseekable:
    def __init__(self, path): self.file = open(path, 'wb')
    def write(self, data): return self.file.write(data)
    def flush(self): self.file.flush()
with zipfile.ZipFile(Unseekable(sys.argv[1]), 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.writestr('one/straße.csv', 'x,y\\n' * 5000)
    archive.writestr('two.txt', b'')`,
        file,
      ]);
      const bytes = readFileSync(file);
      const entries = await list(bytes);
      expect(entries.map(({ name, hasDescriptor }) => [name, hasDescriptor])).toEqual([
        ['one/straße.csv', true],
        ['two.txt', true],
      ]);
      expect((await contentOf(bytes)).toString()).toBe('x,y\n'.repeat(5000));
      expect(await contentOf(bytes, 1)).toHaveLength(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('hands on what the source throws', async () => {
    const broken = memoryReader(makeZip([{ name: 'a' }]), {
      onRead: () => {
        throw new TypeError('the network is down');
      },
    });
    await expect(listArchive(broken, CONTAINER_LIMITS)).rejects.toThrow(new TypeError('the network is down'));
    const signal = AbortSignal.abort(new Error('over'));
    await expect(listArchive(memoryReader(makeZip([])), CONTAINER_LIMITS, signal)).rejects.toThrow('over');
  });
});

describe('inflateEntry', () => {
  it('gives back what was packed, by any method and with descriptors', async () => {
    const part = fc.record({
      data: fc.uint8Array({ maxLength: 5_000 }),
      method: fc.constantFrom(0, 8),
      descriptor: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async (parts) => {
        const zip = makeZip(parts.map((each, index) => ({ ...each, name: `${index}.csv` })));
        for (const [index, { data }] of parts.entries()) {
          expect(new Uint8Array(await contentOf(zip, index))).toEqual(new Uint8Array(data));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('reads large entries piece by piece', async () => {
    const data = Buffer.alloc(5 * 1024 ** 2, 'longhaul ');
    const zip = makeZip([{ name: 'a', data, method: 0 }]);
    const reader = memoryReader(zip);
    const [entry] = await listArchive(reader, CONTAINER_LIMITS);
    expect(Buffer.concat(await piecesOf(inflateEntry(reader, entry!))).equals(data)).toBe(true);
    expect(Math.max(...reader.reads.map(({ length }) => length))).toBe(1024 ** 2);
  });

  it('ends what it reads when its consumer stops', async () => {
    const zip = makeZip([
      { name: 'a', data: Buffer.alloc(60_000, 'abc') },
      { name: 'b', data: Buffer.alloc(8 * 1024 ** 2, 'x') },
    ]);
    const reader = memoryReader(zip);
    const entries = await listArchive(reader, CONTAINER_LIMITS);
    for await (const piece of inflateEntry(reader, entries[1]!)) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
  });

  it('hands on what the source throws, and an abort', async () => {
    const zip = makeZip([{ name: 'a', data: 'abc' }]);
    const [entry] = await list(zip);
    let reads = 0;
    const broken = memoryReader(zip, {
      onRead: () => {
        if (reads++ > 0) throw new TypeError('the network is down');
      },
    });
    await expect(piecesOf(inflateEntry(broken, entry!))).rejects.toThrow(new TypeError('the network is down'));
    const signal = AbortSignal.abort(new Error('over'));
    await expect(piecesOf(inflateEntry(memoryReader(zip), entry!, signal))).rejects.toThrow('over');
  });
});

describe('openStored', () => {
  it('gives an entry as a file of its own, of the same version', async () => {
    const reader = memoryReader(makeZip([{ name: 'x' }, { name: 'a b.gpkg', data: '0123456789', method: 0 }]), {
      url: new URL('s3://data/sources/a.zip'),
    });
    const entries = await listArchive(reader, CONTAINER_LIMITS);
    const file = await openStored(reader, entries[1]!);
    expect([file.url.href, file.size, file.etag]).toEqual(['s3://data/sources/a.zip#a%20b.gpkg', 10, '"memory"']);
    expect(Buffer.from(await file.read(3, 4)).toString()).toBe('3456');
    expect(Buffer.from(await file.read(8, 40)).toString()).toBe('89');
    expect(() => file.read(10, 1)).toThrow(RangeError);
    expect(() => file.read(-1, 1)).toThrow(RangeError);
  });

  it('refuses a deflated entry', async () => {
    const reader = memoryReader(makeZip([{ name: 'a', data: 'abc' }]));
    const [entry] = await listArchive(reader, CONTAINER_LIMITS);
    await expect(openStored(reader, entry!)).rejects.toMatchObject({ code: 'zip-method-unsupported' });
  });
});

/** The Info-ZIP Unicode path extra field (APPNOTE 4.6.9). */
function unicodePath(name: string, unicode: string): Uint8Array {
  const text = Buffer.from(unicode);
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + text.length, 2);
  field.writeUInt8(1, 4);
  field.writeUInt32LE(crc(name), 5);
  return Buffer.concat([field, text]);
}

/** CRC-32 of IEEE 802.3, bit by bit. */
function crc(text: string): number {
  let value = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}
