import { absent, all, equals } from '../../jobs/conditions.ts';
import type { ErrorRecord } from '../../jobs/job.ts';
import type { UpdateWrite } from '../../jobs/ports/job-store.ts';
import { uploadItemKey } from '../keys.ts';
import type { UploadKey } from '../upload.ts';

/** What the first bytes said, and what became of the job that was asked for. */
export interface Examination {
  format?: string;
  jobId?: string;
  failure?: ErrorRecord;
  now: number;
}

/** Notes what the examination of a stored upload gave: nothing is left to do for it. */
export function finishExaminationWrite(key: UploadKey, { now, failure, ...found }: Examination): UpdateWrite {
  const isStored = equals('state', 'stored');
  const nobodyElseDid = absent('examinedAt');
  return {
    kind: 'update',
    key: uploadItemKey(key),
    condition: all(isStored, nobodyElseDid),
    set: { examinedAt: now, ...found, ...(failure === undefined ? {} : { failure: { ...failure } }) },
    add: { version: 1 },
    remove: ['activePartition', 'dueAt'],
  };
}
