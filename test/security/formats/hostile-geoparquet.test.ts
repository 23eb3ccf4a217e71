import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { geoParquetFormat } from '../../../shared/geo/formats/geoparquet/geoparquet-format.ts';
import { geometryColumn, geoMetadata, makeGeoParquet } from '../../helpers/make-geoparquet.ts';
import { makeTiff } from '../../helpers/make-tiff.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import {
  CODECS,
  DELTA_BYTE_ARRAY,
  levels,
  plainTexts,
  rawParquet,
  RLE,
  RLE_DICTIONARY,
  varint,
  type RawPage,
  type RawParquet,
  type Thrift,
} from '../../helpers/raw-parquet.ts';
import { readSource } from '../../helpers/read-source.ts';
import { writeWkb } from '../../helpers/write-wkb.ts';

const MIB = 1024 ** 2;

const read = async (bytes: Uint8Array, blockBytes = 1_000_000) =>
  (await readSource(geoParquetFormat, memoryReader(bytes), { blockBytes }))[0]!;
const readRaw = (options: RawParquet) => read(rawParquet(options));
const refused = (code: string) => ({ code, retryable: false });
const WKB = writeWkb({ type: 'Point', coordinates: [1, 2] });

/** A page of points, and one of which something is changed. */
const honest: RawPage = { body: Buffer.concat([levels(2, 1), plainTexts([WKB, WKB])]), values: 2 };
const changed = (change: Partial<RawPage>): RawParquet => ({ pages: [{ ...honest, ...change }] });
const header = (fields: { [field: number]: Thrift }): RawParquet => changed({ header: fields });

