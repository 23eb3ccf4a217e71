import { equals } from '../../jobs/conditions.ts';
import type { UpdateWrite } from '../../jobs/ports/job-store.ts';
import { uploadItemKey } from '../keys.ts';
import { REMOVAL_MILLISECONDS } from '../limits.ts';
import type { UploadKey } from '../upload.ts';

/** Puts off the end of an upload that is being worked on: nothing is signed for one that this write refuses. */
export function extendUploadWrite(key: UploadKey, expiresAt: number, now: number): UpdateWrite {
  const isOpen = equals('state', 'open');
  // By then the addresses are void: a file whose event was lost is found.
  const dueAt = Math.min(now + REMOVAL_MILLISECONDS, expiresAt);
  return {
    kind: 'update',
    key: uploadItemKey(key),
    condition: isOpen,
    set: { expiresAt, dueAt, updatedAt: now },
    add: { version: 1 },
  };
}
