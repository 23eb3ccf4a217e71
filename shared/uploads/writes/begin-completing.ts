import { isOneOf } from '../../jobs/conditions.ts';
import type { UpdateWrite } from '../../jobs/ports/job-store.ts';
import { uploadItemKey } from '../keys.ts';
import { uploadStatesThatAllow } from '../state-machine.ts';
import type { UploadKey } from '../upload.ts';

/** open → completing: every part was there when its owner asked for the file. The sweeper goes on if nobody does. */
export function beginCompletingWrite(key: UploadKey, dueAt: number, now: number): UpdateWrite {
  const isOpen = isOneOf('state', uploadStatesThatAllow('complete'));
  return {
    kind: 'update',
    key: uploadItemKey(key),
    condition: isOpen,
    set: { state: 'completing', dueAt, updatedAt: now },
    add: { version: 1 },
  };
}
