import { describe, expect, it } from 'vitest';
import { addCounts, isTerminal, JOB_STATES, NO_COUNTS } from '../../../shared/jobs/job.ts';
import { datasetOutcome, jobOutcome, tooManyFailures, withVerdict } from '../../../shared/jobs/outcome.ts';
import { timeToLive } from '../../../shared/jobs/retention.ts';

const failed = (count: number) => ({ ...NO_COUNTS, failed: count });

describe('the outcome of a dataset', () => {
  it.each([
    [0, 10, 0, 'succeeded'],
    [0, 0, 0, 'succeeded'],
    [1, 10, 10, 'partial'],
    [2, 10, 10, 'failed'],
    [1, 10, 0, 'failed'],
    [9, 10, 100, 'partial'],
    [10, 10, 100, 'failed'],
  ])('of which %i of %i units failed is, where %i %% are tolerated, %s', (count, units, tolerated, expected) => {
    expect(datasetOutcome({ units }, failed(count), tolerated)).toBe(expected);
  });

  it('takes all units of a retried dataset, and those that failed before and were not run again', () => {
    expect(datasetOutcome({ units: 1, union: { units: 10, failed: 1 } }, failed(1), 20)).toBe('partial');
    expect(datasetOutcome({ units: 1, union: { units: 10, failed: 2 } }, failed(1), 20)).toBe('failed');
    expect(datasetOutcome({ units: 1, union: { units: 10, failed: 1 } }, failed(0), 20)).toBe('partial');
    expect(datasetOutcome({ units: 1, union: { units: 10, failed: 0 } }, failed(0), 20)).toBe('succeeded');
  });

  it('becomes what its process says of it, and never better than failed', () => {
    const refused = { state: 'failed', failure: { code: 'too-many-rejects', detail: '3 of 4 features.' } } as const;
    expect(withVerdict('partial', undefined)).toBe('partial');
    expect(withVerdict('succeeded', { state: 'partial' })).toBe('partial');
    expect(withVerdict('succeeded', refused)).toBe('failed');
    expect(withVerdict('failed', { state: 'partial' })).toBe('failed');
  });
});

describe('the outcome of a job', () => {
  it('is partial as soon as one dataset can be published and not all are whole', () => {
    expect(jobOutcome([])).toBe('succeeded');
    expect(jobOutcome(['succeeded', 'succeeded'])).toBe('succeeded');
    expect(jobOutcome(['failed', 'failed'])).toBe('failed');
    expect(jobOutcome(['failed', 'succeeded'])).toBe('partial');
    expect(jobOutcome(['failed', 'partial'])).toBe('partial');
    expect(jobOutcome(['partial', 'succeeded'])).toBe('partial');
  });

  it('says how much failed, how much was tolerated, and what to do', () => {
    expect(tooManyFailures(3, 10, 20)).toEqual({
      code: 'too-many-failures',
      detail: '3 of 10 units failed; 20 % are tolerated. Nothing was published.',
      remedy: 'Read the list of errors, mend the cause, and retry the job: only what failed is run again.',
    });
  });
});

describe('a job', () => {
  it('has four states that it may leave, and four that it may not', () => {
    expect(JOB_STATES.filter((state) => !isTerminal(state))).toEqual(['accepted', 'planning', 'running', 'finishing']);
    expect(JOB_STATES.filter(isTerminal)).toEqual(['succeeded', 'partial', 'failed', 'cancelled']);
  });

  it('adds counts kind by kind', () => {
    const a = { done: 1, failed: 2, skipped: 3, bytes: 4 };
    expect(addCounts(a, { done: 10, failed: 20, skipped: 30, bytes: 40 })).toEqual({
      done: 11,
      failed: 22,
      skipped: 33,
      bytes: 44,
    });
    expect(addCounts(NO_COUNTS, a)).toEqual(a);
  });

  it('is kept for whole days, counted in seconds from the second that follows', () => {
    expect(timeToLive(1_001, 2)).toBe(2 + 172_800);
    expect(timeToLive(1_000, 0)).toBe(1);
  });
});
