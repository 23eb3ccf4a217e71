import type { FileHandle } from 'node:fs/promises';
import { link, open } from 'node:fs/promises';

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
