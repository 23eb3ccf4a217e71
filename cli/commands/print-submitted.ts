import type { ApiClient } from '../api/api-client.ts';
import type { JobStatus } from '../api/job-status.ts';
import type { CliContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { writeLine } from '../output/text.ts';
import { finishWatching, printJob } from './finish-watching.ts';
import type { SubmissionOptions } from './submission-options.ts';

/** Says which job a submission gave, and watches it when that is asked for. */
export async function printSubmitted(
  context: CliContext,
  client: ApiClient,
  job: JobStatus,
  options: SubmissionOptions,
): Promise<ExitCode> {
  const { jobID, state } = job;
  if (state === 'accepted') writeLine(context.err, `Job ${jobID} is accepted.`);
  else writeLine(context.err, `The same request gave job ${jobID} before, which is ${state}; --new makes another.`);
  if (options.watch === true) return finishWatching(context, client, jobID, options.json === true);
  printJob(context, job, options.json === true);
  writeLine(context.err, `Progress: longhaul watch ${jobID}`);
  return EXIT.succeeded;
}
