import { describe, expect, it } from 'vitest';
import { tally } from '../../../scripts/testing/run-tier.ts';

const report = (passed: number, failed: number, skipped = 0) =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped });

describe('tally', () => {
  it('takes the counts of the report', () => {
    expect(tally(report(3, 2, 1), { code: 1, output: 'out' })).toEqual({
      passed: 3,
      failed: 2,
      skipped: 1,
      output: 'out',
    });
  });

  it('counts a failure that is no test, such as a file that cannot be loaded', () => {
    expect(tally(report(3, 0), { code: 1, output: '' })).toMatchObject({ passed: 3, failed: 1 });
  });

  it('counts a run that left no report as failed, unless there was nothing to run', () => {
    expect(tally(undefined, { code: undefined, output: '' })).toMatchObject({ passed: 0, failed: 1 });
    expect(tally(undefined, { code: 0, output: '' })).toMatchObject({ passed: 0, failed: 0 });
  });
});
