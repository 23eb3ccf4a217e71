import type { RangeReader, Sources } from '../../shared/sources/range-reader.ts';

/** What was read from sources. */
export interface ReadCounts {
  /** Range reads. */
  reads: number;
  /** Bytes that they gave. */
  bytes: number;
}

/** Sources that count what is read from them. */
export function countReads(sources: Sources): { sources: Sources; counts: Readonly<ReadCounts> } {
  const counts: ReadCounts = { reads: 0, bytes: 0 };
  const counting = (reader: RangeReader): RangeReader => ({
    url: reader.url,
    size: reader.size,
    etag: reader.etag,
    async read(offset, length, signal) {
      const bytes = await reader.read(offset, length, signal);
      counts.reads++;
      counts.bytes += bytes.length;
      return bytes;
    },
  });
  return { sources: { open: async (url, options) => counting(await sources.open(url, options)) }, counts };
}