describe('a file that is', () => {
  it('honest is read', async () => {
    const { sink } = await readRaw({ pages: [honest, honest] });
    expect(sink.features).toHaveLength(4);
  });

  it.each([
    ['empty', new Uint8Array(0)],
    ['eleven bytes long', Buffer.from('PAR1aaaPAR1')],
    ['a TIFF', makeTiff({ width: 40, height: 40 })],
  ])('%s is no Parquet', async (_what, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject(refused('not-a-parquet'));
  });

  it('cut off after any 1,000 bytes is corrupt', async () => {
    const bytes = makeGeoParquet({
      columns: [
        geometryColumn(Array.from({ length: 500 }, (_, x) => writeWkb({ type: 'Point', coordinates: [x / 7, x] }))),
      ],
    });
    expect(bytes.length).toBeGreaterThan(2_000);
    for (let length = 1_000; length < bytes.length; length += 1_000) {
      await expect(read(bytes.subarray(0, length))).rejects.toMatchObject(refused('parquet-corrupt'));
    }
  });

  const withFooter = (footer: Uint8Array, length = footer.length) => {
    const tail = Buffer.alloc(4);
    tail.writeUInt32LE(length);
    return Buffer.concat([Buffer.from('PAR1'), footer, tail, Buffer.from('PAR1')]);
  };

  it.each<[string, Uint8Array]>([
    ['a footer that is longer than it', withFooter(Buffer.alloc(50), 1_000)],
    ['a footer without an end', withFooter(Buffer.alloc(50, 0x15))],
    [
      'a list of 2³² structures',
      withFooter(Buffer.concat([Buffer.of(0x29, 0xfc), varint(2n ** 32n), Buffer.alloc(50)])),
    ],
    ['structures 10,000 deep', withFooter(Buffer.alloc(10_000, 0x1c))],
    [
      'a number of a million bits',
      withFooter(Buffer.concat([Buffer.of(0x16), Buffer.alloc(140_000, 0xff), Buffer.of(0)])),
    ],
    ['a text that is longer than it', withFooter(Buffer.of(0x18, 0xff, 0x7f, 0, 0))],
    ['no schema', withFooter(Buffer.of(0x15, 2, 0))],
  ])('one with %s is corrupt', async (_what, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject(refused('parquet-corrupt'));
  });

  it('one with a list of 2²⁷ structures is corrupt before room is made for them', async () => {
    const bytes = withFooter(Buffer.concat([Buffer.of(0x29, 0xfc), varint(2n ** 27n), Buffer.alloc(50)]));
    await expect(read(bytes)).rejects.toMatchObject({
      message: 'The Parquet file is not valid: its footer is cut off.',
    });
  });

  it('one with five million values in its footer is refused', async () => {
    const bytes = withFooter(Buffer.concat([Buffer.of(0x29, 0xfc), varint(5_000_000n), Buffer.alloc(5_000_002)]));
    await expect(read(bytes)).rejects.toMatchObject({
      message: 'The Parquet file is not valid: of its footer it has too many values.',
    });
  });

  it.each<[string, Thrift]>([
    ['is empty', []],
    ['has no names', [{ 1: 6 }]],
    [
      'has fewer children than it tells',
      [
        { 4: 'schema', 5: 3 },
        { 1: 6, 3: 1, 4: 'geometry' },
      ],
    ],
    [
      'has more children than it tells',
      [
        { 4: 'schema', 5: 0 },
        { 1: 6, 3: 1, 4: 'geometry' },
      ],
    ],
    [
      'has −1 children',
      [
        { 4: 'schema', 5: -1 },
        { 1: 6, 3: 1, 4: 'geometry' },
      ],
    ],
    [
      'has two columns of one name',
      [
        { 4: 'schema', 5: 2 },
        { 1: 6, 3: 1, 4: 'geometry' },
        { 1: 6, 3: 1, 4: 'geometry' },
      ],
    ],
    [
      'has a column that no row group has',
      [
        { 4: 'schema', 5: 2 },
        { 1: 6, 3: 1, 4: 'geometry' },
        { 1: 6, 3: 1, 4: 'b' },
      ],
    ],
  ])('one whose schema %s is corrupt', async (_what, schema) => {
    await expect(readRaw({ pages: [honest], file: { 2: schema } })).rejects.toMatchObject(refused('parquet-corrupt'));
  });

  it('one whose schema is 20 deep is refused', async () => {
    const schema = [
      ...Array.from({ length: 20 }, (_, index) => ({ 3: 1, 4: `s${index}`, 5: 1 })),
      { 1: 6, 3: 1, 4: 'leaf' },
    ];
    await expect(readRaw({ pages: [honest], file: { 2: schema } })).rejects.toMatchObject(
      refused('parquet-unsupported'),
    );
  });

  it.each<[string, { [field: number]: Thrift }]>([
    ['lies behind the end', { 9: 1_000_000n }],
    ['lies before the beginning', { 9: 0n }],
    ['lies at −1', { 9: -1n }],
    ['is longer than the file', { 7: 1_000_000n }],
    ['has −1 bytes', { 7: -1n }],
    ['lies at 2⁶³ − 1', { 9: 2n ** 63n - 1n }],
    ['has no path', { 3: 7 }],
    ['has another type than the schema', { 1: 5 }],
  ])('one whose column %s is corrupt', async (_what, column) => {
    await expect(readRaw({ pages: [honest], column })).rejects.toMatchObject(refused('parquet-corrupt'));
  });

  it('one whose row groups all lead to the same column is corrupt', async () => {
    await expect(readRaw({ pages: [honest], rowGroups: 1_000 })).rejects.toMatchObject(refused('parquet-corrupt'));
  });

  it('one of far more rows than bytes is refused', async () => {
    await expect(readRaw({ pages: [honest], rows: 2n ** 40n })).rejects.toMatchObject(refused('parquet-too-large'));
    await expect(readRaw({ pages: [honest], rows: -1n })).rejects.toMatchObject(refused('parquet-corrupt'));
    await expect(readRaw({ pages: [honest], rows: 3n })).rejects.toMatchObject(refused('parquet-corrupt'));
  });

  it.each([
    '{',
    '[]',
    '{}',
    '{"columns":{},"primary_column":"x"}',
    '{"columns":{},"primary_column":"geometry"}',
    '{"columns":{"geometry":{"encoding":"WKB","crs":7}},"primary_column":"geometry"}',
  ])('one with the metadata %s is refused', async (geo) => {
    await expect(read(makeGeoParquet({ columns: [geometryColumn([WKB])], geo }))).rejects.toMatchObject(
      refused('geoparquet-metadata-invalid'),
    );
  });

  it('one without geometries, or with those of another encoding, is refused', async () => {
    const columns = [{ name: 'a', data: [1n], type: 'INT64' as const }];
    await expect(read(makeGeoParquet({ columns, geo: null }))).rejects.toMatchObject(
      refused('geoparquet-geometry-missing'),
    );
    const geo = geoMetadata({ encoding: 'TWKB' });
    await expect(read(makeGeoParquet({ columns: [geometryColumn([WKB])], geo }))).rejects.toMatchObject(
      refused('parquet-unsupported'),
    );
  });

  it('one with columns in other files, or compressed by LZO, is refused', async () => {
    const meta = { 1: 6, 2: [0], 3: ['geometry'], 4: 0, 5: 2n, 6: 9n, 7: 9n, 9: 4n };
    const elsewhere = { 4: [{ 1: [{ 1: 'other.parquet', 2: 4n, 3: meta }], 2: 9n, 3: 2n }] };
    await expect(readRaw({ pages: [honest], file: elsewhere })).rejects.toMatchObject(refused('parquet-unsupported'));
    await expect(readRaw({ pages: [honest], codec: CODECS.lzo })).rejects.toMatchObject(refused('parquet-unsupported'));
  });
});

