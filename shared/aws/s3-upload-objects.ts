import type { S3Client } from '@aws-sdk/client-s3';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { objectStoreUnavailable, objectTooLarge } from '../adapters/errors.ts';
import type {
  SignedBody,
  SignedRequest,
  StoredPart,
  StoredVersion,
  UploadObjects,
} from '../uploads/ports/upload-objects.ts';
import { readBody } from './read-body.ts';
import { s3Error } from './s3-error.ts';
import { parseS3Url } from './s3-location.ts';
import { isNamed, statusOf } from './service-error.ts';

const NOT_FOUND = ['NoSuchKey', 'NotFound', 'NoSuchVersion'];
const PRECONDITION_FAILED = 412;
const RANGE_NOT_SATISFIABLE = 416;
/** A part was replaced or is not there, or a checksum is another. */
const PART_REFUSED = ['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall', 'BadDigest', 'InvalidRequest'];
/** Parts on one page (S3). */
const PAGE = 1_000;
const CHECKSUM_HEADER = 'x-amz-checksum-sha256';

/** Uploads in a versioned bucket of S3 by `s3://bucket/key`: one method but the signing is one call. */
export class S3UploadObjects implements UploadObjects {
  readonly #client: S3Client;

  constructor(client: S3Client) {
    this.#client = client;
  }

  async createMultipart(url: URL, contentType: string): Promise<string> {
    const command = new CreateMultipartUploadCommand({
      ...parseS3Url(url),
      ContentType: contentType,
      ChecksumAlgorithm: 'SHA256',
      ChecksumType: 'COMPOSITE',
    });
    const { UploadId } = await this.#call('the start of an upload', url, () => this.#client.send(command));
    if (UploadId === undefined) throw new TypeError('S3 started an upload without naming it');
    return UploadId;
  }

