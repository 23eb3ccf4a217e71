import { createGzip, deflateRawSync, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { CONTAINER_LIMITS, type ContainerLimits } from '../../../shared/geo/containers/container-limits.ts';
import { groupSources } from '../../../shared/geo/containers/group-sources.ts';
import { gunzip } from '../../../shared/geo/containers/gunzip.ts';
import { inflateEntry } from '../../../shared/geo/containers/inflate-entry.ts';
import { listArchive } from '../../../shared/geo/containers/list-archive.ts';
import { openStored } from '../../../shared/geo/containers/open-stored.ts';
import { makeZip, type ZipPart } from '../../helpers/make-zip.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { piecesOf } from '../../helpers/pieces-of.ts';
import { reading } from '../corpus/fuzz.ts';

const MIB = 1024 ** 2;

const list = (bytes: Uint8Array, limits: Partial<ContainerLimits> = {}) =>
  listArchive(memoryReader(bytes), { ...CONTAINER_LIMITS, ...limits });

/** Lists an archive, and reads its first entry to the end. */
async function readFirst(bytes: Uint8Array): Promise<number> {
  const reader = memoryReader(bytes);
  const [entry] = await listArchive(reader, CONTAINER_LIMITS);
  let sum = 0;
  for await (const piece of inflateEntry(reader, entry!)) sum += piece.length;
  return sum;
}

const refused = (code: string) => ({ code, retryable: false });

/** `bytes` zeros, deflated in pieces. */
const deflatedZeros = (bytes: number) => deflateRawSync(Buffer.alloc(bytes));

describe('an archive of', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['a few bytes', Buffer.from('PK')],
    ['text', Buffer.from('PK\u0003\u0004 is how an archive begins')],
    ['an end record alone that points nowhere', makeZip([], { directoryOffset: 0xfffffff0, entries: 1 })],
    ['more entries than it tells', makeZip([{ name: 'a' }, { name: 'b' }], { entries: 1 })],
    ['fewer entries than it tells', makeZip([{ name: 'a' }], { entries: 2 })],
    ['65,537 entries that say they are one', makeZip(many(65_537))],
    ['bytes behind its end', Buffer.concat([makeZip([{ name: 'a' }]), Buffer.from('tail')])],
    ['a directory far behind its end', makeZip([{ name: 'a' }], { zip64: { directoryOffset: 2n ** 63n } })],
    ['extra fields that reach out of their room', makeZip([{ name: 'a', directoryExtra: Uint8Array.of(1, 0, 99, 0) }])],
    [
      'Zip64 sizes that it does not have',
      makeZip([{ name: 'a', toldInDirectory: { bytes: 0xffffffff }, directoryExtra: Uint8Array.of(1, 0, 0, 0) }]),
    ],
    ['stored bytes of two sizes', makeZip([{ name: 'a', data: 'abc', method: 0, toldInDirectory: { bytes: 4 } }])],
    ['an entry that lies behind its end', makeZip([{ name: 'a', data: 'abc', offset: 1_000_000 }])],
    ['an entry that reaches into its directory', makeZip([{ name: 'a', toldInDirectory: { compressedBytes: 500 } }])],
  ])('%s is corrupt', async (_what, bytes) => {
    await expect(list(bytes)).rejects.toMatchObject(refused('zip-corrupt'));
  });

  it('which is cut off after any 1,000 bytes is corrupt', async () => {
    const whole = makeZip(many(400));
    expect(whole.length).toBeGreaterThan(30_000);
    for (let length = 0; length < whole.length; length += 1_000) {
      await expect(list(whole.subarray(0, length))).rejects.toMatchObject(refused('zip-corrupt'));
    }
  });

  it('a million entries is refused before they are read', async () => {
    const bytes = makeZip([{ name: 'a' }], { zip64: { entries: 1_000_000n } });
    const reader = memoryReader(bytes);
    await expect(listArchive(reader, CONTAINER_LIMITS)).rejects.toMatchObject({
      ...refused('zip-too-many-entries'),
      limit: 10_000,
      actual: 1_000_000,
    });
    expect(reader.reads.length).toBeLessThanOrEqual(2);
  });

  it('a directory of vast comments is refused on the way', async () => {
    const comment = new Uint8Array(65_000);
    const bytes = makeZip(Array.from({ length: 600 }, (_, index): ZipPart => ({ name: `${index}`, comment })));
    await expect(list(bytes)).rejects.toMatchObject({ ...refused('zip-directory-too-large'), limit: 32 * MIB });
  });
});

