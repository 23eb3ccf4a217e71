import type { Command } from 'commander';
import type { ApiOptions } from '../api/connection.ts';
import { jobStatusSchema } from '../api/job-status.ts';
import { parseAnswer } from '../api/parse-answer.ts';
import type { Cli } from '../context.ts';
import { addApiOptions, connect, jobPath } from './api-command.ts';
import { finishWatching, printJob } from './finish-watching.ts';

/** `longhaul job`, `watch` and `cancel` */
export function addJobCommands(program: Command, { context, finish }: Cli): void {
  const add = (name: string, summary: string): Command =>
    addApiOptions(program.command(name).summary(summary).argument('<job>', 'id of a job: longhaul jobs lists them'));

  add('job', 'show one job')
    .description('Shows the state, counts and first errors of a job.')
    .action(async (jobId: string, options: ApiOptions) => {
      const client = await connect(context, options);
      const { json } = await client.ask({ path: jobPath(jobId) });
      printJob(context, parseAnswer(jobStatusSchema, json, jobPath(jobId)), options.json === true);
    });

  add('watch', 'show the progress of a job until it has ended')
    .description(
      'Shows the progress of a job until it has ended. Ctrl+C ends the watching; the job goes on.\n' +
        'Exit codes: 0 succeeded, 3 partial, 1 failed or cancelled, 130 Ctrl+C.',
    )
    .action(async (jobId: string, options: ApiOptions) => {
      const client = await connect(context, options);
      finish(await finishWatching(context, client, jobId, options.json === true));
    });

  add('cancel', 'cancel a job')
    .description('Cancels a job: its workers stop within seconds, and nothing of it is published.')
    .action(async (jobId: string, options: ApiOptions) => {
      const client = await connect(context, options);
      const { json } = await client.ask({ method: 'DELETE', path: jobPath(jobId) });
      printJob(context, parseAnswer(jobStatusSchema, json, jobPath(jobId)), options.json === true);
    });
}
