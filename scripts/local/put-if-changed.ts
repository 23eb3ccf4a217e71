import { createHash } from 'node:crypto';
import { HeadObjectCommand, NotFound, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Writes a small object unless the same bytes are there. @returns whether it was written */
export async function putIfChanged(s3: S3Client, bucket: string, key: string, bytes: Uint8Array, mediaType: string) {
  // The ETag of an object that was put in one piece is its MD5.
  const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
  if ((await currentEtag(s3, bucket, key)) === etag) return false;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: mediaType }));
  return true;
}

async function currentEtag(s3: S3Client, bucket: string, key: string): Promise<string | undefined> {
  try {
    return (await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ETag;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}
