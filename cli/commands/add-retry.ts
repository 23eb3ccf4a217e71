import type { Command } from 'commander';
import { jobStatusSchema } from '../api/job-status.ts';
import { parseAnswer } from '../api/parse-answer.ts';
import { readArea } from '../inputs/read-area.ts';
import type { Cli } from '../context.ts';
import { addApiOptions, connect, jobPath } from './api-command.ts';
import { printSubmitted } from './print-submitted.ts';
import { addSubmissionOptions, idempotencyHeaders, type SubmissionOptions } from './submission-options.ts';

interface RetryOptions extends SubmissionOptions {
  area?: string;
}

/** `longhaul retry <job>` */
export function addRetry(program: Command, { context, finish }: Cli): void {
  const command = program
    .command('retry')
    .summary('run the failed units of a job again, or those in an area')
    .description('Makes a new job of the units that failed, or of those that touch an area; its result is the union.')
    .argument('<job>', 'id of a job')
    .option('--area <file>', 'GeoJSON file: run the units that touch it again, whatever became of them');
  addApiOptions(addSubmissionOptions(command)).action(async (jobId: string, options: RetryOptions) => {
    const client = await connect(context, options);
    const area = options.area === undefined ? {} : { area: await readArea(options.area, context.folder) };
    const path = jobPath(jobId, '/retry');
    const headers = idempotencyHeaders(context, options);
    const { json } = await client.ask({ method: 'POST', path, headers, body: area });
    finish(await printSubmitted(context, client, parseAnswer(jobStatusSchema, json, path), options));
  });
}
