import { equals } from '../../jobs/conditions.ts';
import type { UpdateWrite } from '../../jobs/ports/job-store.ts';
import { uploadItemKey } from '../keys.ts';
import type { UploadKey } from '../upload.ts';

/** Puts off the next look at an upload whose state does not change. */
export function postponeUploadWrite(key: UploadKey, seenDueAt: number, dueAt: number): UpdateWrite {
  const nobodyElseDid = equals('dueAt', seenDueAt);
  return { kind: 'update', key: uploadItemKey(key), condition: nobodyElseDid, set: { dueAt }, add: { version: 1 } };
}

/** Takes an upload that has ended out of the index, once nothing of it is left in the object store. */
export function endRemovalWrite(key: UploadKey, seenDueAt: number): UpdateWrite {
  const nobodyElseDid = equals('dueAt', seenDueAt);
  return {
    kind: 'update',
    key: uploadItemKey(key),
    condition: nobodyElseDid,
    add: { version: 1 },
    remove: ['activePartition', 'dueAt'],
  };
}
