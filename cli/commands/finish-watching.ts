import type { ApiClient } from '../api/api-client.ts';
import type { JobStatus } from '../api/job-status.ts';
import { watchJob } from '../api/watch-job.ts';
import type { CliContext } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import { jobText } from '../output/job-text.ts';
import { stateExitCode } from '../output/state-exit-code.ts';
import { writeJson, writeLine } from '../output/text.ts';

/** Watches a job to its end and prints how it ended. Ctrl+C ends the watching, never the job. */
export async function finishWatching(
  context: CliContext,
  client: ApiClient,
  jobId: string,
  json: boolean,
): Promise<ExitCode> {
  try {
    const status = await watchJob(context, client, jobId);
    printJob(context, status, json);
    if (status.state === 'succeeded' || status.state === 'partial') {
      writeLine(context.err, `Results: longhaul results ${jobId}`);
    }
    return stateExitCode(status.state);
  } catch (error) {
    if (context.signal.aborted) {
      writeLine(
        context.err,
        `The job goes on: longhaul watch ${jobId} shows it again, longhaul cancel ${jobId} ends it.`,
      );
    }
    throw error;
  }
}

/** One job as text or JSON. */
export function printJob({ out }: CliContext, status: JobStatus, json: boolean): void {
  if (json) writeJson(out, status);
  else writeLine(out, jobText(status));
}
