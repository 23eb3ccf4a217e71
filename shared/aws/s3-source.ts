import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import type { OpenOptions, RangeReader } from '../sources/range-reader.ts';
import { checkRange } from '../adapters/check-upload.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { readBody } from './read-body.ts';
import type { S3Version } from './s3-location.ts';
import { parseS3VersionUrl } from './s3-location.ts';
import { sourceError, sourceNotAllowed, sourceUnavailable } from './s3-source-errors.ts';

export interface S3SourceOptions {
  client: S3Client;
  tenant: string;
  /**
   * A tenant reads below `sources/<tenant>/` of this bucket, and versions of what is below `uploads/<tenant>/` and
   * `incoming/<tenant>/`: there a file is not one before it was pinned.
   */
  dataBucket: string;
  /** Other buckets that every tenant may read. */
  sourceBuckets: readonly string[];
}

/**
 * Opens `s3://bucket/key`, or the version `s3://bucket/key?versionId=…`, for one tenant, pinned to the ETag that it has
 * now, or to the one that is asked for.
 * @throws LonghaulError `source-not-allowed`, `source-replaced`, `source-not-found`, `source-access-denied` (final),
 *   `source-unavailable` (retryable)
 */
export function createS3Source(options: S3SourceOptions): (url: URL, open?: OpenOptions) => Promise<RangeReader> {
  return async (url, { signal, etag } = {}) => {
    const location = allowedLocation(url, options);
    const command = new HeadObjectCommand({ ...location, ...(etag !== undefined && { IfMatch: etag }) });
    const head = await attempt(url, signal, () => options.client.send(command, abortable(signal)));
    if (head.ETag === undefined || head.ContentLength === undefined) {
      throw sourceUnavailable(url, new Error('the answer has no ETag or length'));
    }
    return new S3RangeReader(options.client, url, location, head.ContentLength, head.ETag);
  };
}

class S3RangeReader implements RangeReader {
  readonly #client: S3Client;
  readonly #location: S3Version;
  readonly url: URL;
  readonly size: number;
  readonly etag: string;

  constructor(client: S3Client, url: URL, location: S3Version, size: number, etag: string) {
    this.#client = client;
    this.#location = location;
    this.url = url;
    this.size = size;
    this.etag = etag;
  }

  async read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    checkRange(offset, length);
    const end = Math.min(offset + length, this.size);
    // S3 answers a range that begins behind the end with an error.
    if (offset >= end) return new Uint8Array(0);
    const command = new GetObjectCommand({
      ...this.#location,
      IfMatch: this.etag,
      Range: `bytes=${offset}-${end - 1}`,
    });
    const bytes = await attempt(this.url, signal, async () =>
      readBody(await this.#client.send(command, abortable(signal)), {
        maxBytes: end - offset,
        tooLarge: (actual) => sourceUnavailable(this.url, new Error(`${actual} bytes came for ${end - offset}`)),
        interrupted: (cause) => sourceUnavailable(this.url, cause),
        signal,
      }),
    );
    if (bytes.byteLength < end - offset) throw sourceUnavailable(this.url, new Error(`${bytes.byteLength} bytes came`));
    return bytes;
  }
}

function allowedLocation(url: URL, { tenant, dataBucket, sourceBuckets }: S3SourceOptions): S3Version {
  const location = locate(url);
  const isVersion = location.VersionId !== undefined;
  const folders = isVersion ? ['uploads', 'incoming'] : ['sources'];
  const isBelow = (folder: string): boolean => location.Key.startsWith(`${folder}/${tenant}/`);
  const own = location.Bucket === dataBucket && folders.some(isBelow);
  // The data bucket holds every tenant's work: naming it as a source bucket does not open it.
  const configured = !isVersion && location.Bucket !== dataBucket && sourceBuckets.includes(location.Bucket);
  if (!own && !configured) throw sourceNotAllowed(url, tenant, dataBucket);
  return location;

  function locate(source: URL): S3Version {
    try {
      return parseS3VersionUrl(source);
    } catch (error) {
      throw sourceNotAllowed(source, tenant, dataBucket, error);
    }
  }
}

async function attempt<Result>(
  url: URL,
  signal: AbortSignal | undefined,
  action: () => Promise<Result>,
): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof LonghaulError ? error : sourceError(url, error);
  }
}

function abortable(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
