import { tenantPartition } from '../jobs/items/keys.ts';
import { UPLOAD_PREFIX, uploadKeyOf } from './keys.ts';
import type { UploadPlatform } from './platform.ts';
import type { Upload, UploadState } from './upload.ts';
import { readUploadItem } from './upload-item.ts';

export interface UploadFilter {
  limit: number;
  /** Upload id that the page before ended with. */
  after?: string;
  states?: readonly UploadState[];
  processId?: string;
  /** Opened at or after, and at or before, in milliseconds since the epoch. */
  from?: number;
  to?: number;
}

/** Rows that one call reads at most: a filter that few pass gives a short page and a cursor, not a long wait. */
const MAX_ROWS_READ = 2_000;
const ROWS_PER_READ = 200;

/** Uploads of a tenant, the newest first. A page may be short and still have a `next`. */
export async function listUploads(
  platform: UploadPlatform,
  tenant: string,
  filter: UploadFilter,
): Promise<{ uploads: Upload[]; next?: string }> {
  const uploads: Upload[] = [];
  let after = filter.after === undefined ? undefined : UPLOAD_PREFIX + filter.after;
  for (let read = 0; read < MAX_ROWS_READ;) {
    const page = await platform.store.list({
      pk: tenantPartition(tenant),
      prefix: UPLOAD_PREFIX,
      descending: true,
      limit: Math.min(ROWS_PER_READ, Math.max(filter.limit + 1, 20)),
      ...(after === undefined ? {} : { after }),
    });
    for (const [index, { key, item }] of page.items.entries()) {
      const { uploadId } = uploadKeyOf(key);
      const upload = readUploadItem(tenant, uploadId, item);
      if (filter.from !== undefined && upload.createdAt < filter.from) return { uploads };
      if (passes(upload, filter)) uploads.push(upload);
      if (uploads.length === filter.limit) {
        const isLast = index === page.items.length - 1 && page.next === undefined;
        return isLast ? { uploads } : { uploads, next: uploadId };
      }
    }
    if (page.next === undefined) return { uploads };
    after = page.next;
    read += page.items.length;
  }
  return after === undefined ? { uploads } : { uploads, next: after.slice(UPLOAD_PREFIX.length) };
}

function passes(upload: Upload, { states, processId, to }: UploadFilter): boolean {
  return (
    (states === undefined || states.includes(upload.state)) &&
    (processId === undefined || upload.processId === processId) &&
    (to === undefined || upload.createdAt <= to)
  );
}
