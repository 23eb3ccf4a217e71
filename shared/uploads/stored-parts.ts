import type { UploadPlatform } from './platform.ts';
import type { StoredPart } from './ports/upload-objects.ts';
import type { Upload } from './upload.ts';

/** Pages of 1,000 that 10,000 parts have, and one for a last page that is empty. */
const MAX_PAGES = 11;

/** The parts that have arrived, by their numbers; undefined when there is no multipart upload (any more). */
export async function storedParts(
  { uploadObjects }: UploadPlatform,
  { url, multipartId }: Upload,
): Promise<StoredPart[] | undefined> {
  if (multipartId === undefined) return undefined;
  const parts: StoredPart[] = [];
  let after = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const listed = await uploadObjects.listParts(url, multipartId, after);
    if (listed === undefined) return undefined;
    parts.push(...listed.parts);
    if (listed.next === undefined) break;
    after = listed.next;
  }
  return parts;
}