describe('a zip bomb', () => {
  it('of one entry is refused by its ratio', async () => {
    const stored = deflatedZeros(40 * MIB);
    const bytes = makeZip([{ name: 'a', stored, told: { bytes: 40 * MIB } }]);
    const limit = CONTAINER_LIMITS.ratio;
    await expect(list(bytes)).rejects.toMatchObject({ ...refused('zip-ratio-too-high'), limit });
  });

  it('that tells a small size ends where it passes it', async () => {
    const stored = deflatedZeros(40 * MIB);
    const bytes = makeZip([{ name: 'a', stored, told: { bytes: 1_000 } }]);
    let come = 0;
    const reader = memoryReader(bytes);
    const [entry] = await listArchive(reader, CONTAINER_LIMITS);
    const inflating = async () => {
      for await (const piece of inflateEntry(reader, entry!)) come += piece.length;
    };
    await expect(inflating()).rejects.toMatchObject(refused('zip-entry-corrupt'));
    expect(come).toBeLessThanOrEqual(1_000);
  });

  it('by one entry, or by all together, is refused by its size', async () => {
    const parts = ['a', 'b', 'c'].map((name): ZipPart => ({ name, data: 'x'.repeat(1_000), method: 0 }));
    await expect(list(makeZip(parts), { bytes: 999 })).rejects.toMatchObject({
      ...refused('zip-entry-too-large'),
      limit: 999,
      actual: 1_000,
    });
    await expect(list(makeZip(parts), { totalBytes: 2_999 })).rejects.toMatchObject({
      ...refused('zip-too-large'),
      limit: 2_999,
      actual: 3_000,
    });
    expect(await list(makeZip(parts), { bytes: 1_000, totalBytes: 3_000, entries: 3 })).toHaveLength(3);
    await expect(list(makeZip(parts), { entries: 2 })).rejects.toMatchObject(refused('zip-too-many-entries'));
  });

  it('of Zip64 lies about sizes is refused', async () => {
    const field = Buffer.alloc(12);
    field.writeUInt16LE(1, 0);
    field.writeUInt16LE(8, 2);
    field.writeBigUInt64LE(2n ** 64n - 1n, 4);
    const told = { bytes: 0xffffffff };
    const bytes = makeZip([{ name: 'a', data: 'abc', toldInDirectory: told, directoryExtra: field }]);
    await expect(list(bytes)).rejects.toMatchObject(refused('zip-entry-too-large'));
  });

  it('whose entries share one kernel is refused', async () => {
    const kernel = deflatedZeros(MIB);
    const told = { bytes: MIB, compressedBytes: kernel.length };
    const shared: ZipPart[] = Array.from({ length: 50 }, (_, index) => ({
      name: `${index}`,
      told,
      offset: 0,
      directoryOnly: true,
    }));
    const bytes = makeZip([{ name: 'kernel', stored: kernel, told }, ...shared]);
    await expect(list(bytes)).rejects.toMatchObject(refused('zip-entries-overlap'));
  });

  it('whose entries quote the next header is refused', async () => {
    const inner = makeZip([{ name: 'b', stored: deflatedZeros(MIB), told: { bytes: MIB } }]);
    const bytes = makeZip([
      { name: 'a', data: inner, method: 0 },
      { name: 'b', data: 'x', offset: 31, directoryOnly: true },
    ]);
    await expect(list(bytes)).rejects.toMatchObject(refused('zip-entries-overlap'));
  });

  it('whose header hides another in its extra field is refused when it is opened', async () => {
    // By the directory both entries fit; the first one's header says that its data begin behind the second one's header.
    const bytes = makeZip([
      { name: 'a', data: '', method: 0, headerExtra: new Uint8Array(8) },
      { name: 'b', data: 'abc', method: 0, offset: 34 },
    ]);
    const reader = memoryReader(bytes);
    const [first, second] = await listArchive(reader, CONTAINER_LIMITS);
    await expect(piecesOf(inflateEntry(reader, first!))).rejects.toMatchObject(refused('zip-entries-overlap'));
    await expect(openStored(reader, second!)).rejects.toMatchObject(refused('zip-entry-corrupt'));
  });

  it('within an archive stays closed', async () => {
    const bytes = makeZip([{ name: 'inner.zip', data: makeZip([{ name: 'a.kml' }]) }]);
    expect(groupSources(await list(bytes))).toEqual({
      sources: [],
      notes: ['Archives inside the archive are not opened: inner.zip.'],
    });
  });
});

