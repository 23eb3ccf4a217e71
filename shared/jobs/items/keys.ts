import type { JobKey } from '../job.ts';
import type { ItemKey } from '../ports/job-store.ts';

/**
 * Keys of the table. A job row lies under its tenant, so that no key made from one tenant's token can reach
 * another's; the shards of a job have a partition of their own, because they take the bulk of the writes.
 */
export const JOB_PREFIX = 'JOB#';
export const SHARD_PREFIX = 'SHARD#';
export const DATASET_PREFIX = 'DATASET#';
export const CLEAN_UP_PREFIX = 'CLEANUP#';
export const QUOTA_KEY = 'QUOTA';

export const tenantPartition = (tenant: string): string => `TENANT#${tenant}`;

export const jobItemKey = (key: JobKey): ItemKey => ({ pk: tenantPartition(key.tenant), sk: JOB_PREFIX + key.jobId });

/** The inverse of `jobItemKey`. */
export function jobKeyOf({ pk, sk }: ItemKey): JobKey {
  return { tenant: pk.slice(tenantPartition('').length), jobId: sk.slice(JOB_PREFIX.length) };
}

export const shardPartition = (key: JobKey): string => `JOB#${key.tenant}#${key.jobId}`;

export const shardSortKey = (shard: number): string => SHARD_PREFIX + String(shard).padStart(5, '0');

export const shardItemKey = (key: JobKey, shard: number): ItemKey => ({
  pk: shardPartition(key),
  sk: shardSortKey(shard),
});

export const datasetItemKey = (tenant: string, dataset: string): ItemKey => ({
  pk: tenantPartition(tenant),
  sk: DATASET_PREFIX + dataset,
});

export const deadLetterItemKey = (tenant: string, id: string): ItemKey => ({
  pk: tenantPartition(tenant),
  sk: `DEADLETTER#${id}`,
});

/** What the sweeper removes the unpublished outputs of a job by. */
export const cleanUpItemKey = ({ tenant, jobId }: JobKey): ItemKey => ({
  pk: tenantPartition(tenant),
  sk: CLEAN_UP_PREFIX + jobId,
});

/** What a tenant has in use of its quotas: one item, so that one condition can hold each of them. */
export const quotaItemKey = (tenant: string): ItemKey => ({ pk: tenantPartition(tenant), sk: QUOTA_KEY });

/** @param hash of the tenant, the process and the key or inputs */
export const submissionItemKey = (tenant: string, hash: string): ItemKey => ({
  pk: `SUBMISSION#${tenant}#${hash}`,
  sk: 'SUBMISSION',
});

/** Partitions of the index of active jobs: spreads its writes, and bounds what one sweep query reads. */
export const ACTIVE_PARTITIONS = 8;

/** The index partition of a job: from the random part of its ULID, so that jobs of one second spread. */
export function activePartition(jobId: string): string {
  return `active#${jobId.charCodeAt(jobId.length - 1) % ACTIVE_PARTITIONS}`;
}
