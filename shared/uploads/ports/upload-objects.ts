/** A request that whoever has it may send once or often, until it expires: nothing of it may be changed. */
export interface SignedRequest {
  method: 'PUT';
  url: URL;
  /** Each must be sent with this value: all are signed. Content-Length is among them. */
  headers: Readonly<Record<string, string>>;
}

/** One part as the object store has it. */
export interface StoredPart {
  partNumber: number;
  bytes: number;
  etag: string;
  /** In hexadecimal digits; absent when the store has none. */
  sha256?: string;
}

/** One version of an object. */
export interface StoredVersion {
  versionId: string;
  etag: string;
  bytes: number;
  contentType: string;
  /** SHA-256 of the whole, in hexadecimal digits; absent for an object of parts, of which no store has one. */
  sha256?: string;
  /** Milliseconds since the epoch, in whole seconds. */
  modifiedAt: number;
}

/** What is signed of a body. */
export interface SignedBody {
  bytes: number;
  /** In hexadecimal digits. */
  sha256: string;
}

/**
 * The object store as uploads use it: versioned objects, parts that others send, addresses signed for them. Each
 * operation but the signing is one SDK call.
 * @throws LonghaulError `object-store-unavailable` (retryable): the operation may or may not have happened
 */
export interface UploadObjects {
  /** Starts a multipart upload whose parts each carry their SHA-256. @returns its id */
  createMultipart(url: URL, contentType: string): Promise<string>;
  /** @param seconds life of the address */
  signPut(url: URL, body: SignedBody & { contentType: string }, seconds: number): Promise<SignedRequest>;
  signPart(
    url: URL,
    multipartId: string,
    part: SignedBody & { partNumber: number },
    seconds: number,
  ): Promise<SignedRequest>;
  /**
   * A page of the parts that have arrived, behind part number `after`.
   * @returns undefined when there is no such multipart upload: it was completed or aborted
   */
  listParts(url: URL, multipartId: string, after: number): Promise<{ parts: StoredPart[]; next?: number } | undefined>;
  /**
   * Joins the parts; the object appears unless one is there.
   * @returns `gone` when there is no such multipart upload, `refused` when a part is not there as it was named,
   *   `exists` when an object is there
   */
  completeMultipart(
    url: URL,
    multipartId: string,
    parts: readonly StoredPart[],
  ): Promise<'completed' | 'gone' | 'refused' | 'exists'>;
  /** Drops the parts; a multipart upload that is not there is no error. */
  abortMultipart(url: URL, multipartId: string): Promise<void>;
  /** Describes a version, the newest by default; undefined when there is none. */
  stat(url: URL, versionId?: string): Promise<StoredVersion | undefined>;
  /** The first bytes of a version; undefined when there is none. */
  readStart(url: URL, versionId: string, bytes: number): Promise<Uint8Array | undefined>;
  /** Takes a version away for good; one that is not there is no error. */
  deleteVersion(url: URL, versionId: string): Promise<void>;
}
