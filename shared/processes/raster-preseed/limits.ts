import type { ProcessLimits } from '../../jobs/process.ts';

const HOUR = 3600;

export const LIMITS: ProcessLimits = {
  // One whole virtual CPU of Lambda, which is given in proportion to memory; a worker needs under 512 MiB.
  memoryMiB: 1769,
  // Assembling a large archive takes longest: some 50 MB a second.
  timeoutSeconds: 300,
  concurrency: 50,
  attempts: 5,
  deadlineSeconds: 6 * HOUR,
};
