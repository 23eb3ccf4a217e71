import { describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import { SEEDED_BUGS } from './seeded-bugs.ts';

/** Things that go wrong on one path. */
const FAULTS = 1;

describe('explorer', () => {
  it('finds no state of a small job that breaks a promise, and an end from each', async () => {
    const { states, transitions, deepest, ends, violations } = await explore({ faults: FAULTS });

    console.log('explorer:', { faults: FAULTS, states, transitions, deepest, ends });
    expect(violations).toEqual([]);
    expect(Object.keys(ends).sort()).toEqual(['cancelled', 'failed', 'partial']);
  });

  it.each(SEEDED_BUGS)('finds out that $name, and tells how', async ({ tamper, faults, breaks, lastLine }) => {
    const { violations } = await explore({ faults, tamper, untilViolation: true });

    const violation = violations.find(({ invariant }) => invariant === breaks);
    expect(violation?.trace.at(-1)).toBe(lastLine);
  });
});
