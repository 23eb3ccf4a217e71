import { createHash } from 'node:crypto';

/** Most entity tags of an `If-None-Match` header that are looked at. */
const MAX_TAGS = 32;

/** A weak entity tag (RFC 9110, 8.8.3) of a representation: the same text, the same tag. */
export function weakEtag(text: string): string {
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** Whether an `If-None-Match` header names the tag, by weak comparison (RFC 9110, 13.1.2). */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const tags = ifNoneMatch.split(',', MAX_TAGS).map((tag) => opaque(tag.trim()));
  return tags.includes(opaque(etag));
}

const opaque = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag);
