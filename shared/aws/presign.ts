import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { objectRequestInvalid } from '../adapters/errors.ts';
import { parseS3Url } from './s3-location.ts';

/** Longest life of a link in seconds; one that is signed with a role's session ends with the session. */
export const MAX_LINK_SECONDS = 3600;

/**
 * A link by which whoever has it reads one object, ranges included. Nothing is asked of S3: a link to no object is a 404.
 * @param url `s3://bucket/key`
 * @param client its endpoint is the link's: one that callers reach
 * @throws LonghaulError `object-request-invalid` (final)
 */
export async function presignDownload(client: S3Client, url: URL, seconds = MAX_LINK_SECONDS): Promise<URL> {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_LINK_SECONDS) {
    throw objectRequestInvalid(`A link lives 1 to ${MAX_LINK_SECONDS} seconds, not ${seconds}.`);
  }
  return new URL(await getSignedUrl(client, new GetObjectCommand(parseS3Url(url)), { expiresIn: seconds }));
}
