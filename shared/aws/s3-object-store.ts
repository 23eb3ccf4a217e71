import type { S3Client } from '@aws-sdk/client-s3';
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { ObjectStore } from '../jobs/ports/object-store.ts';
import type { OutputUpload } from '../jobs/process.ts';
import { checkFolder, checkRange } from '../adapters/check-upload.ts';
import { objectStoreUnavailable, objectTooLarge } from '../adapters/errors.ts';
import { readBody } from './read-body.ts';
import { s3Error } from './s3-error.ts';
import { parseS3Folder, parseS3Url, s3Url } from './s3-location.ts';
import { S3Upload } from './s3-upload.ts';
import { isNamed, statusOf } from './service-error.ts';

const NOT_FOUND = ['NoSuchKey', 'NotFound'];
const PRECONDITION_FAILED = 412;
const RANGE_NOT_SATISFIABLE = 416;

/** Objects in S3 by `s3://bucket/key`: one method is one call. */
export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;

  constructor(client: S3Client) {
    this.#client = client;
  }

  async putIfAbsent(url: URL, bytes: Uint8Array, mediaType: string): Promise<'written' | 'exists'> {
    const command = new PutObjectCommand({
      ...parseS3Url(url),
      Body: bytes,
      ContentType: mediaType,
      IfNoneMatch: '*',
    });
    try {
      await this.#client.send(command);
      return 'written';
    } catch (error) {
      if (statusOf(error) === PRECONDITION_FAILED) return 'exists';
      throw s3Error('a write', url, error);
    }
  }

  async get(url: URL, maxBytes: number): Promise<Uint8Array | undefined> {
    return this.#read(url, maxBytes);
  }

  async getRange(url: URL, offset: number, length: number): Promise<Uint8Array | undefined> {
    checkRange(offset, length);
    return this.#read(url, length, `bytes=${offset}-${offset + length - 1}`);
  }

  async list(folder: URL, limit: number): Promise<URL[]> {
    checkFolder(folder, limit);
    const { Bucket, Prefix } = parseS3Folder(folder);
    try {
      const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: limit }));
      return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [s3Url(Bucket, Key)]));
    } catch (error) {
      throw s3Error('a listing', folder, error);
    }
  }

  async delete(url: URL): Promise<void> {
    try {
      await this.#client.send(new DeleteObjectCommand(parseS3Url(url)));
    } catch (error) {
      throw s3Error('a deletion', url, error);
    }
  }

  async createUpload(url: URL, mediaType: string): Promise<OutputUpload> {
    const location = parseS3Url(url);
    const command = new CreateMultipartUploadCommand({
      ...location,
      ContentType: mediaType,
      ChecksumAlgorithm: 'CRC32',
    });
    try {
      const { UploadId } = await this.#client.send(command);
      if (UploadId === undefined) throw new TypeError('S3 started an upload without naming it');
      return new S3Upload({ client: this.#client, url, location, uploadId: UploadId });
    } catch (error) {
      throw s3Error('the start of an upload', url, error);
    }
  }

  async #read(url: URL, maxBytes: number, range?: string): Promise<Uint8Array | undefined> {
    const command = new GetObjectCommand({ ...parseS3Url(url), ...(range !== undefined && { Range: range }) });
    try {
      return await readBody(await this.#client.send(command), {
        maxBytes,
        tooLarge: (actual) => objectTooLarge(url, maxBytes, actual),
        interrupted: (cause) => objectStoreUnavailable('a read', url, cause),
      });
    } catch (error) {
      if (isNamed(error, ...NOT_FOUND)) return undefined;
      if (statusOf(error) === RANGE_NOT_SATISFIABLE) return new Uint8Array(0);
      throw s3Error('a read', url, error);
    }
  }
}
