import { describe, expect, it } from 'vitest';
import { statusInfo } from '../../../functions/api/documents/status-info.ts';
import { JOB_STATES } from '../../../shared/jobs/job.ts';
import type { Job, JobState } from '../../../shared/jobs/job.ts';

const counts = (done: number, failed = 0, skipped = 0) => ({ done, failed, skipped, bytes: 0 });

const job = (state: JobState, more: Partial<Job> = {}): Job => ({
  tenant: 'acme',
  jobId: '01J00000000000000000000001',
  state,
  version: 1,
  processId: 'echo',
  processVersion: '1.0.0',
  createdAt: 0,
  updatedAt: 0,
  deadlineAt: 0,
  subject: 'ann',
  counts: [],
  nextShard: 0,
  settledShards: new Set(),
  healed: {},
  history: [],
  ...more,
});

const two = [
  { id: 'a', units: 200, chunkUnits: 10 },
  { id: 'b', units: 100, chunkUnits: 10 },
];

describe('statusInfo', () => {
  it('has a status of the standard for each state', () => {
    const status = JOB_STATES.map((state) => [state, statusInfo('', job(state)).status]);
    expect(Object.fromEntries(status)).toEqual({
      accepted: 'accepted',
      planning: 'running',
      running: 'running',
      finishing: 'running',
      succeeded: 'successful',
      partial: 'successful',
      failed: 'failed',
      cancelled: 'dismissed',
    });
  });

  it('counts every settled unit of every dataset, rounded down', () => {
    const info = statusInfo('', job('running', { datasets: two }), [counts(100, 20, 30), counts(1)]);
    expect(info).toMatchObject({ progress: 50, units: 300, counts: counts(101, 20, 30) });
    expect(info.message).toBe('151 of 300 units settled, 20 failed.');
    expect(info.datasets).toEqual([
      { id: 'a', units: 200, state: 'running', ...counts(100, 20, 30) },
      { id: 'b', units: 100, state: 'running', ...counts(1) },
    ]);
  });

  it('is at 100 only when the results are published', () => {
    const all = [counts(200), counts(100)];
    expect(statusInfo('', job('finishing', { datasets: two }), all).progress).toBe(99);
    expect(statusInfo('', job('failed', { datasets: two }), all).progress).toBe(99);
    expect(statusInfo('', job('partial', { datasets: two }), all).progress).toBe(100);
    expect(statusInfo('', job('running', { datasets: [] }), []).progress).toBe(0);
  });

  it('links to results only when there are some', () => {
    const relations = (state: JobState) => statusInfo('', job(state)).links.map(({ rel }) => rel.split('/').at(-1));
    expect(relations('partial')).toContain('results');
    expect(relations('failed')).not.toContain('results');
    expect(relations('finishing')).not.toContain('results');
  });
});
