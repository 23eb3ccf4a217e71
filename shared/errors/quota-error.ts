import { LonghaulError } from './longhaul-error.ts';

/** What a tenant may have so much of. */
export type Quota = 'storedBytes' | 'inFlightBytes' | 'openUploads' | 'activeJobs';

/** How full a quota is, in bytes or pieces. */
export interface QuotaUse {
  quota: Quota;
  /** In use for good: until its owner removes it. */
  used: number;
  /** Held by what is under way: it is used or given back in the end. */
  reserved: number;
  limit: number;
  /** What was asked for on top. */
  asked: number;
}

const REMEDIES: Readonly<Record<Quota, string>> = {
  storedBytes: 'Delete uploads that are no longer needed, or have the limit raised.',
  inFlightBytes: 'Complete or delete uploads that are under way, or have the limit raised.',
  openUploads: 'Complete or delete uploads that are under way, or have the limit raised.',
  activeJobs: 'Wait until a job has ended, cancel one, or have the limit raised.',
};

/** A tenant asks for more than it may have at once: nothing was reserved, nothing done. */
export class QuotaError extends LonghaulError {
  override readonly name = 'QuotaError';
  readonly use: QuotaUse;

  constructor(use: QuotaUse) {
    super({
      code: 'quota-exceeded',
      retryable: false,
      detail: `The quota ${use.quota} has ${use.used} in use and ${use.reserved} reserved of ${use.limit}; ${use.asked} more do not fit.`,
      limit: use.limit,
      actual: use.used + use.reserved + use.asked,
      remedy: REMEDIES[use.quota],
    });
    this.use = use;
  }
}
