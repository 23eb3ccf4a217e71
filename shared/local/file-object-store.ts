import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ObjectStore } from '../jobs/ports/object-store.ts';
import type { OutputUpload } from '../jobs/process.ts';
import { checkFolder, checkRange } from '../adapters/check-upload.ts';
import { objectRequestInvalid, objectStoreFailed, objectTooLarge } from '../adapters/errors.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { filesBelow, openIfThere, publishFile, readFully, writeDurably } from './file-system.ts';
import { FileUpload } from './file-upload.ts';
import { compareBytes } from './memory-table.ts';

/** Temporary folders stand beside the file that they become, on the same disk; the name is of no object. */
const TEMPORARY_PREFIX = '.longhaul-upload-';

/**
 * Objects as files below one folder. A file is written under a temporary name and linked to its own when the
 * disk has it whole: readers see all of it or nothing, and the first of several writers wins. Media types are not kept.
 * @throws LonghaulError `object-request-invalid` (final) for a URL outside of the folder; `object-store-failed` (final)
 */
export class FileObjectStore implements ObjectStore {
  readonly #root: URL;

  /** @param root `file:` URL that ends in `/` */
  constructor(root: URL) {
    if (root.protocol !== 'file:' || !root.href.endsWith('/')) {
      throw objectRequestInvalid(`${root.href} is not the URL of a folder.`);
    }
    this.#root = root;
  }

  async putIfAbsent(url: URL, bytes: Uint8Array): Promise<'written' | 'exists'> {
    const path = this.#path(url);
    return this.#attempt('a write', url, async () => {
      const folder = await temporaryFolder(path);
      try {
        const whole = join(folder, 'whole');
        await writeDurably(whole, once(bytes));
        return await publishFile(whole, path);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }

  async get(url: URL, maxBytes: number): Promise<Uint8Array | undefined> {
    const path = this.#path(url);
    return this.#attempt('a read', url, async () => {
      await using file = await openIfThere(path);
      if (file === undefined) return undefined;
      const { size } = await file.stat();
      if (size > maxBytes) throw objectTooLarge(url, maxBytes, size);
      return readFully(file, 0, size);
    });
  }

  async getRange(url: URL, offset: number, length: number): Promise<Uint8Array | undefined> {
    checkRange(offset, length);
    const path = this.#path(url);
    return this.#attempt('a read', url, async () => {
      await using file = await openIfThere(path);
      if (file === undefined) return undefined;
      const { size } = await file.stat();
      return readFully(file, offset, Math.min(length, Math.max(0, size - offset)));
    });
  }

  async list(folder: URL, limit: number): Promise<URL[]> {
    checkFolder(folder, limit);
    const path = this.#path(new URL('.', folder), true);
    return this.#attempt('a listing', folder, async () => {
      const files = await filesBelow(path);
      return files
        .filter((name) => !name.includes(TEMPORARY_PREFIX))
        .sort(compareBytes)
        .slice(0, limit)
        .map((name) => new URL(name.split('/').map(encodeURIComponent).join('/'), folder));
    });
  }

  async delete(url: URL): Promise<void> {
    const path = this.#path(url);
    await this.#attempt('a deletion', url, () => rm(path, { force: true }));
  }

  async createUpload(url: URL): Promise<OutputUpload> {
    const path = this.#path(url);
    const attempt = <Result>(operation: string, action: () => Promise<Result>): Promise<Result> =>
      this.#attempt(operation, url, action);
    const folder = await attempt('an upload', () => temporaryFolder(path));
    return new FileUpload({ url, path, folder, attempt });
  }

  #path(url: URL, isFolder = false): string {
    if (!url.href.startsWith(this.#root.href) || url.href.endsWith('/') !== isFolder) {
      throw objectRequestInvalid(`${url.href} is not a file below ${this.#root.href}.`);
    }
    // An encoded separator or a zero byte would name another place than the URL says.
    if (/%(2f|5c|00)/i.test(url.pathname)) throw objectRequestInvalid(`${url.href} is not the URL of a file.`);
    return fileURLToPath(new URL(url.pathname, this.#root));
  }

  async #attempt<Result>(operation: string, url: URL, action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (error) {
      if (error instanceof LonghaulError) throw error;
      throw objectStoreFailed(operation, url, error);
    }
  }
}

async function temporaryFolder(path: string): Promise<string> {
  const parent = dirname(path);
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, TEMPORARY_PREFIX));
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
