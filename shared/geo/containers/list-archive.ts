import { fromRandomAccessReaderPromise, type Entry, type ZipFile } from 'yauzl';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RangeReader } from '../../sources/range-reader.ts';
import { RATIO_FLOOR_BYTES, type ContainerLimits } from './container-limits.ts';
import { entryName } from './entry-name.ts';
import {
  zipCorrupt,
  zipDirectoryTooLarge,
  zipEncrypted,
  zipEntriesOverlap,
  zipEntrySpecial,
  zipEntryTooLarge,
  zipNameDuplicate,
  zipRatioTooHigh,
  zipTooLarge,
  zipTooManyEntries,
} from './errors.ts';
import { YauzlReader } from './yauzl-reader.ts';
import { LOCAL_HEADER_BYTES, STORED, type ZipEntry } from './zip-entry.ts';

/** Bytes of the directory: 10,000 entries with names, comments and extra fields of 3 KiB each. */
const MAX_DIRECTORY_BYTES = 32 * 1024 ** 2;

/** Signature of a header in the central directory, as it lies in the file (APPNOTE 4.3.12). */
const DIRECTORY_SIGNATURE = 0x02014b50;

/** General purpose flag of entries whose sizes stand behind them (APPNOTE 4.4.4, bit 3). */
const DESCRIPTOR_FLAG = 0x8;

/** Systems whose attributes hold a Unix mode: Unix and OS X (APPNOTE 4.4.2). */
const UNIX_SYSTEMS: ReadonlySet<number> = new Set([3, 19]);

/** The kind of file in a Unix mode, and the two kinds that are read; 0 where a writer left it out. */
const KIND_MASK = 0o170000;
const PLAIN_KINDS: ReadonlySet<number> = new Set([0, 0o100000, 0o040000]);

/**
 * The files of a zip archive, in the order of its directory; folders are left out, and archives inside it are files like
 * others. The directory alone is read: what it says of sizes is held when an entry is opened.
 * @throws LonghaulError `zip-corrupt`, `zip-too-many-entries`, `zip-directory-too-large`, `zip-entry-too-large`, `zip-too-large`,
 *   `zip-ratio-too-high`, `zip-entries-overlap`, `zip-name-duplicate`, `zip-name-unsafe`, `zip-entry-special`,
 *   `zip-encrypted` (all final); as `RangeReader.read`
 */
export async function listArchive(
  reader: RangeReader,
  limits: ContainerLimits,
  signal?: AbortSignal,
): Promise<ZipEntry[]> {
  const source = new YauzlReader(reader, signal);
  const { entries, directoryStart } = await readDirectory(source, reader.size, limits);
  checkNames(entries);
  checkPlaces(entries, directoryStart);
  checkSizes(entries, limits);
  return entries.filter(({ name }) => !name.endsWith('/'));
}

async function readDirectory(source: YauzlReader, size: number, limits: ContainerLimits) {
  const entries: ZipEntry[] = [];
  try {
    const zip = await fromRandomAccessReaderPromise(source, size, { decodeStrings: false, validateEntrySizes: false });
    const directoryStart = cursorOf(zip);
    if (zip.entryCount > limits.entries) throw zipTooManyEntries(zip.entryCount, limits.entries);
    for await (const entry of zip.eachEntry()) {
      const directoryBytes = cursorOf(zip) - directoryStart;
      if (directoryBytes > MAX_DIRECTORY_BYTES) throw zipDirectoryTooLarge(directoryBytes, MAX_DIRECTORY_BYTES);
      entries.push(checkedEntry(entry, limits));
    }
    // The count has 16 bits: an archive of 65,537 entries may say that it has one.
    const next = cursorOf(zip);
    if (next + 4 <= size) {
      const bytes = await source.bytes(next, 4);
      if (new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === DIRECTORY_SIGNATURE) {
        throw zipCorrupt(`its directory says that it has ${zip.entryCount} entries, and has more`);
      }
    }
    return { entries, directoryStart };
  } catch (error) {
    throw asZipError(error, source);
  }
}

