import { expect, it } from 'vitest';
import { explore } from './explore.ts';
import { SEEDED_BUGS } from './seeded-bugs.ts';

it.each(SEEDED_BUGS)('finds out that $name, and tells how', async ({ tamper, faults, breaks, lastLine }) => {
  const { violations } = await explore({ faults, tamper, untilViolation: true });

  const violation = violations.find(({ invariant }) => invariant === breaks);
  expect(violation?.trace.at(-1)).toBe(lastLine);
});
