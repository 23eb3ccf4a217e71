import { constants, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { sourceAccessDenied, sourceNotAllowed, sourceNotFound, sourceReplaced, sourceUnavailable } from './errors.ts';
import type { OpenOptions, RangeReader } from './range-reader.ts';

/**
 * Opens a local file. Each read opens it anew: a reader holds no descriptor and need not be closed.
 * @param url `file:///…`
 * @throws LonghaulError as `Sources.open`
 */
export async function openFileSource(url: URL, options: OpenOptions = {}): Promise<RangeReader> {
  options.signal?.throwIfAborted();
  const { etag, size } = await withFile(url, async (_file, stats) => ({
    etag: etagOf(stats),
    size: Number(stats.size),
  }));
  if (options.etag !== undefined && options.etag !== etag) throw sourceReplaced(url);
  return {
    url,
    size,
    etag,
    read: (offset, length, signal) =>
      withFile(url, async (file, stats) => {
        signal?.throwIfAborted();
        if (etagOf(stats) !== etag) throw sourceReplaced(url);
        return readFully(file, offset, Math.min(length, size - offset));
      }),
  };
}

/** Content is taken for the same while size and time of modification are. */
function etagOf(stats: BigIntStats): string {
  return `"${stats.size}-${stats.mtimeNs}"`;
}

async function readFully(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  if (!(offset >= 0 && length > 0)) throw new RangeError(`${length} bytes from ${offset} are not in the file`);
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) return bytes.subarray(0, done);
    done += bytesRead;
  }
  return bytes;
}

async function withFile<Result>(
  url: URL,
  use: (file: FileHandle, stats: BigIntStats) => Promise<Result>,
): Promise<Result> {
  try {
    // A named pipe would block until somebody writes to it.
    await using file = await open(url, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) throw sourceNotAllowed(url, 'it is not a regular file');
    return await use(file, stats);
  } catch (error) {
    if (error instanceof Error && 'code' in error && !(error instanceof LonghaulError)) throw fileError(url, error);
    throw error;
  }
}

function fileError(url: URL, error: Error & { code?: unknown }): Error {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return sourceNotFound(url, error);
    case 'EACCES':
    case 'EPERM':
      return sourceAccessDenied(url, 'the file is not readable', error);
    case 'ERR_INVALID_FILE_URL_HOST':
    case 'ERR_INVALID_FILE_URL_PATH':
      return sourceNotAllowed(url, 'it is not a file of this machine', error);
    default:
      return typeof error.code === 'string' && error.code.startsWith('E') && !error.code.startsWith('ERR_')
        ? sourceUnavailable(url, `${error.code}.`, error)
        : error;
  }
}
