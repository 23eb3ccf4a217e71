import { parseExtraFields } from 'yauzl';
import type { RangeReader } from '../../sources/range-reader.ts';
import { entryName } from './entry-name.ts';
import { zipEntriesOverlap, zipEntryCorrupt, zipMethodUnsupported } from './errors.ts';
import { DEFLATED, LOCAL_HEADER_BYTES, STORED, type ZipEntry } from './zip-entry.ts';

/** APPNOTE 4.3.7. */
const LOCAL_SIGNATURE = 0x04034b50;

/** Stands for a size that is in the Zip64 extra field. */
const IN_ZIP64 = 0xffffffff;

/** Holds nearly every header with its name and extra fields. */
const FIRST_READ_BYTES = 1024;

/**
 * Byte of the archive at which the data of an entry begin, by its local header, which must say what the directory says.
 * @throws LonghaulError `zip-entry-corrupt`, `zip-entries-overlap`, `zip-method-unsupported` (all final); as
 *   `RangeReader.read`
 */
export async function locateData(reader: RangeReader, entry: ZipEntry, signal?: AbortSignal): Promise<number> {
  const { name, method, offset, end } = entry;
  if (method !== STORED && method !== DEFLATED) throw zipMethodUnsupported(name, method);
  const first = await readHeader(reader, entry, Math.min(FIRST_READ_BYTES, end - offset), signal);
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength);
  if (first.length < LOCAL_HEADER_BYTES || view.getUint32(0, true) !== LOCAL_SIGNATURE) {
    throw zipEntryCorrupt(name, `its header is not at byte ${offset}`);
  }
  const nameEnd = LOCAL_HEADER_BYTES + view.getUint16(26, true);
  const length = nameEnd + view.getUint16(28, true);
  if (offset + length + entry.compressedBytes > end) throw zipEntriesOverlap(name, 'what follows it');
  const header = length <= first.length ? first : await readHeader(reader, entry, length, signal);
  if (nameOf(header.subarray(0, length), nameEnd) !== name) throw zipEntryCorrupt(name, 'its header has another name');
  if (view.getUint16(8, true) !== method) throw zipEntryCorrupt(name, 'its header has another method');
  if (!entry.hasDescriptor) {
    const [crc32, compressedBytes, bytes] = [14, 18, 22].map((at) => view.getUint32(at, true));
    if (crc32 !== entry.crc32) throw zipEntryCorrupt(name, 'its header has another checksum');
    const isSame =
      (compressedBytes === entry.compressedBytes || compressedBytes === IN_ZIP64) &&
      (bytes === entry.bytes || bytes === IN_ZIP64);
    if (!isSame) throw zipEntryCorrupt(name, 'its header has other sizes');
  }
  return offset + length;
}

async function readHeader(
  reader: RangeReader,
  { name, offset }: ZipEntry,
  length: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const bytes = await reader.read(offset, length, signal);
  if (bytes.length < length) throw zipEntryCorrupt(name, `the archive ends at byte ${offset + bytes.length}`);
  return bytes;
}

/** Undefined when the extra fields, one of which may hold the name, are not valid. */
function nameOf(header: Uint8Array, nameEnd: number): string | undefined {
  const fileNameRaw = Buffer.from(header.subarray(LOCAL_HEADER_BYTES, nameEnd));
  try {
    return entryName({ fileNameRaw, extraFields: parseExtraFields(Buffer.from(header.subarray(nameEnd))) });
  } catch {
    return undefined;
  }
}
