import { gzipSync, zstdCompressSync, brotliCompressSync } from 'node:zlib';
import { geometryColumn, geoMetadata, makeGeoParquet } from '../../../helpers/make-geoparquet.ts';
import {
  CODECS,
  levels,
  plainTexts,
  rawParquet,
  varint,
  type RawPage,
  type RawParquet,
  type Thrift,
} from '../../../helpers/raw-parquet.ts';
import { writeWkb } from '../../../helpers/write-wkb.ts';
import { broken, harmless, refused, without, type Attack } from '../attack.ts';
import { TOLERANT } from './good-files.ts';

const MIB = 1024 ** 2;
const WKB = writeWkb({ type: 'Point', coordinates: [1, 2] });
const honest: RawPage = { body: Buffer.concat([levels(2, 1), plainTexts([WKB, WKB])]), values: 2 };

const raw = (what: string, options: Partial<RawParquet>, end: Attack['end']): Attack => ({
  what,
  file: () => rawParquet({ pages: [honest], ...options }),
  inputs: { sourceCrs: 'OGC:CRS84' },
  end,
});
const page = (what: string, change: Partial<RawPage>, end: Attack['end'], codec = CODECS.uncompressed): Attack =>
  raw(what, { pages: [{ ...honest, ...change }], codec }, end);
const column = (what: string, fields: { [field: number]: Thrift }): Attack =>
  raw(what, { column: fields }, refused('parquet-corrupt'));

const withFooter = (what: string, footer: Uint8Array, length = footer.length): Attack => ({
  what,
  file: () => {
    const tail = Buffer.alloc(4);
    tail.writeUInt32LE(length);
    return Buffer.concat([Buffer.from('PAR1'), footer, tail, Buffer.from('PAR1')]);
  },
  end: refused('parquet-corrupt'),
});

const bomb = (
  what: string,
  codec: number,
  compress: (bytes: Buffer) => Buffer,
  told: number,
  end: Attack['end'],
): Attack =>
  raw(what, { pages: [{ ...honest, body: compress(Buffer.alloc(64 * MIB)), uncompressedBytes: told }], codec }, end);

const geo = (what: string, metadata: object | string, end: Attack['end']): Attack => ({
  what,
  file: () => makeGeoParquet({ columns: [geometryColumn([WKB])], geo: metadata }),
  end,
});

const attacks: Attack[] = [
  raw('nothing wrong', {}, harmless(2)),
  { what: 'no rows', file: () => makeGeoParquet({ columns: [geometryColumn([])] }), end: harmless(0) },
  { what: 'its magic numbers alone', file: () => Buffer.from('PAR1PAR1'), end: refused('not-a-parquet') },
  withFooter('a footer that is longer than it', Buffer.alloc(50), 1_000),
  withFooter('a footer of 4 GiB', Buffer.alloc(50), 2 ** 32 - 1),
  withFooter('a list of 2³² structures', Buffer.concat([Buffer.of(0x29, 0xfc), varint(2n ** 32n), Buffer.alloc(50)])),
  withFooter(
    'a list of five million values',
    Buffer.concat([Buffer.of(0x29, 0xfc), varint(5_000_000n), Buffer.alloc(5_000_002)]),
  ),
  withFooter('structures ten thousand deep', Buffer.alloc(10_000, 0x1c)),
  column('a column behind its end', { 9: 1_000_000n }),
  column('a column at −1', { 9: -1n }),
  column('a column at 2⁶³ − 1', { 9: 2n ** 63n - 1n }),
  column('a column of −1 bytes', { 7: -1n }),
  column('a column that is longer than it', { 7: 1_000_000n }),
  raw('a thousand row groups of one column', { rowGroups: 1_000 }, refused('parquet-corrupt')),
  raw('2⁴⁰ rows', { rows: 2n ** 40n }, refused('parquet-too-large')),
  raw('−1 rows', { rows: -1n }, refused('parquet-corrupt')),
  raw(
    'columns in another file',
    {
      file: {
        4: [
          {
            1: [
              {
                1: '../../../etc/passwd',
                2: 4n,
                3: { 1: 6, 2: [0], 3: ['geometry'], 4: 0, 5: 2n, 6: 9n, 7: 9n, 9: 4n },
              },
            ],
            2: 9n,
            3: 2n,
          },
        ],
      },
    },
    refused('parquet-unsupported'),
  ),
  page('a page that ends behind its column', { header: { 3: 1_000 } }, broken('parquet-corrupt')),
  page('a page of −1 bytes', { header: { 3: -1 } }, broken('parquet-corrupt')),
  page(
    'a page of 2³¹ − 1 values',
    { header: { 5: { 1: 2 ** 31 - 1, 2: 0, 3: 3, 4: 3 } } },
    broken('parquet-too-large'),
  ),
  page(
    'a page of 2³¹ − 1 bytes when it is decompressed',
    { body: zstdCompressSync('a'), uncompressedBytes: 2 ** 31 - 1 },
    broken('parquet-too-large'),
    CODECS.zstd,
  ),
  page(
    'a run of 2³⁰ levels',
    { body: Buffer.concat([levels(2 ** 30, 1), plainTexts([WKB, WKB])]) },
    broken('parquet-corrupt'),
  ),
  page(
    'a text that is longer than its page',
    { body: Buffer.concat([levels(2, 1), Buffer.from('ffffff7f', 'hex'), WKB]) },
    broken('parquet-corrupt'),
  ),
  bomb('a bomb of gzip', CODECS.gzip, gzipSync, 1_000, broken('parquet-corrupt')),
  bomb('a bomb of Zstandard', CODECS.zstd, zstdCompressSync, 1_000, broken('parquet-corrupt')),
  bomb('a bomb of Brotli', CODECS.brotli, brotliCompressSync, 1_000, broken('parquet-corrupt')),
  bomb('a bomb of Zstandard that tells its size', CODECS.zstd, zstdCompressSync, 64 * MIB, broken('parquet-corrupt')),
  page(
    'geometries that are none',
    { body: Buffer.concat([levels(2, 1), plainTexts([WKB, Buffer.from('abc')])]) },
    without(['wkb-truncated'], 1),
  ),
  geo('metadata that is cut off', '{', refused('geoparquet-metadata-invalid')),
  geo(
    'metadata ten thousand deep',
    `{"columns":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    refused('geoparquet-metadata-invalid'),
  ),
  geo(
    'metadata that leads to another column',
    { version: '1.1.0', primary_column: 'x', columns: {} },
    refused('geoparquet-metadata-invalid'),
  ),
  geo(
    'metadata of __proto__',
    '{"version":"1.1.0","primary_column":"__proto__","columns":{"__proto__":{"encoding":"WKB"}}}',
    refused('geoparquet-metadata-invalid'),
  ),
  geo('an encoding that there is not', geoMetadata({ encoding: 'TWKB' }), refused('parquet-unsupported')),
  geo(
    'a CRS that is none',
    geoMetadata({ crs: { id: { authority: '__proto__', code: 'toString' } } }),
    refused('crs-missing'),
  ),
];

export const PARQUET_ATTACKS = attacks.map((attack) => ({ ...attack, inputs: { ...TOLERANT, ...attack.inputs } }));