  async signPut(url: URL, body: SignedBody & { contentType: string }, seconds: number): Promise<SignedRequest> {
    const headers = {
      'content-length': String(body.bytes),
      'content-type': body.contentType,
      [CHECKSUM_HEADER]: toBase64(body.sha256),
      // The first writer wins: the address cannot make a second version.
      'if-none-match': '*',
    };
    const command = new PutObjectCommand({
      ...parseS3Url(url),
      ContentLength: body.bytes,
      ContentType: body.contentType,
      ChecksumSHA256: headers[CHECKSUM_HEADER],
      IfNoneMatch: '*',
    });
    const address = await getSignedUrl(this.#client, command, signing(headers, seconds));
    return { method: 'PUT', url: new URL(address), headers };
  }

  async signPart(
    url: URL,
    multipartId: string,
    part: SignedBody & { partNumber: number },
    seconds: number,
  ): Promise<SignedRequest> {
    const headers = { 'content-length': String(part.bytes), [CHECKSUM_HEADER]: toBase64(part.sha256) };
    const command = new UploadPartCommand({
      ...parseS3Url(url),
      UploadId: multipartId,
      PartNumber: part.partNumber,
      ContentLength: part.bytes,
      ChecksumSHA256: headers[CHECKSUM_HEADER],
    });
    const address = await getSignedUrl(this.#client, command, signing(headers, seconds));
    return { method: 'PUT', url: new URL(address), headers };
  }

  async listParts(
    url: URL,
    multipartId: string,
    after: number,
  ): Promise<{ parts: StoredPart[]; next?: number } | undefined> {
    const command = new ListPartsCommand({
      ...parseS3Url(url),
      UploadId: multipartId,
      MaxParts: PAGE,
      ...(after === 0 ? {} : { PartNumberMarker: String(after) }),
    });
    try {
      const page = await this.#client.send(command);
      const parts = (page.Parts ?? []).map(({ PartNumber = 0, Size = 0, ETag = '', ChecksumSHA256 }): StoredPart => ({
        partNumber: PartNumber,
        bytes: Size,
        etag: ETag,
        ...(ChecksumSHA256 === undefined ? {} : { sha256: toHex(ChecksumSHA256) }),
      }));
      const next = Number(page.NextPartNumberMarker);
      return page.IsTruncated === true && next > after ? { parts, next } : { parts };
    } catch (error) {
      if (isNamed(error, 'NoSuchUpload')) return undefined;
      throw s3Error('a listing of parts', url, error);
    }
  }

  async completeMultipart(
    url: URL,
    multipartId: string,
    parts: readonly StoredPart[],
  ): Promise<'completed' | 'gone' | 'refused' | 'exists'> {
    const command = new CompleteMultipartUploadCommand({
      ...parseS3Url(url),
      UploadId: multipartId,
      MultipartUpload: {
        Parts: parts.map(({ partNumber, etag, sha256 }) => ({
          PartNumber: partNumber,
          ETag: etag,
          ...(sha256 === undefined ? {} : { ChecksumSHA256: toBase64(sha256) }),
        })),
      },
      IfNoneMatch: '*',
    });
    try {
      await this.#client.send(command);
      return 'completed';
    } catch (error) {
      if (isNamed(error, 'NoSuchUpload')) return 'gone';
      if (statusOf(error) === PRECONDITION_FAILED) return 'exists';
      if (isNamed(error, ...PART_REFUSED)) return 'refused';
      throw s3Error('the completion', url, error);
    }
  }

  async abortMultipart(url: URL, multipartId: string): Promise<void> {
    const command = new AbortMultipartUploadCommand({ ...parseS3Url(url), UploadId: multipartId });
    try {
      await this.#client.send(command);
    } catch (error) {
      if (!isNamed(error, 'NoSuchUpload')) throw s3Error('the removal of parts', url, error);
    }
  }

  async stat(url: URL, versionId?: string): Promise<StoredVersion | undefined> {
    const command = new HeadObjectCommand({
      ...parseS3Url(url),
      ChecksumMode: 'ENABLED',
      ...(versionId === undefined ? {} : { VersionId: versionId }),
    });
    try {
      const { VersionId, ETag, ContentLength, ContentType, ChecksumSHA256, LastModified } =
        await this.#client.send(command);
      if (VersionId === undefined || ETag === undefined || ContentLength === undefined || LastModified === undefined) {
        throw new TypeError('S3 described an object without its version, ETag, length or time');
      }
      // That of an object of parts is one of their checksums: `…-3`.
      const isWhole = ChecksumSHA256 !== undefined && !ChecksumSHA256.includes('-');
      return {
        versionId: VersionId,
        etag: ETag,
        bytes: ContentLength,
        contentType: ContentType ?? 'application/octet-stream',
        modifiedAt: LastModified.getTime(),
        ...(isWhole ? { sha256: toHex(ChecksumSHA256) } : {}),
      };
    } catch (error) {
      if (isNamed(error, ...NOT_FOUND)) return undefined;
      throw s3Error('a look', url, error);
    }
  }

  async readStart(url: URL, versionId: string, bytes: number): Promise<Uint8Array | undefined> {
    const command = new GetObjectCommand({ ...parseS3Url(url), VersionId: versionId, Range: `bytes=0-${bytes - 1}` });
    try {
      return await readBody(await this.#client.send(command), {
        maxBytes: bytes,
        tooLarge: (actual) => objectTooLarge(url, bytes, actual),
        interrupted: (cause) => objectStoreUnavailable('a read', url, cause),
      });
    } catch (error) {
      if (isNamed(error, ...NOT_FOUND)) return undefined;
      if (statusOf(error) === RANGE_NOT_SATISFIABLE) return new Uint8Array(0);
      throw s3Error('a read', url, error);
    }
  }

  async deleteVersion(url: URL, versionId: string): Promise<void> {
    const command = new DeleteObjectCommand({ ...parseS3Url(url), VersionId: versionId });
    try {
      await this.#client.send(command);
    } catch (error) {
      if (!isNamed(error, ...NOT_FOUND)) throw s3Error('a deletion', url, error);
    }
  }

  async #call<Output>(operation: string, url: URL, send: () => Promise<Output>): Promise<Output> {
    try {
      return await send();
    } catch (error) {
      throw s3Error(operation, url, error);
    }
  }
}

/** Every header is part of the signature, none moves into the query: a sender cannot leave one out or change it. */
function signing(
  headers: Readonly<Record<string, string>>,
  seconds: number,
): { expiresIn: number; signableHeaders: Set<string>; unhoistableHeaders: Set<string> } {
  const names = Object.keys(headers);
  return { expiresIn: seconds, signableHeaders: new Set(['host', ...names]), unhoistableHeaders: new Set(names) };
}

const toBase64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const toHex = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');
