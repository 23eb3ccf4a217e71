/** A remote or local file that is read by byte ranges, pinned to the version that was opened. */
export interface RangeReader {
  readonly url: URL;
  /** Size in bytes. */
  readonly size: number;
  /** Version of the content: an ETag, or size and modification time of a local file. Every read is of this version. */
  readonly etag: string;
  /**
   * Reads `length` bytes from `offset`; fewer only at the end of the file, never none inside it. They are the caller's own:
   * nobody else keeps them.
   * @throws LonghaulError `source-replaced` (final) when the content is no longer the version that was opened;
   *   `source-unavailable` (retryable) on a network error, a time-out, 429 or 5xx; `source-access-denied` and
   *   `source-not-found` (final).
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}

export interface OpenOptions {
  signal?: AbortSignal;
  /** Fail with `source-replaced` unless the content is this version. */
  etag?: string;
}

/** Opens source URLs: which schemes and places are allowed is the adapter's decision, made once. */
export interface Sources {
  /**
   * @param url `s3://bucket/key`, `https://…`, or `file:///…` where local files are allowed
   * @throws LonghaulError as `RangeReader.read`; `source-not-allowed` (final) for a scheme, address or bucket
   *   that this tenant may not read
   */
  open(url: URL, options?: OpenOptions): Promise<RangeReader>;
}
