import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip archive; what is absent is what an honest writer would store. */
export interface ZipPart {
  name: string | Uint8Array;
  data?: Uint8Array | string;
  /** 0 stored, 8 deflated [8]. */
  method?: number;
  /** Bytes that are stored in place of `data` compressed by `method`. */
  stored?: Uint8Array;
  /** General purpose flags [0x800: UTF-8]. */
  flags?: number;
  /** [0x031e: Unix, version 3.0] */
  madeBy?: number;
  /** [regular file, 0644] */
  attributes?: number;
  /** Lies of the directory and the local header, both or one. */
  told?: ToldFields;
  toldInDirectory?: ToldFields;
  toldInHeader?: ToldFields & { name?: string };
  /** Offset of the local header that the directory tells. */
  offset?: number;
  /** Extra fields of the directory, and of the local header. */
  directoryExtra?: Uint8Array;
  headerExtra?: Uint8Array;
  comment?: Uint8Array;
  /** Write the sizes behind the data, none before them, and the flag. */
  descriptor?: boolean;
  /** No local header and no data are written: the entry lies where `offset` says. */
  directoryOnly?: boolean;
}

export interface ToldFields {
  crc32?: number;
  compressedBytes?: number;
  bytes?: number;
  method?: number;
}

export interface ZipOptions {
  /** Entries that the end record tells [as many as there are, with 16 bits]. */
  entries?: number;
  directoryOffset?: number;
  comment?: string;
  /** Write a Zip64 end record that tells this. */
  zip64?: { entries?: bigint; directoryOffset?: bigint };
}

/** A zip archive (APPNOTE 6.3.10), honest or not. */
export function makeZip(parts: readonly ZipPart[], options: ZipOptions = {}): Uint8Array<ArrayBuffer> {
  const out: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const push = (list: Uint8Array[], bytes: Uint8Array) => {
    if (list === out) offset += bytes.length;
    list.push(bytes);
  };
  for (const part of parts) {
    const at = part.offset ?? offset;
    const fields = fieldsOf(part);
    if (part.directoryOnly !== true) {
      push(out, localHeader(part, fields));
      push(out, fields.stored);
      if (part.descriptor === true) push(out, descriptor(fields));
    }
    push(directory, directoryHeader(part, fields, at));
  }
  const directoryBytes = Buffer.concat(directory);
  const directoryOffset = options.directoryOffset ?? offset;
  const tail: Uint8Array[] = [directoryBytes];
  if (options.zip64 !== undefined) {
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50, 0);
    record.writeBigUInt64LE(44n, 4);
    const entries = options.zip64.entries ?? BigInt(parts.length);
    record.writeBigUInt64LE(entries, 24);
    record.writeBigUInt64LE(entries, 32);
    record.writeBigUInt64LE(BigInt(directoryBytes.length), 40);
    record.writeBigUInt64LE(options.zip64.directoryOffset ?? BigInt(directoryOffset), 48);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50, 0);
    locator.writeBigUInt64LE(BigInt(offset + directoryBytes.length), 8);
    locator.writeUInt32LE(1, 16);
    tail.push(record, locator);
  }
  const comment = Buffer.from(options.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  const entries = (options.entries ?? parts.length) % 65_536;
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(directoryOffset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Uint8Array.from(Buffer.concat([...out, ...tail, end, comment]));
}

interface Fields extends Required<ToldFields> {
  name: Uint8Array;
  stored: Uint8Array;
  flags: number;
}

function fieldsOf(part: ZipPart): Fields {
  const data = typeof part.data === 'string' ? Buffer.from(part.data) : (part.data ?? new Uint8Array(0));
  const method = part.method ?? 8;
  const stored = part.stored ?? (method === 8 ? deflateRawSync(data) : data);
  return {
    name: typeof part.name === 'string' ? Buffer.from(part.name) : part.name,
    stored,
    method,
    flags: (part.flags ?? 0x800) | (part.descriptor === true ? 8 : 0),
    crc32: crc32(data),
    compressedBytes: stored.length,
    bytes: data.length,
    ...part.told,
  };
}

function localHeader(part: ZipPart, fields: Fields): Uint8Array {
  const told = { ...fields, ...part.toldInHeader };
  const name = part.toldInHeader?.name === undefined ? fields.name : Buffer.from(part.toldInHeader.name);
  const extra = part.headerExtra ?? new Uint8Array(0);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(fields.flags, 6);
  header.writeUInt16LE(told.method, 8);
  if (part.descriptor !== true) {
    header.writeUInt32LE(told.crc32, 14);
    header.writeUInt32LE(told.compressedBytes, 18);
    header.writeUInt32LE(told.bytes, 22);
  }
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

function descriptor({ crc32: checksum, compressedBytes, bytes }: Fields): Uint8Array {
  const record = Buffer.alloc(16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(checksum, 4);
  record.writeUInt32LE(compressedBytes, 8);
  record.writeUInt32LE(bytes, 12);
  return record;
}

function directoryHeader(part: ZipPart, fields: Fields, offset: number): Uint8Array {
  const told = { ...fields, ...part.toldInDirectory };
  const extra = part.directoryExtra ?? new Uint8Array(0);
  const comment = part.comment ?? new Uint8Array(0);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(part.madeBy ?? 0x031e, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(fields.flags, 8);
  header.writeUInt16LE(told.method, 10);
  header.writeUInt32LE(told.crc32, 16);
  header.writeUInt32LE(told.compressedBytes, 20);
  header.writeUInt32LE(told.bytes, 24);
  header.writeUInt16LE(fields.name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt16LE(comment.length, 32);
  header.writeUInt32LE(part.attributes ?? (0o100644 << 16) >>> 0, 38);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, fields.name, extra, comment]);
}
