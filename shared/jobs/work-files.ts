import { LonghaulError } from '../errors/longhaul-error.ts';
import type { RangeReader } from '../sources/range-reader.ts';
import { workFileUrl } from './folders.ts';
import type { JobKey } from './job.ts';
import type { Platform } from './platform.ts';
import type { ObjectStore } from './ports/object-store.ts';
import type { WorkFiles } from './process.ts';

/** The files that a job keeps for its own chunks. */
export function workFilesOf({ objects, locations }: Platform, key: JobKey): WorkFiles {
  return {
    create: (name) => objects.createUpload(workFileUrl(locations, key, name), 'application/octet-stream'),
    open: (name, bytes) => objectReader(objects, workFileUrl(locations, key, name), bytes),
  };
}

/**
 * Reads an object of ours by ranges. It is written once, under its job's own prefix, so that its address is its version.
 * @param size in bytes
 * @param missing what is thrown when it is not there as it was written
 */
export function objectReader(
  objects: ObjectStore,
  url: URL,
  size: number,
  missing: (url: URL, size: number) => LonghaulError = workExpired,
): RangeReader {
  return {
    url,
    size,
    etag: `"${url.href}"`,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      const end = Math.min(offset + length, size);
      if (!(offset >= 0 && offset < end)) throw new RangeError(`${length} bytes from ${offset} are not in the file`);
      const bytes = await objects.getRange(url, offset, end - offset);
      if (bytes?.length === end - offset) return bytes;
      throw missing(url, size);
    },
  };
}

function workExpired(_url: URL, size: number): LonghaulError {
  return new LonghaulError({
    code: 'work-expired',
    retryable: false,
    detail: `A file of ${size} bytes that the job had written is no longer stored as it was.`,
    remedy: 'Submit the job again; raise the retention if jobs must be retried later than that.',
  });
}