/** Where yauzl reads on: the start of the directory at first, its end at last. Its types say that it is a boolean. */
const cursorOf = (zip: ZipFile): number => zip.readEntryCursor as unknown as number;

function checkedEntry(entry: Entry, limits: ContainerLimits): ZipEntry {
  const name = entryName(entry);
  const { uncompressedSize: bytes, compressedSize: compressedBytes, compressionMethod: method } = entry;
  if (entry.isEncrypted()) throw zipEncrypted(name);
  if (isSpecial(entry)) throw zipEntrySpecial(name);
  if (method === STORED && bytes !== compressedBytes) {
    throw zipCorrupt(`it stores ${bytes} bytes in ${compressedBytes} without compression`);
  }
  if (bytes > limits.bytes) throw zipEntryTooLarge(name, bytes, limits.bytes);
  if (bytes > RATIO_FLOOR_BYTES && bytes > limits.ratio * compressedBytes) {
    throw zipRatioTooHigh(name, Math.ceil(bytes / Math.max(compressedBytes, 1)), limits.ratio);
  }
  return {
    name,
    method,
    compressedBytes,
    bytes,
    offset: entry.relativeOffsetOfLocalHeader,
    end: 0,
    crc32: entry.crc32,
    hasDescriptor: (entry.generalPurposeBitFlag & DESCRIPTOR_FLAG) !== 0,
  };
}

function isSpecial(entry: Entry): boolean {
  const kind = (entry.externalFileAttributes >>> 16) & KIND_MASK;
  return UNIX_SYSTEMS.has(entry.versionMadeBy >>> 8) && !PLAIN_KINDS.has(kind);
}

function checkNames(entries: readonly ZipEntry[]): void {
  const names = new Set<string>();
  for (const { name } of entries) {
    if (names.has(name)) throw zipNameDuplicate(name);
    names.add(name);
  }
}

/** Of all entries together: many that are each too small to be a bomb may be one. */
function checkSizes(entries: readonly ZipEntry[], { totalBytes, ratio }: ContainerLimits): void {
  let bytes = 0;
  let compressedBytes = 0;
  for (const entry of entries) {
    bytes += entry.bytes;
    compressedBytes += entry.compressedBytes;
  }
  if (bytes > totalBytes) throw zipTooLarge(bytes, totalBytes);
  if (bytes > RATIO_FLOOR_BYTES && bytes > ratio * compressedBytes) {
    throw zipRatioTooHigh(undefined, Math.ceil(bytes / Math.max(compressedBytes, 1)), ratio);
  }
}

/** Gives each entry its end. One that is sure to reach into the next, whatever its local header says, is an overlap. */
function checkPlaces(entries: readonly ZipEntry[], directoryStart: number): void {
  const sorted = entries.toSorted((a, b) => a.offset - b.offset);
  for (const [index, entry] of sorted.entries()) {
    const next = sorted[index + 1];
    entry.end = Math.min(next?.offset ?? directoryStart, directoryStart);
    if (entry.offset + LOCAL_HEADER_BYTES + entry.compressedBytes <= entry.end) continue;
    if (next !== undefined && next.offset < directoryStart) throw zipEntriesOverlap(entry.name, next.name);
    throw zipCorrupt(`an entry with ${entry.compressedBytes} bytes at byte ${entry.offset} reaches into its directory`);
  }
}

/** What yauzl found, as an error of ours; one of the source stays what it is. */
function asZipError(error: unknown, source: YauzlReader): unknown {
  if (source.failure !== undefined) return source.failure;
  if (error instanceof LonghaulError) return error;
  const { message } = error as Error;
  if (message === 'strong encryption is not supported') return zipEncrypted();
  return zipCorrupt(message.replace(/\.$/, ''), error);
}
