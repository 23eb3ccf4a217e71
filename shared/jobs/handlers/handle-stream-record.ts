import { LonghaulError } from '../../errors/longhaul-error.ts';
import { describeError } from '../describe-error.ts';
import { readJobItem } from '../items/job-item.ts';
import { JOB_PREFIX, jobKeyOf } from '../items/keys.ts';
import type { Job } from '../job.ts';
import type { Platform } from '../platform.ts';
import type { Item, ItemKey } from '../ports/job-store.ts';
import { UNKNOWN_TENANT } from './handle-dead-letter.ts';
import { handleJobChange } from './handle-job-change.ts';

/** One record of the table's stream. */
export interface StreamRecord {
  /** Unique in the stream. */
  sequence: string;
  key: ItemKey;
  before: Item | undefined;
  /** Absent when the item was removed. */
  after: Item | undefined;
}

/**
 * Handles one record. One that cannot be read (poison) is put with the dead letters and passed over: it must not hold
 * up those behind it.
 * @throws LonghaulError (retryable) when the queue or the store cannot be reached: the stream delivers again
 */
export async function handleStreamRecord(platform: Platform, record: StreamRecord): Promise<void> {
  if (record.after === undefined || !record.key.sk.startsWith(JOB_PREFIX)) return;
  let change: { before: Job | undefined; after: Job };
  try {
    const { tenant, jobId } = jobKeyOf(record.key);
    const before = record.before === undefined ? undefined : readJobItem(tenant, jobId, record.before);
    change = { before, after: readJobItem(tenant, jobId, record.after) };
  } catch (error) {
    await putAside(platform, record, error);
    return;
  }
  try {
    await handleJobChange(platform, change.before, change.after);
  } catch (error) {
    if (error instanceof LonghaulError && error.retryable) throw error;
    await putAside(platform, record, error);
  }
}

async function putAside(platform: Platform, record: StreamRecord, error: unknown): Promise<void> {
  const url = new URL(
    `${UNKNOWN_TENANT}/stream/${encodeURIComponent(record.sequence)}.json`,
    platform.locations.deadLetters,
  );
  const archived = { ...record, reason: describeError(error), archivedAt: platform.clock.now() };
  const text = JSON.stringify(archived, (_, value: unknown) =>
    value instanceof Set ? [...(value as Set<number>)] : value,
  );
  await platform.objects.putIfAbsent(url, new TextEncoder().encode(text), 'application/json');
  platform.logger.error('stream.record.dead', { ...record.key, reason: archived.reason });
}
