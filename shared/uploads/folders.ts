import type { UploadPlatform } from './platform.ts';
import { keyName } from './limits.ts';
import type { UploadKey } from './upload.ts';

/** Where the file of an announced upload will be. */
export function uploadUrl(
  { uploadLocations }: Pick<UploadPlatform, 'uploadLocations'>,
  key: UploadKey,
  fileName: string,
): URL {
  return new URL(`${key.tenant}/${key.uploadId}/${keyName(fileName)}`, uploadLocations.uploads);
}

/** Process and inputs of the job that an upload starts; expires like the requests of jobs. */
export function uploadRequestUrl({ locations }: Pick<UploadPlatform, 'locations'>, key: UploadKey): URL {
  return new URL(`${key.tenant}/${key.uploadId}/upload.json`, locations.work);
}

/** A file of this version and no other, as jobs name their sources. */
export function pinnedUrl(url: URL, versionId: string): URL {
  const pinned = new URL(url);
  pinned.searchParams.set('versionId', versionId);
  return pinned;
}

/** Where an object lies, and by which rule. */
export type UploadPlace =
  | { origin: 'announced'; tenant: string; uploadId: string }
  | { origin: 'dropped'; tenant: string; processId: string; name: string };

/** The place of an object; undefined when it lies under neither prefix, or not as deep as it should. */
export function placeOf(
  { uploadLocations }: Pick<UploadPlatform, 'uploadLocations'>,
  url: URL,
): UploadPlace | undefined {
  const { uploads, incoming } = uploadLocations;
  const below = (folder: URL): string[] | undefined =>
    url.href.startsWith(folder.href) ? url.href.slice(folder.href.length).split('/') : undefined;
  const announced = below(uploads);
  if (announced?.length === 3) return { origin: 'announced', tenant: announced[0]!, uploadId: announced[1]! };
  const dropped = below(incoming);
  if (dropped === undefined || dropped.length < 3) return undefined;
  const [tenant = '', processId = ''] = dropped;
  return { origin: 'dropped', tenant, processId, name: dropped.at(-1)! };
}
