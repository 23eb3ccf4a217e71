import { LonghaulError } from '../errors/longhaul-error.ts';

/**
 * What stands in the place of `#worker/…` in the bundles of functions that answer and carry but run no process (see
 * `imports` in package.json): whoever imports it there gets this error.
 */
throw new LonghaulError({
  code: 'worker-code-left-out',
  retryable: false,
  detail: 'A function that runs no process was asked to run one: its bundle has no such code.',
  remedy: 'In its process.ts, import what a synchronous execution runs by its own path, not through #worker.',
});
