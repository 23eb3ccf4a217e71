import type { JobStatus } from '../api/job-status.ts';
import { errorLine } from './print-error.ts';
import { formatBytes, formatCount } from './text.ts';

/** One job as lines of text. */
export function jobText(job: JobStatus): string {
  const lines = [
    `job       ${job.jobID}`,
    `process   ${job.processID}`,
    `state     ${job.state} (${job.progress} %)`,
    `message   ${job.message}`,
    `created   ${job.created}`,
    ...(job.finished === undefined ? [] : [`finished  ${job.finished}`]),
    ...(job.retryOf === undefined ? [] : [`retry of  ${job.retryOf}`]),
    ...(job.tags === undefined ? [] : [`tags      ${job.tags.join(', ')}`]),
    `units     ${countsText(job.counts, job.units)}`,
    ...(job.datasets ?? []).map((dataset) => `  ${dataset.id}: ${countsText(dataset, dataset.units)}`),
    ...(job.failure === undefined ? [] : [`failure   ${errorLine(job.failure)}`]),
    ...(job.failure?.remedy === undefined ? [] : [`what to do: ${job.failure.remedy}`]),
    ...(job.errors ?? []).map((error) => `error     ${errorLine(error)}`),
  ];
  return lines.join('\n');
}

/** Jobs as a table, newest first as the API gives them. */
export function jobsTable(jobs: readonly JobStatus[]): string {
  const rows = jobs.map((job) => [
    job.jobID,
    job.processID,
    job.state,
    `${job.progress} %`,
    formatCount(job.counts.failed),
    job.created.slice(0, 'yyyy-mm-ddThh:mm:ss'.length),
    (job.tags ?? []).join(','),
  ]);
  return table([['JOB', 'PROCESS', 'STATE', 'DONE', 'FAILED', 'CREATED (UTC)', 'TAGS'], ...rows]);
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function countsText({ done, failed, skipped, bytes }: JobStatus['counts'], units: number | undefined): string {
  const total = units === undefined ? 'not planned yet' : `${formatCount(units)} in all`;
  const parts = [`${formatCount(done)} done`, `${formatCount(skipped)} empty`, `${formatCount(failed)} failed`, total];
  return `${parts.join(', ')}; ${formatBytes(bytes)}`;
}
