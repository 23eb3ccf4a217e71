import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileUnreadable } from '../errors.ts';
import { pathOf } from '../paths.ts';

/** A file of this machine that is read in pieces: nothing of it is held in memory. */
export interface LocalFile {
  name: string;
  bytes: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  /** Bytes from `start` to `end`; reading them fails when the file was changed since it was opened. */
  slice: (start: number, end: number) => Blob;
}

/** @param path relative to `folder`, or absolute. @throws UsageError `file-unreadable` */
export async function openLocalFile(path: string, folder: URL): Promise<LocalFile> {
  const absolute = pathOf(path, folder);
  try {
    const stats = await stat(absolute);
    if (!stats.isFile()) throw fileUnreadable(path, 'it is not a regular file');
    if (stats.size === 0) throw fileUnreadable(path, 'it is empty');
    const blob = await openAsBlob(absolute);
    const slice = (start: number, end: number): Blob => blob.slice(start, end);
    return { name: basename(absolute), bytes: stats.size, modifiedAt: stats.mtimeMs, slice };
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw fileUnreadable(path, 'code' in error && error.code === 'ENOENT' ? 'it does not exist' : error.message, error);
  }
}

/** SHA-256 in hexadecimal digits, of a piece of a file that is read through once. */
export async function sha256Of(piece: Blob): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of piece.stream() as AsyncIterable<Uint8Array>) hash.update(chunk);
  return hash.digest('hex');
}
