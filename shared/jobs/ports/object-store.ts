import type { OutputUpload } from '../process.ts';

/** Objects by URL (`s3://bucket/key`, or `file:///…` on one machine). Each operation is one SDK call. */
export interface ObjectStore {
  /** Writes the object unless one is there: the first writer wins (S3 `If-None-Match: *`). */
  putIfAbsent(url: URL, bytes: Uint8Array, mediaType: string): Promise<'written' | 'exists'>;
  /** Reads a whole object of at most `maxBytes`. @throws LonghaulError `object-too-large` (final) beyond it */
  get(url: URL, maxBytes: number): Promise<Uint8Array | undefined>;
  /** Reads `length` bytes from `offset`, fewer at the end; undefined when there is no such object. */
  getRange(url: URL, offset: number, length: number): Promise<Uint8Array | undefined>;
  /** URLs of the objects below a folder (a URL that ends in `/`), ordered by name, the first `limit` of them. */
  list(folder: URL, limit: number): Promise<URL[]>;
  /** Takes an object away; one that is not there is no error. */
  delete(url: URL): Promise<void>;
  /** Starts a multipart upload. */
  createUpload(url: URL, mediaType: string): Promise<OutputUpload>;
}
