import { absent, all, equals } from '../../jobs/conditions.ts';
import type { UpdateWrite } from '../../jobs/ports/job-store.ts';
import { uploadItemKey } from '../keys.ts';
import type { UploadKey } from '../upload.ts';

/** Notes the multipart upload that the parts belong to: of two that were started at once the first one is kept. */
export function startMultipartWrite(key: UploadKey, multipartId: string, now: number): UpdateWrite {
  const isOpen = equals('state', 'open');
  const hasNone = absent('multipartId');
  return {
    kind: 'update',
    key: uploadItemKey(key),
    condition: all(isOpen, hasNone),
    set: { multipartId, updatedAt: now },
    add: { version: 1 },
  };
}
