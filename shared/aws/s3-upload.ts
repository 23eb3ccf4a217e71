import type { CompletedPart, S3Client } from '@aws-sdk/client-s3';
import { AbortMultipartUploadCommand, CompleteMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import type { OutputUpload } from '../jobs/process.ts';
import { checkPart, orderParts } from '../adapters/check-upload.ts';
import type { S3Location } from './s3-location.ts';
import { s3Error } from './s3-error.ts';
import { isNamed, statusOf } from './service-error.ts';

const PRECONDITION_FAILED = 412;

export interface S3UploadProps {
  client: S3Client;
  url: URL;
  location: S3Location;
  uploadId: string;
}

/** A multipart upload: one method is one call. Each part carries a checksum that S3 compares, again at completion. */
export class S3Upload implements OutputUpload {
  readonly #props: S3UploadProps;
  readonly #parts = new Map<number, CompletedPart>();
  readonly #sizes = new Map<number, number>();

  constructor(props: S3UploadProps) {
    this.#props = props;
  }

  get url(): URL {
    return this.#props.url;
  }

  async putPart(partNumber: number, bytes: Uint8Array): Promise<void> {
    checkPart(partNumber, bytes);
    const { client, location, uploadId } = this.#props;
    const command = new UploadPartCommand({
      ...location,
      UploadId: uploadId,
      PartNumber: partNumber,
      Body: bytes,
      ChecksumAlgorithm: 'CRC32',
    });
    const { ETag, ChecksumCRC32 } = await this.#call('a part', () => client.send(command));
    this.#parts.set(partNumber, { PartNumber: partNumber, ETag, ChecksumCRC32 });
    this.#sizes.set(partNumber, bytes.byteLength);
  }

  async complete(): Promise<void> {
    const order = orderParts(this.#sizes);
    const { client, location, uploadId } = this.#props;
    const command = new CompleteMultipartUploadCommand({
      ...location,
      UploadId: uploadId,
      MultipartUpload: { Parts: order.map((partNumber) => this.#parts.get(partNumber)!) },
      IfNoneMatch: '*',
    });
    try {
      await this.#call('the completion', () => client.send(command));
    } catch (error) {
      // Completed before, by an earlier attempt or this one; the bucket's rule removes the parts that are left.
      if (statusOf(error) === PRECONDITION_FAILED) return;
      throw error;
    }
  }

  async abort(): Promise<void> {
    const { client, location, uploadId } = this.#props;
    const command = new AbortMultipartUploadCommand({ ...location, UploadId: uploadId });
    try {
      await this.#call('the removal of parts', () => client.send(command));
    } catch (error) {
      if (!isNamed(error, 'NoSuchUpload')) throw error;
    }
  }

  async #call<Output>(operation: string, send: () => Promise<Output>): Promise<Output> {
    try {
      return await send();
    } catch (error) {
      throw s3Error(operation, this.#props.url, error);
    }
  }
}
