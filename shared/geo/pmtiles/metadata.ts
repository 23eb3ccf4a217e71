import { metadataTooLarge } from './errors.ts';
import { gzip } from './gzip.ts';

/** Largest metadata before compression: 1 MiB. */
export const MAX_METADATA_BYTES = 1024 * 1024;

/**
 * Writes the metadata of an archive: compressed JSON, keys in the order that they have.
 * @throws LonghaulError `metadata-too-large` (final)
 */
export function encodeMetadata(metadata: Readonly<Record<string, unknown>>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(metadata));
  if (json.length > MAX_METADATA_BYTES) throw metadataTooLarge(json.length, MAX_METADATA_BYTES);
  return gzip(json);
}
