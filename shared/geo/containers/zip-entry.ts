/** A file of a zip archive, as its central directory tells it (APPNOTE 6.3.10, 4.3.12). JSON: it is stored with a plan. */
export interface ZipEntry {
  /** Path with slashes that neither is absolute nor climbs. */
  name: string;
  /** 0 stored, 8 deflated; others are listed and cannot be opened. */
  method: number;
  /** Bytes in the archive. */
  compressedBytes: number;
  /** Bytes when it is decompressed. */
  bytes: number;
  /** Of its local header, from the start of the archive. */
  offset: number;
  /** Byte at which the next local header or the directory begins: nothing of this entry lies behind it. */
  end: number;
  /** Of the decompressed bytes. */
  crc32: number;
  /** Whether the local header leaves sizes and checksum to a data descriptor. */
  hasDescriptor: boolean;
}

export const STORED = 0;
export const DEFLATED = 8;

/** Bytes of a local header before its name (APPNOTE 4.3.7). */
export const LOCAL_HEADER_BYTES = 30;
