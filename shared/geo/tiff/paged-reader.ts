import type { RangeReader } from '../../sources/range-reader.ts';
import { rasterTruncated } from './errors.ts';

const KIB = 1024;

/** A page holds the whole header of most COGs, and 8,192 block offsets of a large one. */
export const PAGE_BYTES = 32 * KIB;

/** Pages kept: 4 MiB of header and block offsets. */
const MAX_PAGES = 128;

interface Page {
  bytes: Promise<Uint8Array>;
  signal: AbortSignal | undefined;
}

/** Reads small values from anywhere in a file through a bounded cache of pages. */
export interface PagedReader {
  readonly size: number;
  /** @throws LonghaulError `raster-truncated` (final) when the range is not in the file */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

export function createPagedReader(reader: RangeReader): PagedReader {
  const pages = new Map<number, Page>();

  /** Starts one read for the pages `first` to `last`, and hands each its part. */
  function load(first: number, last: number, signal: AbortSignal | undefined): void {
    const start = first * PAGE_BYTES;
    const length = Math.min((last + 1) * PAGE_BYTES, reader.size) - start;
    const whole = reader.read(start, length, signal);
    for (let page = first; page <= last; page++) {
      const from = (page - first) * PAGE_BYTES;
      const bytes = whole.then((all) => all.subarray(from, from + PAGE_BYTES));
      const entry: Page = { bytes, signal };
      bytes.catch(() => {
        if (pages.get(page) === entry) pages.delete(page);
      });
      pages.set(page, entry);
    }
  }

  function loadMissing(first: number, last: number, signal: AbortSignal | undefined): void {
    let missing: number | undefined;
    for (let page = first; page <= last + 1; page++) {
      const known = page > last || pages.has(page);
      if (known && missing !== undefined) load(missing, page - 1, signal);
      missing = known ? undefined : (missing ?? page);
    }
  }

  /** The page's bytes. Another caller's abort is not ours: the page is then read again. */
  async function bytesOf(page: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
    for (;;) {
      signal?.throwIfAborted();
      loadMissing(page, page, signal);
      const entry = pages.get(page)!;
      // The page used last stands last: the first of the map is the one to drop.
      pages.delete(page);
      pages.set(page, entry);
      try {
        return await entry.bytes;
      } catch (error) {
        if (entry.signal === signal || entry.signal?.aborted !== true) throw error;
      }
    }
  }

  return {
    size: reader.size,
    async read(offset, length, signal) {
      if (offset + length > reader.size) throw rasterTruncated('the header', offset + length, reader.size);
      const result = new Uint8Array(length);
      if (length === 0) return result;
      const first = Math.floor(offset / PAGE_BYTES);
      const last = Math.floor((offset + length - 1) / PAGE_BYTES);
      loadMissing(first, last, signal);
      for (let page = first; page <= last; page++) {
        const bytes = await bytesOf(page, signal);
        const from = Math.max(0, offset - page * PAGE_BYTES);
        const part = bytes.subarray(from, offset + length - page * PAGE_BYTES);
        const expected = Math.min(PAGE_BYTES, offset + length - page * PAGE_BYTES) - from;
        if (part.length < expected)
          throw rasterTruncated('the header', offset + length, page * PAGE_BYTES + bytes.length);
        result.set(part, page * PAGE_BYTES + from - offset);
      }
      for (const page of pages.keys()) {
        if (pages.size <= MAX_PAGES) break;
        pages.delete(page);
      }
      return result;
    },
  };
}
