import { describe, expect, it } from 'vitest';
import { retryDelaySeconds } from '../../../shared/jobs/backoff.ts';

const LOWEST = () => 0;
const HIGHEST = () => 1 - Number.EPSILON;

describe('retryDelaySeconds', () => {
  it('draws from zero up to a bound that doubles, and ends at the longest delay of a queue', () => {
    const attempts = [1, 2, 3, 4, 5, 6, 7, 20];
    expect(attempts.map((attempt) => retryDelaySeconds(attempt, LOWEST))).toEqual(attempts.map(() => 0));
    expect(attempts.map((attempt) => retryDelaySeconds(attempt, HIGHEST))).toEqual([
      30, 60, 120, 240, 480, 900, 900, 900,
    ]);
    expect(retryDelaySeconds(1, () => 0.5)).toBe(15);
  });

  it('is never earlier than the other side asked, up to the longest delay', () => {
    expect(retryDelaySeconds(1, HIGHEST, 29_001)).toBe(30);
    expect(retryDelaySeconds(1, LOWEST, 1)).toBe(1);
    expect(retryDelaySeconds(1, LOWEST, 45_001)).toBe(46);
    expect(retryDelaySeconds(1, HIGHEST, 2_000)).toBe(30);
    expect(retryDelaySeconds(1, LOWEST, 3_600_000)).toBe(900);
    expect(retryDelaySeconds(1, LOWEST, -5_000)).toBe(0);
  });
});
