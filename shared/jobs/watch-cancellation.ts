import { LonghaulError } from '../errors/longhaul-error.ts';
import { isTerminal, type JobKey } from './job.ts';
import { loadJob } from './load-job.ts';
import type { Platform } from './platform.ts';

/** Milliseconds between two looks at the row: a worker stops within 2 s of a cancellation. */
export const CANCELLATION_POLL_MILLISECONDS = 1_000;

/** The reason of a signal that was aborted because its job is over. */
export class JobIsOver extends LonghaulError {
  constructor() {
    super({ code: 'job-is-over', retryable: false, detail: 'The job was cancelled or has ended.' });
  }
}

/**
 * Runs work that stops when its job is over: the row is looked at every second, and the work's signal aborted with
 * `JobIsOver` once it is terminal or gone. A look that fails is left to the next one: the work itself needs no row.
 * @param outer aborted when the worker's time runs out
 * @throws the reason of its signal once that is aborted, also when the work ends with no more than an AbortError
 */
export async function whileJobIsActive<T>(
  platform: Platform,
  key: JobKey,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const workIsDone = new AbortController();
  const watching = watch(platform, key, over, workIsDone.signal);
  const signal = AbortSignal.any([outer, over.signal]);
  try {
    return await work(signal);
  } catch (error) {
    // What Node and many libraries throw for an aborted signal does not say why it was.
    if (error instanceof Error && error.name === 'AbortError') signal.throwIfAborted();
    throw error;
  } finally {
    workIsDone.abort();
    await watching;
  }
}

async function watch(platform: Platform, key: JobKey, over: AbortController, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await platform.clock.sleep(CANCELLATION_POLL_MILLISECONDS, stop);
      const job = await loadJob(platform.store, key);
      if (job === undefined || isTerminal(job.state)) {
        over.abort(new JobIsOver());
        return;
      }
    } catch (error) {
      if (!stop.aborted) platform.logger.warn('job.watch.failed', { job: key.jobId, error: String(error) });
    }
  }
}
