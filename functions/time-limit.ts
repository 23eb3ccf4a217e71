import type { Context } from 'aws-lambda';
import { LonghaulError } from '../shared/errors/longhaul-error.ts';

/** Time that is kept back to store what was done, to send the next attempt, and to log, in milliseconds. */
const MARGIN_MILLISECONDS = 5_000;

/** Never less than this share of the time for the work itself: functions with a short timeout keep back less. */
const SHARE_FOR_WORK = 0.8;

/**
 * Runs work with a signal that is aborted shortly before the function's time runs out, so that the work ends with a
 * retryable error of ours and not with the process.
 */
export async function withinTimeLimit<T>(context: Context, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const left = context.getRemainingTimeInMillis();
  const controller = new AbortController();
  const timer = setTimeout(
    () => {
      controller.abort(
        new LonghaulError({
          code: 'worker-out-of-time',
          retryable: true,
          detail: `The work was not done within the ${Math.round(left / 1000)} s of the function.`,
          remedy: 'Raise timeoutSeconds of the process, or plan fewer units to a chunk.',
        }),
      );
    },
    Math.max(left - MARGIN_MILLISECONDS, left * SHARE_FOR_WORK),
  );
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
