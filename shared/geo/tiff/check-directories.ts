import { headerCorrupt, ifdLoop, notATiff, rasterTruncated, tooManyIfds } from './errors.ts';
import { PAGE_BYTES, type PagedReader } from './paged-reader.ts';

const KIB = 1024;

/** Image directories of one file: a COG of 2³⁰ pixels across with masks has 46. */
export const MAX_IFDS = 64;

/** Tags of one directory: TIFF and its extensions name about 200. */
export const MAX_TAGS = 512;

/** Bytes of one tag's values, but for block offsets and sizes and for tags that are never read. */
export const MAX_TAG_BYTES = 64 * KIB;

/** Bytes that the parser takes at first and at each directory that lies outside of them. */
const PARSER_READ_BYTES = PAGE_BYTES;

/** The parser expects this much of a directory in what it has read already. */
const PARSER_LOOKAHEAD_BYTES = KIB;

/** Field sizes in bytes by TIFF type (TIFF 6.0 section 2; of BigTIFF's three the parser reads LONG8 alone). */
const FIELD_BYTES = new Map([
  ...[1, 2, 6, 7].map((type) => [type, 1] as const),
  ...[3, 8].map((type) => [type, 2] as const),
  ...[4, 9, 11, 13].map((type) => [type, 4] as const),
  ...[5, 10, 12, 16].map((type) => [type, 8] as const),
]);

const BLOCK_TAGS: ReadonlySet<number> = new Set([273, 279, 324, 325]);

/** Tags whose values this reader asks for: see `read-image.ts` and `georeference.ts`. */
const READ_TAGS: ReadonlySet<number> = new Set([
  254, 255, 256, 257, 258, 259, 262, 266, 277, 278, 284, 317, 320, 322, 323, 338, 339, 347, 33550, 33922, 34264, 34735,
  34736, 34737, 42113,
]);

interface Format {
  little: boolean;
  big: boolean;
  countBytes: number;
  entryBytes: number;
  pointerBytes: number;
}

/**
 * Walks the chain of image directories of an untrusted file before a parser does, which would follow a cyclic chain
 * for ever: TIFF 6.0 section 2 and BigTIFF, both byte orders.
 * @returns how many bytes the parser must take at first for no directory to lie across their end
 * @throws LonghaulError `not-a-tiff`, `raster-truncated`, `raster-ifd-loop`, `raster-too-many-ifds`,
 *   `raster-header-corrupt` (all final)
 */
export async function checkDirectories(pages: PagedReader, signal?: AbortSignal): Promise<number> {
  const { format, first } = await readHeader(pages, signal);
  const visited = new Set<number>();
  const extents: { start: number; end: number }[] = [];
  for (let offset = first; offset !== 0;) {
    if (visited.has(offset)) throw ifdLoop(offset);
    if (visited.size >= MAX_IFDS) throw tooManyIfds(MAX_IFDS);
    visited.add(offset);
    const directory = await checkDirectory(pages, format, offset, signal);
    extents.push({ start: offset, end: directory.end });
    offset = directory.next;
  }
  if (visited.size === 0) throw headerCorrupt('it has no image directory');
  return firstReadBytes(extents);
}

async function readHeader(pages: PagedReader, signal?: AbortSignal): Promise<{ format: Format; first: number }> {
  if (pages.size < 8) throw notATiff(`it has ${pages.size} bytes`);
  const view = new DataView((await pages.read(0, Math.min(16, pages.size), signal)).buffer);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) throw notATiff('it does not begin with II or MM');
  const little = order === 0x4949;
  const version = view.getUint16(2, little);
  if (version === 42) {
    const format = { little, big: false, countBytes: 2, entryBytes: 12, pointerBytes: 4 };
    return { format, first: view.getUint32(4, little) };
  }
  if (version !== 43) throw notATiff(`its version is ${version}, neither 42 nor 43`);
  if (view.byteLength < 16 || view.getUint16(4, little) !== 8 || view.getUint16(6, little) !== 0) {
    throw headerCorrupt('a BigTIFF header must say that offsets have 8 bytes');
  }
  const format = { little, big: true, countBytes: 8, entryBytes: 20, pointerBytes: 8 };
  return { format, first: pointer(view, 8, format) };
}

async function checkDirectory(
  pages: PagedReader,
  format: Format,
  offset: number,
  signal?: AbortSignal,
): Promise<{ next: number; end: number }> {
  const head = new DataView((await pages.read(offset, format.countBytes, signal)).buffer);
  const tags = format.big ? pointer(head, 0, format) : head.getUint16(0, format.little);
  if (tags === 0 || tags > MAX_TAGS) {
    throw headerCorrupt(`the directory at byte ${offset} has ${tags} tags; 1 to ${MAX_TAGS} are read`);
  }
  const entries = offset + format.countBytes;
  const length = tags * format.entryBytes + format.pointerBytes;
  const view = new DataView((await pages.read(entries, length, signal)).buffer);
  for (let index = 0; index < tags; index++) checkTag(view, index * format.entryBytes, format, pages.size);
  return { next: pointer(view, tags * format.entryBytes, format), end: entries + length };
}

/** Checks that a tag's values lie in the file, and are no more than will be read. */
function checkTag(view: DataView, at: number, format: Format, fileBytes: number): void {
  const id = view.getUint16(at, format.little);
  const type = view.getUint16(at + 2, format.little);
  const fieldBytes = FIELD_BYTES.get(type);
  if (fieldBytes === undefined) throw headerCorrupt(`tag ${id} has the field type ${type}, which is not read`);
  const count = pointer(view, at + 4, format);
  if (count === 0) throw headerCorrupt(`tag ${id} has no value`);
  const bytes = count * fieldBytes;
  if (READ_TAGS.has(id) && bytes > MAX_TAG_BYTES) {
    throw headerCorrupt(`tag ${id} has ${bytes} bytes of values; at most ${MAX_TAG_BYTES} are read`);
  }
  if (BLOCK_TAGS.has(id) && ![3, 4, 16].includes(type)) {
    throw headerCorrupt(`tag ${id} has ${count} values of field type ${type}`);
  }
  if (bytes <= format.pointerBytes) return;
  const start = pointer(view, at + 4 + format.pointerBytes, format);
  if (start + bytes > fileBytes) throw rasterTruncated(`tag ${id}`, start + bytes, fileBytes);
}

/** A file offset or count: exact up to 2⁵³, and far beyond every file above that. */
function pointer(view: DataView, at: number, format: Format): number {
  return format.big ? Number(view.getBigUint64(at, format.little)) : view.getUint32(at, format.little);
}

/** The parser refuses a directory that begins well inside its first read and ends outside of it. */
function firstReadBytes(extents: readonly { start: number; end: number }[]): number {
  let bytes = PARSER_READ_BYTES;
  for (const { start, end } of extents.toSorted((a, b) => a.start - b.start)) {
    if (start + PARSER_LOOKAHEAD_BYTES <= bytes && end > bytes) bytes = end;
  }
  return bytes;
}
