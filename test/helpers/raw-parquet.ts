/** A value of Thrift's compact protocol: numbers are integers, texts are binary, an object has its fields by number. */
export type Thrift = number | bigint | string | Uint8Array | boolean | Thrift[] | { [field: number]: Thrift };

/** Writes a structure in compact protocol; numbers are 32-bit integers, big integers have 64 bits. */
export function writeThrift(value: { [field: number]: Thrift }): Buffer {
  const parts: Buffer[] = [];
  let last = 0;
  for (const [key, field] of Object.entries(value)) {
    const id = Number(key);
    parts.push(Buffer.of(((id - last) << 4) | typeOf(field)), bodyOf(field));
    last = id;
  }
  return Buffer.concat([...parts, Buffer.of(0)]);
}

function typeOf(value: Thrift): number {
  if (value === true) return 1;
  if (value === false) return 2;
  if (typeof value === 'number') return 5;
  if (typeof value === 'bigint') return 6;
  if (typeof value === 'string' || value instanceof Uint8Array) return 8;
  return Array.isArray(value) ? 9 : 12;
}

function bodyOf(value: Thrift): Buffer {
  if (typeof value === 'boolean') return Buffer.alloc(0);
  if (typeof value === 'number' || typeof value === 'bigint') return varint(zigzag(BigInt(value)));
  if (typeof value === 'string' || value instanceof Uint8Array) {
    const bytes = Buffer.from(value);
    return Buffer.concat([varint(BigInt(bytes.length)), bytes]);
  }
  if (!Array.isArray(value)) return writeThrift(value);
  const type = value.length === 0 ? 12 : typeOf(value[0]!);
  return Buffer.concat([Buffer.of(0xf0 | type), varint(BigInt(value.length)), ...value.map(bodyOf)]);
}

const zigzag = (value: bigint): bigint => BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));

export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7n) {
    if (left < 128n) return Buffer.from([...bytes, Number(left)]);
    bytes.push(Number(left & 127n) | 128);
  }
}

/** Numbers of the format (parquet.thrift). */
export const PLAIN = 0;
export const RLE = 3;
export const DELTA_BYTE_ARRAY = 7;
export const RLE_DICTIONARY = 8;
export const CODECS = { uncompressed: 0, snappy: 1, gzip: 2, lzo: 3, brotli: 4, zstd: 6 };

export interface RawPage {
  /** Header of the page, over the honest one. */
  header?: { [field: number]: Thrift };
  /** Bytes behind the header. */
  body: Uint8Array;
  /** [body's] */
  uncompressedBytes?: number;
  values: number;
  encoding?: number;
  dictionary?: boolean;
}

export interface RawParquet {
  pages: RawPage[];
  /** Rows of the row group [values of all data pages]. */
  rows?: number | bigint;
  codec?: number;
  /** Physical type of the column `geometry` [6: BYTE_ARRAY]. */
  type?: number;
  required?: boolean;
  /** Fields of the column's metadata, over the honest ones. */
  column?: { [field: number]: Thrift };
  /** Fields of the file's metadata, over the honest ones. */
  file?: { [field: number]: Thrift };
  /** Row groups that all lead to the same column. */
  rowGroups?: number;
}

/** A Parquet file with one optional column `geometry`, honest or not. */
export function rawParquet(options: RawParquet): Uint8Array<ArrayBuffer> {
  const { pages, codec = CODECS.uncompressed, type = 6, required = false, rowGroups = 1 } = options;
  const magic = Buffer.from('PAR1');
  const chunk = Buffer.concat(pages.flatMap((page) => [writeThrift(pageHeader(page)), Buffer.from(page.body)]));
  const values = pages.reduce((sum, page) => sum + (page.dictionary === true ? 0 : page.values), 0);
  const rows = BigInt(options.rows ?? values);
  const column = {
    1: type,
    2: [PLAIN],
    3: ['geometry'],
    4: codec,
    5: BigInt(values),
    6: BigInt(chunk.length),
    7: BigInt(chunk.length),
    9: BigInt(magic.length),
    ...options.column,
  };
  const group = { 1: [{ 2: BigInt(magic.length), 3: column }], 2: BigInt(chunk.length), 3: rows };
  const footer = writeThrift({
    1: 2,
    2: [
      { 4: 'schema', 5: 1 },
      { 1: type, 3: required ? 0 : 1, 4: 'geometry' },
    ],
    3: rows,
    4: Array.from({ length: rowGroups }, () => group),
    ...options.file,
  });
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(footer.length);
  return Uint8Array.from(Buffer.concat([magic, chunk, footer, tail, magic]));
}

function pageHeader({ header, body, uncompressedBytes, values, encoding = PLAIN, dictionary }: RawPage) {
  const sizes = { 2: uncompressedBytes ?? body.length, 3: body.length };
  return dictionary === true
    ? { 1: 2, ...sizes, 7: { 1: values, 2: PLAIN }, ...header }
    : { 1: 0, ...sizes, 5: { 1: values, 2: encoding, 3: RLE, 4: RLE }, ...header };
}

/** Definition levels of version 1: one run, with its length before it. */
export function levels(count: number, level: 0 | 1): Buffer {
  const run = Buffer.concat([varint(BigInt(count) << 1n), Buffer.of(level)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(run.length);
  return Buffer.concat([length, run]);
}

/** Texts as PLAIN has them. */
export function plainTexts(texts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      return [length, Buffer.from(text)];
    }),
  );
}
