import type { ObjectStore } from '../jobs/ports/object-store.ts';
import type { OutputUpload } from '../jobs/process.ts';
import { checkFolder, checkPart, checkRange, orderParts } from '../adapters/check-upload.ts';
import { objectTooLarge } from '../adapters/errors.ts';
import { compareBytes } from './memory-table.ts';

export interface StoredObject {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** Objects in memory: the first writer wins, uploads become visible when they are completed. */
export class MemoryObjectStore implements ObjectStore {
  readonly #objects = new Map<string, StoredObject>();

  /** Everything that is stored, by URL. */
  get objects(): ReadonlyMap<string, StoredObject> {
    return this.#objects;
  }

  /** Takes on all objects of another store. */
  copyFrom(other: MemoryObjectStore): void {
    for (const [url, object] of other.#objects) this.#objects.set(url, object);
  }

  async putIfAbsent(url: URL, bytes: Uint8Array, mediaType: string): Promise<'written' | 'exists'> {
    if (this.#objects.has(url.href)) return 'exists';
    this.#objects.set(url.href, { bytes: new Uint8Array(bytes), mediaType });
    return 'written';
  }

  async get(url: URL, maxBytes: number): Promise<Uint8Array | undefined> {
    const object = this.#objects.get(url.href);
    if (object === undefined) return undefined;
    if (object.bytes.byteLength > maxBytes) throw objectTooLarge(url, maxBytes, object.bytes.byteLength);
    return new Uint8Array(object.bytes);
  }

  async getRange(url: URL, offset: number, length: number): Promise<Uint8Array | undefined> {
    checkRange(offset, length);
    return this.#objects.get(url.href)?.bytes.slice(offset, offset + length);
  }

  async list(folder: URL, limit: number): Promise<URL[]> {
    checkFolder(folder, limit);
    const below = [...this.#objects.keys()].filter((url) => url.startsWith(folder.href));
    return below
      .sort(compareBytes)
      .slice(0, limit)
      .map((url) => new URL(url));
  }

  async delete(url: URL): Promise<void> {
    this.#objects.delete(url.href);
  }

  async createUpload(url: URL, mediaType: string): Promise<OutputUpload> {
    const parts = new Map<number, Uint8Array>();
    return {
      url,
      putPart: async (partNumber, bytes) => {
        checkPart(partNumber, bytes);
        parts.set(partNumber, new Uint8Array(bytes));
      },
      complete: async () => {
        const order = orderParts(new Map([...parts].map(([number, { byteLength }]) => [number, byteLength])));
        if (this.#objects.has(url.href)) return;
        const bytes = new Uint8Array(Buffer.concat(order.map((number) => parts.get(number)!)));
        this.#objects.set(url.href, { bytes, mediaType });
      },
      abort: async () => {
        parts.clear();
      },
    };
  }

  /** Loses an object, as its expiry or an operator does. */
  remove(url: URL): void {
    this.#objects.delete(url.href);
  }
}
