import { isOneOf } from '../../jobs/conditions.ts';
import type { Write } from '../../jobs/ports/job-store.ts';
import { uploadItemKey } from '../keys.ts';
import { uploadStatesThatAllow } from '../state-machine.ts';
import type { Upload } from '../upload.ts';
import { keepWrite } from './quota.ts';

/** open or completing → stored, pinned to one version; its bytes move from those in flight to those stored. */
export function storeUploadWrites(
  upload: Upload,
  { versionId, etag, dueAt, now }: { versionId: string; etag: string; dueAt: number; now: number },
): Write[] {
  const isNotStoredYet = isOneOf('state', uploadStatesThatAllow('store'));
  return [
    {
      kind: 'update',
      key: uploadItemKey(upload),
      condition: isNotStoredYet,
      set: { state: 'stored', versionId, etag, storedAt: now, updatedAt: now, dueAt },
      add: { version: 1 },
    },
    keepWrite(upload),
  ];
}
