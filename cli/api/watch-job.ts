import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { isTerminal } from '../../shared/jobs/job.ts';
import type { CliContext } from '../context.ts';
import { Progress } from '../output/progress.ts';
import type { ApiAnswer, ApiClient } from './api-client.ts';
import { jobStatusSchema, type JobStatus } from './job-status.ts';
import { parseAnswer } from './parse-answer.ts';

const SECOND = 1000;

/** Between two polls when the API asks for no other time. */
const POLL_INTERVAL = 2 * SECOND;
/** Polls in a row that may fail before watching ends: with the waits between them about ten minutes. */
const MAX_FAILURES = 15;
/** Longest wait after a failed poll. */
const MAX_RETRY_INTERVAL = 60 * SECOND;

/**
 * Polls a job until it has ended, and shows how far it is. A poll of a job that did not change costs a 304.
 * @throws ApiError, LonghaulError of the last poll when too many failed; the signal's reason
 */
export async function watchJob(context: CliContext, client: ApiClient, jobId: string): Promise<JobStatus> {
  const progress = new Progress(context.err);
  const path = `jobs/${encodeURIComponent(jobId)}`;
  let status: JobStatus | undefined;
  let etag: string | undefined;
  let failures = 0;
  try {
    for (;;) {
      let wait = POLL_INTERVAL;
      try {
        const answer = await client.ask({ path, headers: etag === undefined ? {} : { 'if-none-match': etag } });
        if (answer.status !== NOT_MODIFIED) status = parseAnswer(jobStatusSchema, answer.json, path);
        etag = answer.headers.get('etag') ?? etag;
        wait = waitAfter(answer);
        failures = 0;
      } catch (error) {
        if (!(error instanceof LonghaulError) || !error.retryable || ++failures > MAX_FAILURES) throw error;
        wait = Math.max(error.retryAfterMs ?? 0, Math.min(POLL_INTERVAL * 2 ** (failures - 1), MAX_RETRY_INTERVAL));
        progress.note(`asking again in ${wait / SECOND} s (${failures} of ${MAX_FAILURES}): ${error.detail}`);
      }
      if (status !== undefined) {
        progress.show({ state: status.state, counts: status.counts, units: status.units }, context.clock.now());
        if (isTerminal(status.state)) return status;
      }
      await context.clock.sleep(wait, context.signal);
    }
  } finally {
    progress.stop();
  }
}

const NOT_MODIFIED = 304;

const waitAfter = ({ retryAfterMs }: ApiAnswer): number => Math.max(retryAfterMs ?? POLL_INTERVAL, SECOND);
