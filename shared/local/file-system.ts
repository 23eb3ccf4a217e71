import type { FileHandle } from 'node:fs/promises';
import { link, open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Whether a system call failed with one of these codes, such as `ENOENT`. */
export function failedWith(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Writes a new file and waits until the disk has it, so that a name never points to half a file. */
export async function writeDurably(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  await using file = await open(path, 'wx');
  for await (const chunk of chunks) await file.writeFile(chunk);
  await file.sync();
}

/** Gives a file its final name unless something has it: exactly one of many at once wins. */
export async function publishFile(from: string, to: string): Promise<'written' | 'exists'> {
  try {
    await link(from, to);
    return 'written';
  } catch (error) {
    if (failedWith(error, 'EEXIST')) return 'exists';
    throw error;
  }
}

/** Names of all files below a folder, with `/` between their parts; none where there is no folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    return files.map((file) => relative(folder, join(file.parentPath, file.name)).split(sep).join('/'));
  } catch (error) {
    if (failedWith(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

/** Opens a file to read; undefined when there is none. */
export async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (failedWith(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Reads up to `length` bytes from `offset`; fewer at the end of the file. */
export async function readFully(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
