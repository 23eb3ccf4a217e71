import type { Counts, ErrorRecord, Job } from '../../shared/jobs/job.ts';
import type { CliContext, TextStream } from '../context.ts';
import { estimateSchema, estimateText } from '../output/estimate-text.ts';
import { errorLine } from '../output/print-error.ts';
import { formatBytes, formatCount, formatNumberOf, formatSeconds, writeJson, writeLine } from '../output/text.ts';
import { shortPath } from './collect-outputs.ts';

/** What `--stats` prints. */
export interface RunStats {
  /** From the submission until the files are in place. */
  seconds: number;
  units: number;
  /** Units that were settled in a second. */
  unitsPerSecond: number;
  done: number;
  failed: number;
  skipped: number;
  /** Bytes of output made by the chunks. */
  bytes: number;
  /** Range reads from sources, and the bytes that they gave. */
  rangeReads: number;
  rangeBytes: number;
  /** Most memory that this process held. */
  peakMemoryBytes: number;
}

export interface RunReport {
  job: Job;
  counts: Counts;
  stats: RunStats;
  results: Record<string, unknown>;
  /** Absolute paths. */
  files: string[];
  /** Files about the results that were not kept, because one file was asked for. */
  left: number;
  /** Where the complete list of errors was written. */
  errorsFile: string | undefined;
}

/** Prints how a job ended: text, or with `json` one document. `stats` is the last line on standard output. */
export function reportRun(
  { out, err, folder }: CliContext,
  report: RunReport,
  { json = false, stats = false }: { json?: boolean | undefined; stats?: boolean | undefined },
): void {
  const { job, results, files, left, errorsFile } = report;
  const { failure, errors = [] } = job;
  if (json) {
    writeJson(out, {
      state: job.state,
      counts: report.counts,
      results,
      files,
      ...(failure === undefined ? {} : { failure }),
      ...(errors.length === 0 ? {} : { errors }),
      ...(errorsFile === undefined ? {} : { errorsFile }),
    });
  } else {
    writeLine(err, summary(report));
    for (const line of failureLines(report.counts, failure, errors, errorsFile)) writeLine(err, line);
    for (const file of files) writeLine(err, `  → ${shortPath(file, folder)}`);
    if (left > 0) writeLine(err, `  ${formatNumberOf(left, 'file')} about it left out: --out FOLDER/ keeps all`);
    writeResults(out, results);
  }
  if (stats) writeLine(out, JSON.stringify(report.stats));
}

/** Results as JSON; what a dry run says as text. */
function writeResults(out: TextStream, { estimate, ...others }: Record<string, unknown>): void {
  const shown = estimateSchema.safeParse(estimate);
  if (shown.success) writeLine(out, estimateText(shown.data));
  const results = shown.success || estimate === undefined ? others : { estimate, ...others };
  if (Object.keys(results).length > 0) writeJson(out, results);
}

function summary({ job, counts, stats }: RunReport): string {
  const made = [`${formatCount(counts.done)} done`];
  if (counts.skipped > 0) made.push(`${formatCount(counts.skipped)} empty`);
  if (counts.failed > 0) made.push(`${formatCount(counts.failed)} failed`);
  const speed = `${formatSeconds(stats.seconds)}, ${stats.unitsPerSecond.toFixed(1)} units/s`;
  return `${job.state}: ${formatNumberOf(stats.units, 'unit')} (${made.join(', ')}), ${formatBytes(counts.bytes)}, ${speed}`;
}

function failureLines(
  counts: Counts,
  failure: ErrorRecord | undefined,
  errors: readonly ErrorRecord[],
  errorsFile: string | undefined,
): string[] {
  const lines = failure === undefined ? [] : [`  ${errorLine(failure)}`];
  if (failure?.remedy !== undefined) lines.push(`  what to do: ${failure.remedy}`);
  lines.push(...errors.map((error) => `  ${errorLine(error)}`));
  const more = counts.failed - errors.length;
  if (more <= 0) return lines;
  return [...lines, `  and ${formatCount(more)} more${errorsFile === undefined ? '; --errors FILE lists all' : ''}`];
}
