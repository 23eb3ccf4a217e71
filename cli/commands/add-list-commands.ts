import { Option, type Command } from 'commander';
import { z } from 'zod';
import { errorListSchema, jobStatusSchema } from '../api/job-status.ts';
import { parseAnswer } from '../api/parse-answer.ts';
import { hasMore, readPages, type Page } from '../api/read-pages.ts';
import type { ApiRequest } from '../api/api-client.ts';
import { jobsTable, table } from '../output/job-text.ts';
import { errorLine } from '../output/print-error.ts';
import { formatBytes, writeJson, writeLine } from '../output/text.ts';
import { UPLOAD_STATES, type UploadState } from '../../shared/uploads/upload.ts';
import { uploadListSchema } from '../uploads/upload-status.ts';
import type { Cli } from '../context.ts';
import { addApiOptions, connect, jobPath } from './api-command.ts';
import { addListOptions, type ListOptions } from './list-options.ts';

const STATUSES = ['accepted', 'running', 'successful', 'failed', 'dismissed'] as const;

const jobListSchema = z.looseObject({ jobs: z.array(jobStatusSchema) });
const datasetListSchema = z.looseObject({
  datasets: z.array(
    z.looseObject({
      id: z.string(),
      jobID: z.string(),
      mediaType: z.string(),
      bytes: z.number(),
      published: z.string(),
    }),
  ),
});

interface JobsOptions extends ListOptions {
  status?: (typeof STATUSES)[number];
  process?: string;
  tag?: string;
}

interface UploadsOptions extends ListOptions {
  state?: UploadState;
  process?: string;
}

/** `longhaul jobs`, `errors`, `uploads` and `datasets` */
export function addListCommands(program: Command, cli: Cli): void {
  const add = (name: string, summary: string): Command =>
    addApiOptions(
      addListOptions(
        program
          .command(name)
          .summary(summary)
          .description(`Lists ${summary.slice(5)}.`),
      ),
    );

  add('jobs', 'list jobs, the newest first')
    .addOption(new Option('--status <status>', 'only jobs of this status').choices(STATUSES))
    .option('--process <id>', 'only jobs of this process')
    .option('--tag <tag>', 'only jobs with this tag')
    .action(async (options: JobsOptions) => {
      const query = { status: options.status, processID: options.process, tag: options.tag };
      await printList(cli, options, { path: 'jobs', query }, (page) => {
        const { jobs } = parseAnswer(jobListSchema, page, 'jobs');
        return { items: jobs, text: jobs.length === 0 ? 'No jobs.' : jobsTable(jobs) };
      });
    });

  add('errors', 'list the units of a job that failed, and why')
    .argument('<job>', 'id of a job')
    .action(async (jobId: string, options: ListOptions) => {
      await printList(cli, options, { path: jobPath(jobId, '/errors') }, (page) => {
        const { errors } = parseAnswer(errorListSchema, page, jobPath(jobId, '/errors'));
        return { items: errors, text: errors.length === 0 ? 'No errors.' : errors.map(errorLine).join('\n') };
      });
    });

  add('uploads', 'list uploads, the newest first')
    .addOption(new Option('--state <state>', 'only uploads in this state').choices(UPLOAD_STATES))
    .option('--process <id>', 'only uploads that start this process')
    .action(async (options: UploadsOptions) => {
      const query = { state: options.state, process: options.process };
      await printList(cli, options, { path: 'uploads', query }, (page) => {
        const { uploads } = parseAnswer(uploadListSchema, page, 'uploads');
        const rows = uploads.map((each) => [
          each.uploadID,
          each.state,
          formatBytes(each.bytes),
          each.format ?? '',
          each.fileName,
          each.jobID ?? '',
          each.created,
        ]);
        const header = ['UPLOAD', 'STATE', 'SIZE', 'FORMAT', 'FILE', 'JOB', 'CREATED'];
        return { items: uploads, text: uploads.length === 0 ? 'No uploads.' : table([header, ...rows]) };
      });
    });

  add('datasets', 'list what is published, and the job that made it').action(async (options: ListOptions) => {
    await printList(cli, options, { path: 'datasets' }, (page) => {
      const { datasets } = parseAnswer(datasetListSchema, page, 'datasets');
      const rows = datasets.map((each) => [
        each.id,
        each.jobID,
        formatBytes(each.bytes),
        each.mediaType,
        each.published,
      ]);
      const header = ['DATASET', 'JOB', 'SIZE', 'TYPE', 'PUBLISHED'];
      return { items: datasets, text: datasets.length === 0 ? 'No datasets.' : table([header, ...rows]) };
    });
  });
}

/** Prints a list page by page, or as one JSON array when that is asked for. */
async function printList(
  { context }: Cli,
  options: ListOptions,
  { path, query = {} }: ApiRequest,
  read: (page: Page) => { items: unknown[]; text: string },
): Promise<void> {
  const client = await connect(context, options);
  const all = options.all === true;
  const items: unknown[] = [];
  for await (const page of readPages(client, { path, query: { ...query, limit: options.limit } }, all)) {
    const { items: more, text } = read(page);
    items.push(...more);
    if (options.json !== true) writeLine(context.out, text);
    if (!all && hasMore(page)) writeLine(context.err, 'There are more: --all lists every page.');
  }
  if (options.json === true) writeJson(context.out, items);
}