describe('a page that', () => {
  it.each<[string, string, RawParquet]>([
    [
      'levels',
      'a run has 1073741824 values, and 2 are left',
      changed({ body: Buffer.concat([levels(2 ** 30, 1), plainTexts([WKB, WKB])]) }),
    ],
    [
      'indices',
      'a run has 1073741824 values, and 2 are left',
      changed({
        encoding: RLE_DICTIONARY,
        body: Buffer.concat([levels(2, 1), Buffer.of(1), varint(2n ** 31n), Buffer.of(0)]),
      }),
    ],
  ])('has a run of 2³⁰ %s is refused before they are written', async (_what, reason, options) => {
    await expect(readRaw(options)).rejects.toMatchObject({ message: `The Parquet file is not valid: ${reason}.` });
  });

  it.each<[string, RawParquet]>([
    ['ends behind its column', header({ 3: 1_000 })],
    ['has −1 bytes', header({ 3: -1 })],
    ['has −1 values', header({ 5: { 1: -1, 2: 0, 3: 3, 4: 3 } })],
    [
      'has more values than it stores',
      changed({ values: 3, body: Buffer.concat([levels(3, 1), plainTexts([WKB, WKB])]) }),
    ],
    ['has other levels than values', changed({ values: 3 })],
    ['has levels that are longer than it', changed({ body: Buffer.from([255, 255, 255, 255, 1, 2, 3, 4]) })],
    ['has a run of 2³⁰ levels', changed({ body: Buffer.concat([levels(2 ** 30, 1), plainTexts([WKB, WKB])]) })],
    [
      'has a text that is longer than it',
      changed({ body: Buffer.concat([levels(2, 1), Buffer.from('ffffff7f', 'hex'), WKB]) }),
    ],
    [
      'has indices and no dictionary',
      changed({ encoding: RLE_DICTIONARY, body: Buffer.concat([levels(2, 1), Buffer.of(1, 4, 1)]) }),
    ],
    [
      'has indices of 255 bits',
      changed({ encoding: RLE_DICTIONARY, body: Buffer.concat([levels(2, 1), Buffer.of(255, 4, 1)]) }),
    ],
    [
      'has a run of 2³⁰ indices',
      changed({
        encoding: RLE_DICTIONARY,
        body: Buffer.concat([levels(2, 1), Buffer.of(1), varint(2n ** 31n), Buffer.of(0)]),
      }),
    ],
    [
      'has differences in blocks of 2³⁰',
      changed({
        encoding: DELTA_BYTE_ARRAY,
        body: Buffer.concat([levels(2, 1), varint(2n ** 30n), varint(2n ** 29n), Buffer.of(2, 0)]),
      }),
    ],
    [
      'has differences in no parts',
      changed({ encoding: DELTA_BYTE_ARRAY, body: Buffer.concat([levels(2, 1), Buffer.of(128, 1, 0, 2, 0)]) }),
    ],
    [
      'is not what it was before it was compressed',
      { ...changed({ body: gzipSync('abc'), uncompressedBytes: 4 }), codec: CODECS.gzip },
    ],
    ['is not compressed', { ...changed({}), codec: CODECS.zstd }],
    ['is not compressed by Snappy', { ...changed({}), codec: CODECS.snappy }],
    ['has an empty header', { pages: [{ ...honest, body: Buffer.alloc(0) }] }],
  ])('%s ends the block', async (_what, options) => {
    await expect(readRaw(options)).rejects.toMatchObject(refused('parquet-corrupt'));
  });

  it('has a dictionary is read, and is corrupt when an index leads behind it', async () => {
    const dictionary = { dictionary: true, body: plainTexts([WKB]), values: 1 };
    const page = (index: number): RawPage => ({
      values: 2,
      encoding: RLE_DICTIONARY,
      body: Buffer.concat([levels(2, 1), Buffer.of(1, 4, index)]),
    });
    expect((await readRaw({ pages: [dictionary, page(0)] })).sink.features).toHaveLength(2);
    await expect(readRaw({ pages: [dictionary, page(1)] })).rejects.toMatchObject(refused('parquet-corrupt'));
  });

  it.each<[string, RawParquet]>([
    [
      'has 2³¹ − 1 bytes before it is compressed',
      { ...changed({ body: zstdCompressSync('a'), uncompressedBytes: 2 ** 31 - 1 }), codec: CODECS.zstd },
    ],
    ['has 2³¹ − 1 values', header({ 5: { 1: 2 ** 31 - 1, 2: 0, 3: 3, 4: 3 } })],
    ['has a header of a mebibyte', header({ 5: { 1: 2, 2: 0, 3: 3, 4: 3, 5: { 1: Buffer.alloc(2 * MIB) } } })],
  ])('%s is refused before room is made for it', async (_what, options) => {
    await expect(readRaw(options)).rejects.toMatchObject(refused('parquet-too-large'));
  });

  it.each([
    ['gzip', CODECS.gzip, gzipSync],
    ['zstd', CODECS.zstd, zstdCompressSync],
    ['brotli', CODECS.brotli, brotliCompressSync],
  ] as const)('is a bomb of %s ends where it passes what it tells', async (_name, codec, compress) => {
    const body = compress(Buffer.alloc(64 * MIB));
    await expect(readRaw({ ...changed({ body, uncompressedBytes: 1_000 }), codec })).rejects.toMatchObject(
      refused('parquet-corrupt'),
    );
  });

  it('has texts that share ever longer beginnings is corrupt before they are made', async () => {
    // 100,000 texts of which each repeats the 10,000 bytes before it: a gigabyte out of some bytes.
    const count = 100_000;
    const header128 = Buffer.of(128, 1, 4);
    const runs = (first: number, delta: number) =>
      Buffer.concat([
        header128,
        varint(BigInt(count)),
        varint(BigInt(first) * 2n),
        ...Array.from({ length: Math.ceil((count - 1) / 128) }, (_, block) =>
          Buffer.concat([varint(BigInt(block === 0 ? delta : 0) * 2n), Buffer.alloc(4)]),
        ),
      ]);
    const body = Buffer.concat([levels(count, 1), runs(0, 0), runs(10_000, 0), Buffer.alloc(10_000)]);
    await expect(readRaw(changed({ values: count, encoding: DELTA_BYTE_ARRAY, body }))).rejects.toMatchObject(
      refused('parquet-corrupt'),
    );
  });

  it('has texts that become a gigabyte by sharing is corrupt before they are made', async () => {
    // The first text has 10,000 bytes of its own, and each of the others shares them.
    const count = 100_000;
    const prefixes = deltas(count, 0, 0, (index) => (index === 0 ? 10_000 : 0));
    const suffixes = deltas(count, 10_000, -10_000, (index) => (index === 0 ? 0 : 10_000));
    const body = Buffer.concat([levels(count, 1), prefixes, suffixes, Buffer.alloc(10_000)]);
    await expect(readRaw(changed({ values: count, encoding: DELTA_BYTE_ARRAY, body }))).rejects.toMatchObject({
      message: 'The Parquet file is not valid: the texts of a page become 1000000000 bytes.',
    });
  });

  it('has booleans in a run of 2³⁰ is corrupt', async () => {
    const length = Buffer.from('06000000', 'hex');
    const schema = [
      { 4: 'schema', 5: 2 },
      { 1: 0, 3: 0, 4: 'flag' },
      { 1: 6, 3: 1, 4: 'geometry' },
    ];
    const flag = { values: 2, encoding: RLE, body: Buffer.concat([length, varint(2n ** 31n), Buffer.of(1)]) };
    const bytes = rawParquet({ pages: [flag], type: 0, required: true, column: { 3: ['flag'] }, file: { 2: schema } });
    await expect(read(bytes)).rejects.toMatchObject(refused('parquet-corrupt'));
  });
});

/** Differences in blocks of 128: those of the first block are `least` and what is added to it, in 14 bits; others are 0. */
function deltas(count: number, first: number, least: number, added: (index: number) => number): Buffer {
  const zigzag = (value: number) => varint(BigInt(value < 0 ? -2 * value - 1 : 2 * value));
  const bits = Array.from({ length: 128 }, (_, index) => added(index).toString(2).padStart(14, '0'))
    .toReversed()
    .join('');
  const packed = Buffer.from(BigInt(`0b${bits}`).toString(16).padStart(448, '0'), 'hex').reverse();
  const rest = Array.from({ length: Math.ceil((count - 129) / 128) }, () => Buffer.of(0, 0));
  const head = [Buffer.of(128, 1, 1), varint(BigInt(count)), zigzag(first), zigzag(least), Buffer.of(14)];
  return Buffer.concat([...head, packed, ...rest]);
}
