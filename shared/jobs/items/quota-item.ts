import type { Item } from '../ports/job-store.ts';
import { numberOf } from './attributes.ts';

/** Attributes that name the active jobs that are counted. */
export const HELD_JOB_PREFIX = 'job:';

/** What a tenant has in use. */
export interface QuotaItem {
  /** Bytes that are stored, and those that uploads under way have reserved. */
  committedBytes: number;
  /** Bytes that uploads under way have reserved. */
  inFlightBytes: number;
  openUploads: number;
  activeJobs: number;
  /** Ids of the jobs that are counted. */
  heldJobs: string[];
}

/** Reads the quota item of a tenant; one that is absent has nothing in use. */
export function readQuotaItem(item: Item | undefined): QuotaItem {
  const held = Object.keys(item ?? {}).filter((attribute) => attribute.startsWith(HELD_JOB_PREFIX));
  return {
    committedBytes: numberOf(item, 'committedBytes'),
    inFlightBytes: numberOf(item, 'inFlightBytes'),
    openUploads: numberOf(item, 'openUploads'),
    activeJobs: numberOf(item, 'activeJobs'),
    heldJobs: held.map((attribute) => attribute.slice(HELD_JOB_PREFIX.length)),
  };
}
