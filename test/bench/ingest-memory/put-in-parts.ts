import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Writes an object piece by piece, none of which is kept. @returns its length in bytes */
export async function putInParts(
  s3: S3Client,
  place: { Bucket: string; Key: string },
  pieces: Iterable<Buffer>,
): Promise<number> {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place));
  const parts: { PartNumber: number; ETag: string | undefined }[] = [];
  let bytes = 0;
  for (const Body of pieces) {
    const PartNumber = parts.length + 1;
    const { ETag } = await s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber, Body }));
    parts.push({ PartNumber, ETag });
    bytes += Body.length;
  }
  await s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts: parts } }));
  return bytes;
}
