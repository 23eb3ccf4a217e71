import type { RangeReader } from '../../sources/range-reader.ts';
import { zipMethodUnsupported } from './errors.ts';
import { locateData } from './locate-data.ts';
import { STORED, type ZipEntry } from './zip-entry.ts';

/**
 * An entry that is stored without compression, as a file of its own that is read by ranges. Its checksum is not
 * verified, since it is hardly ever read whole and in order.
 * @throws LonghaulError `zip-entry-corrupt`, `zip-entries-overlap`, `zip-method-unsupported` (all final); as
 *   `RangeReader.read`
 */
export async function openStored(reader: RangeReader, entry: ZipEntry, signal?: AbortSignal): Promise<RangeReader> {
  if (entry.method !== STORED) throw zipMethodUnsupported(entry.name, entry.method);
  const start = await locateData(reader, entry, signal);
  const url = new URL(reader.url);
  url.hash = entry.name;
  return {
    url,
    size: entry.bytes,
    etag: reader.etag,
    read(offset, length, readSignal) {
      const available = Math.min(length, entry.bytes - offset);
      if (!(offset >= 0 && available > 0)) throw new RangeError(`${length} bytes from ${offset} are not in the entry`);
      return reader.read(start + offset, available, readSignal);
    },
  };
}