describe('an entry', () => {
  it.each([
    '../a.kml',
    'a/../../b.kml',
    'a/..',
    '/etc/passwd',
    'C:/a.kml',
    'c:a.kml',
    'a\\b.kml',
    '..\\a.kml',
    'a\u0000.kml',
    'a\nb.kml',
    '',
    'x'.repeat(1025),
  ])('with the name %j is refused', async (name) => {
    await expect(list(makeZip([{ name }]))).rejects.toMatchObject(refused('zip-name-unsafe'));
  });

  it('with the name of another is refused', async () => {
    const bytes = makeZip([{ name: 'a.kml' }, { name: 'b.kml' }, { name: 'a.kml' }]);
    await expect(list(bytes)).rejects.toMatchObject(refused('zip-name-duplicate'));
  });

  it.each([
    ['a symbolic link', 0o120777, 0x031e],
    ['a symbolic link of a Mac', 0o120777, 0x131e],
    ['a device', 0o060600, 0x031e],
    ['a named pipe', 0o010600, 0x031e],
  ])('that is %s is refused', async (_what, mode, madeBy) => {
    const attributes = (mode << 16) >>> 0;
    const bytes = makeZip([{ name: 'a.kml', data: '/etc/passwd', attributes, madeBy }]);
    await expect(list(bytes)).rejects.toMatchObject(refused('zip-entry-special'));
  });

  it.each([0x801, 0x841, 0x840])('that is encrypted (flags %i) is refused', async (flags) => {
    await expect(list(makeZip([{ name: 'a.kml', flags }]))).rejects.toMatchObject(refused('zip-encrypted'));
  });

  it('of another method is listed, and refused when it is opened', async () => {
    const bytes = makeZip([{ name: 'a.kml', data: 'abc', method: 12 }]);
    expect(await list(bytes)).toMatchObject([{ name: 'a.kml', method: 12 }]);
    await expect(readFirst(bytes)).rejects.toMatchObject(refused('zip-method-unsupported'));
  });

  const zeros = { compressedBytes: 0, bytes: 0, crc32: 0 };
  it.each<[string, ZipPart]>([
    ['the wrong checksum', { name: 'a', data: 'abc', told: { crc32: 1 } }],
    ['the wrong checksum, stored', { name: 'a', data: 'abc', method: 0, told: { crc32: 1 } }],
    ['fewer bytes than it tells', { name: 'a', data: 'abc', told: { bytes: 4 } }],
    ['more bytes than it tells', { name: 'a', data: 'abc', told: { bytes: 2 } }],
    [
      'data that end early',
      { name: 'a', data: 'abc', stored: Buffer.concat([deflateRawSync('abc'), Buffer.from('x')]) },
    ],
    ['data that are cut off', { name: 'a', data: 'abcdefgh', stored: deflateRawSync('abcdefgh').subarray(0, 5) }],
    ['data that are not deflated', { name: 'a', data: 'abc', stored: Buffer.from('\u0007\u0007\u0007') }],
    ['a header with another name', { name: 'a', data: 'abc', toldInHeader: { name: 'b' } }],
    ['a header with a name that climbs', { name: 'a', data: 'abc', toldInHeader: { name: '../a' } }],
    ['a header with another method', { name: 'a', data: 'abc', toldInHeader: { method: 0 } }],
    ['a header with other sizes', { name: 'a', data: 'abc', toldInHeader: { bytes: 9 } }],
    ['a header with no sizes and no descriptor', { name: 'a', data: 'abc', toldInHeader: zeros }],
    ['a header with another checksum', { name: 'a', data: 'abc', toldInHeader: { crc32: 9 } }],
    ['a header with extra fields that are cut off', { name: 'a', data: 'abc', headerExtra: Uint8Array.of(1, 0, 9, 0) }],
  ])('with %s is corrupt', async (_what, part) => {
    await expect(readFirst(makeZip([part]))).rejects.toMatchObject(refused('zip-entry-corrupt'));
  });

  it('that is gone from its place is corrupt', async () => {
    const bytes = makeZip([{ name: 'a', data: 'abc' }]);
    bytes.fill(0, 0, 4);
    await expect(readFirst(bytes)).rejects.toMatchObject(refused('zip-entry-corrupt'));
  });
});

