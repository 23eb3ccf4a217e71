import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { parseJson } from '../../shared/http/json.ts';
import { fileUnreadable } from '../errors.ts';
import { pathOf } from '../paths.ts';

const MIB = 1024 * 1024;

/** Largest file of inputs or of an area: the API takes 1 MiB. */
const MAX_FILE_BYTES = 8 * MIB;

/** A JSON file of this machine. @throws UsageError `file-unreadable` */
export async function readJsonFile(path: string, folder: URL): Promise<unknown> {
  const text = await readTextFile(path, folder);
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof LonghaulError) throw fileUnreadable(path, error.detail.replace(/\.$/, ''), error);
    throw error;
  }
}

/** @param path relative to `folder`, or absolute. @throws UsageError `file-unreadable` */
export async function readTextFile(path: string, folder: URL): Promise<string> {
  try {
    // A named pipe would block until somebody writes to it.
    await using file = await open(pathOf(path, folder), constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) throw fileUnreadable(path, 'it is not a regular file');
    if (stats.size > MAX_FILE_BYTES) throw fileUnreadable(path, `it has more than ${MAX_FILE_BYTES} bytes`);
    return await file.readFile('utf8');
  } catch (error) {
    if (error instanceof LonghaulError || !(error instanceof Error)) throw error;
    throw fileUnreadable(path, 'code' in error && error.code === 'ENOENT' ? 'it does not exist' : error.message, error);
  }
}
