import { objectRequestInvalid } from '../adapters/errors.ts';

/** Where S3 finds an object. */
export interface S3Location {
  Bucket: string;
  Key: string;
}

/**
 * Bucket and key of `s3://bucket/key`; the key is percent-encoded in the URL.
 * @throws LonghaulError `object-request-invalid` (final) for anything else, and for keys with empty, `.` or `..` parts:
 *   what checks a prefix and what resolves a path must not disagree on where such a key lies
 */
export function parseS3Url(url: URL): S3Location {
  const plain = url.username === '' && url.password === '' && url.port === '' && url.search === '' && url.hash === '';
  const Key = decodeKey(url);
  if (url.protocol !== 's3:' || url.hostname === '' || !plain || Key === undefined) {
    throw objectRequestInvalid(`${url.href} does not name an object as s3://bucket/key.`);
  }
  return { Bucket: url.hostname, Key };
}

/** One version of an object. */
export interface S3Version extends S3Location {
  VersionId?: string;
}

/**
 * The same for `s3://bucket/key?versionId=…`, which names one version of the object.
 * @throws LonghaulError `object-request-invalid` (final), as `parseS3Url`
 */
export function parseS3VersionUrl(url: URL): S3Version {
  const names = [...url.searchParams.keys()];
  const VersionId = url.searchParams.get('versionId');
  if (VersionId === null || VersionId === '' || names.length !== 1) return parseS3Url(url);
  const object = new URL(url);
  object.search = '';
  return { ...parseS3Url(object), VersionId };
}

/** Bucket and prefix of `s3://bucket/folder/`. @throws LonghaulError `object-request-invalid` (final), as `parseS3Url` */
export function parseS3Folder(folder: URL): { Bucket: string; Prefix: string } {
  const { Bucket, Key } = parseS3Url(new URL(folder.href.replace(/\/$/, '')));
  return { Bucket, Prefix: `${Key}/` };
}

/** The inverse of `parseS3Url`. */
export function s3Url(bucket: string, key: string): URL {
  return new URL(`s3://${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`);
}

function decodeKey(url: URL): string | undefined {
  try {
    const key = decodeURIComponent(url.pathname.slice(1));
    return key.split('/').some((part) => ['', '.', '..'].includes(part)) ? undefined : key;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