describe('a gzip file', () => {
  const read = (bytes: Uint8Array, limits: Partial<ContainerLimits> = {}) =>
    piecesOf(gunzip(memoryReader(bytes), { limits: { ...CONTAINER_LIMITS, ...limits } }));

  it('of nothing, text, or a member with garbage behind it is corrupt', async () => {
    const [whole] = [gzipSync('abc')];
    const changed = Uint8Array.from(whole);
    changed[changed.length - 6]! ^= 1;
    for (const bytes of [new Uint8Array(0), Buffer.from('abc'), Buffer.concat([whole, Buffer.from('abc')]), changed]) {
      await expect(read(bytes)).rejects.toMatchObject(refused('gzip-corrupt'));
    }
  });

  it('that is cut off after any 1,000 bytes is corrupt', async () => {
    const whole = gzipSync(Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * index) % 251)));
    expect(whole.length).toBeGreaterThan(250);
    for (let length = 0; length < whole.length; length += Math.min(1_000, Math.ceil(whole.length / 20))) {
      await expect(read(whole.subarray(0, length))).rejects.toMatchObject(refused('gzip-corrupt'));
    }
  });

  it('that is a bomb is refused by its ratio when 16 MiB of it have come', async () => {
    const bytes = await gzippedZeros(200 * MIB);
    let come = 0;
    const reading = async () => {
      for await (const piece of gunzip(memoryReader(bytes), { limits: CONTAINER_LIMITS })) come += piece.length;
    };
    const { ratio } = CONTAINER_LIMITS;
    await expect(reading()).rejects.toMatchObject({ ...refused('gzip-ratio-too-high'), limit: ratio });
    expect(come).toBeLessThan(17 * MIB + ratio * MIB);
  });

  it('of more bytes than are allowed is refused when they have come', async () => {
    const bytes = gzipSync(Buffer.alloc(MIB));
    await expect(read(bytes, { bytes: MIB - 1 })).rejects.toMatchObject({
      ...refused('gzip-too-large'),
      limit: MIB - 1,
    });
    expect(Buffer.concat(await read(bytes, { bytes: MIB }))).toHaveLength(MIB);
  });

  it('of a hundred thousand empty members is empty', async () => {
    const empty = gzipSync('');
    const bytes = Buffer.concat(Array.from({ length: 100_000 }, () => empty));
    expect(await reading(() => read(bytes))).toEqual({ read: [] });
  });
});

function many(count: number): ZipPart[] {
  return Array.from({ length: count }, (_, index) => ({ name: `${index}`, method: 0 }));
}

function gzippedZeros(bytes: number): Promise<Buffer> {
  const zeros = Buffer.alloc(MIB);
  return buffer(Readable.from(Array.from({ length: bytes / MIB }, () => zeros)).pipe(createGzip()));
}
