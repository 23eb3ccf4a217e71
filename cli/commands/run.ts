import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { validateInputs } from '../../functions/api/execute/validate-inputs.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import type { ProcessDefinition } from '../../shared/jobs/process.ts';
import type { JobView } from '../../shared/jobs/read-job.ts';
import { processContext } from '../../shared/jobs/work-context.ts';
import type { CliContext } from '../context.ts';
import { optionInvalid } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { withFileUrls } from '../inputs/local-files.ts';
import { collectOutputs, locateResults } from '../local/collect-outputs.ts';
import { createEngine, TENANT, type RunningEngine } from '../local/create-engine.ts';
import { createWorkFolder, findTarget, type OutputTarget } from '../local/output-target.ts';
import { peakMemoryBytes } from '../local/peak-memory.ts';
import { publishFiles, type PlacedFile } from '../local/publish-files.ts';
import { reportRun, type RunStats } from '../local/report-run.ts';
import { createRunLog } from '../local/run-log.ts';
import { runLocally, totalCounts } from '../local/run-locally.ts';
import { saveErrors } from '../local/save-errors.ts';
import { showEstimate } from '../local/show-estimate.ts';
import { detailText } from '../output/estimate-text.ts';
import { writeJson, writeLine } from '../output/text.ts';
import { stateExitCode } from '../output/state-exit-code.ts';
import type { RunOptions } from './run-options.ts';

/**
 * Runs a process on this machine: the same plan, chunks and finish as in the cloud. Its files appear at once, when the
 * job has ended; an interrupted run leaves nothing behind.
 * @param given inputs as they were given, not yet validated
 */
export async function run(
  context: CliContext,
  process: ProcessDefinition,
  given: Record<string, unknown>,
  options: RunOptions,
): Promise<ExitCode> {
  const { clock, folder, signal, err } = context;
  const inputs = validateInputs(process, withFileUrls(given, folder));
  const target = await targetOf(context, process, options);
  const errorsFile = await errorsFileOf(context, options);
  await using work = await createWorkFolder(target);
  const log = createRunLog(err, options.verbose === true);
  const concurrency = options.concurrency;
  await using running = createEngine(context, { process, workFolder: work.path, concurrency, logger: log.logger });
  const { platform } = running.engine;
  const estimate =
    process.offersDryRun === true
      ? undefined
      : await showEstimate(err, process, processContext(platform, TENANT, signal), inputs);
  if (options.dryRun === true && process.offersDryRun !== true) {
    if (options.json === true) writeJson(context.out, estimate ?? null);
    else if (estimate !== undefined) writeLine(context.out, detailText(estimate.detail));
    return EXIT.succeeded;
  }
  const startedAt = clock.now();
  const view = await runLocally(context, running.engine, log, { processId: process.id, inputs });
  // Before files are moved: the list of errors may be one that the results name.
  if (errorsFile !== undefined) await saveErrors(platform, view.job, errorsFile);
  const { results, files, left } = await publish(platform, view, { target, workFolder: work.path, out: options.out });
  const stats = await statsOf(view, running, (clock.now() - startedAt) / 1000);
  const paths = files.map(({ path }) => path);
  reportRun(
    context,
    { job: view.job, counts: totalCounts(view), stats, results, files: paths, left, errorsFile },
    options,
  );
  return stateExitCode(view.job.state);
}

/** Without `--out` a new folder, which nobody can have made before. */
async function targetOf(
  { clock, folder, identifiers }: CliContext,
  process: ProcessDefinition,
  { out, force }: RunOptions,
): Promise<OutputTarget> {
  return findTarget(out ?? `${process.id}-${identifiers.next(clock.now())}/`, force === true, folder);
}

/** Absolute path of the list of errors; refused early like the output itself. */
async function errorsFileOf({ folder }: CliContext, { errors, force }: RunOptions): Promise<string | undefined> {
  if (errors === undefined) return undefined;
  const { path, asFolder } = await findTarget(errors, force === true, folder);
  if (asFolder) throw optionInvalid('--errors', `${path} is a folder`, 'Name a file.');
  return path;
}

/** Puts the files of a published job in place; results without a file become one where `--out` asks for it. */
async function publish(
  platform: Platform,
  { job }: JobView,
  { target, workFolder, out }: { target: OutputTarget; workFolder: string; out: string | undefined },
): Promise<{ results: Record<string, unknown>; files: PlacedFile[]; left: number }> {
  if (job.state !== 'succeeded' && job.state !== 'partial') return { results: {}, files: [], left: 0 };
  const outputs = await collectOutputs(platform, job);
  if (outputs.files.length > 0) {
    const files = await publishFiles(outputs, target, workFolder);
    return { results: locateResults(outputs.results, files), files, left: outputs.files.length - files.length };
  }
  if (out === undefined) return { results: outputs.results, files: [], left: 0 };
  const document = join(workFolder, 'results.json');
  await writeFile(document, `${JSON.stringify(outputs.results, undefined, 2)}\n`);
  const files = [pathToFileURL(document)];
  const placed = await publishFiles({ files, whole: undefined }, target, workFolder);
  return { results: outputs.results, files: placed, left: 0 };
}

async function statsOf(view: JobView, { reads }: RunningEngine, seconds: number): Promise<RunStats> {
  const { done, failed, skipped, bytes } = totalCounts(view);
  return {
    seconds,
    units: view.units ?? 0,
    unitsPerSecond: (done + failed + skipped) / Math.max(seconds, 0.001),
    done,
    failed,
    skipped,
    bytes,
    rangeReads: reads.reads,
    rangeBytes: reads.bytes,
    peakMemoryBytes: await peakMemoryBytes(),
  };
}
