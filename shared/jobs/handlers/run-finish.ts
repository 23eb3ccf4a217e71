import { LonghaulError } from '../../errors/longhaul-error.ts';
import { errorsUrl, outputFolder, resultsUrl } from '../folders.ts';
import { numberOf, textOf } from '../items/attributes.ts';
import { addCounts, NO_COUNTS, type Counts, type ErrorRecord } from '../job.ts';
import { datasetOutcome, jobOutcome, tooManyFailures, withVerdict } from '../outcome.ts';
import type { Item } from '../ports/job-store.ts';
import type { Artifact, DatasetVerdict, ErrorLine, FinishResult, Plan, PlannedDataset } from '../process.ts';
import { readLayers } from '../read-layers.ts';
import { encodeResults } from '../results.ts';
import { readPlan, readRequest } from '../stored-plan.ts';
import { writeStoredJson } from '../stored-json.ts';
import { whileJobIsActive } from '../watch-cancellation.ts';
import { processContext } from '../work-context.ts';
import { writeErrors } from '../write-errors.ts';
import { publishWrites, type Publication } from '../writes/publish.ts';
import type { Task } from './task.ts';

/** Assembles the outputs of a job whose shards are all settled, and publishes them together with its last state. */
export async function runFinish(task: Task): Promise<void> {
  const { platform, job } = task;
  if (job.state !== 'finishing') {
    platform.logger.info('job.message.dropped', { tenant: job.tenant, job: job.jobId, state: job.state });
    return;
  }
  const publication = await whileJobIsActive(platform, job, task.delivery.signal, (signal) => assemble(task, signal));
  // The time is part of what is written, so it is part of the token; that a second attempt publishes nothing is the
  // condition's work.
  const token = `${job.tenant}/${job.jobId}/publish/${publication.now}`;
  const outcome = await platform.store.transact(publishWrites(job, publication), token);
  if (outcome.accepted) {
    platform.logger.info('job.published', { tenant: job.tenant, job: job.jobId, outcome: publication.outcome });
    return;
  }
  const jobHasMovedOn = outcome.rejected.some(({ index }) => index === 0);
  if (jobHasMovedOn) return;
  for (const { index, item } of outcome.rejected) refuseUnexpected(publication.artifacts[index - 1], item);
  const publishedAt = Math.max(...outcome.rejected.map(({ item }) => numberOf(item, 'publishedAt')));
  throw pointerIsAhead(publishedAt - publication.now);
}

/** A dataset that was to be created is there, or one that is built upon is another one now. */
function refuseUnexpected(artifact: Artifact | undefined, item: Item | undefined): void {
  if (artifact?.expects === undefined) return;
  const { dataset, expects } = artifact;
  if (expects.kind === 'new') throw datasetExists(dataset, textOf(item, 'jobId'));
  const jobId = item === undefined ? undefined : textOf(item, 'jobId');
  if (jobId !== expects.jobId) throw datasetChanged(dataset, expects.jobId, jobId);
}

async function assemble(task: Task, signal: AbortSignal): Promise<Publication> {
  const { platform, job } = task;
  const plan = await readPlan(platform, job);
  const tolerated = plan.toleratedFailurePercentage;
  const counted = plan.datasets.map((dataset, index) => ({ dataset, counts: job.counts[index] ?? NO_COUNTS }));
  const judged = counted.map((each) => ({ ...each, state: datasetOutcome(each.dataset, each.counts, tolerated) }));
  const errors = await writeErrors(platform, job, processErrors(task, plan));
  const base = { errors, retentionDays: platform.retentionDays };
  const publishable = judged.filter(({ state }) => state !== 'failed');
  if (publishable.length === 0 && judged.length > 0) {
    const total = counted.reduce((sum, { counts }) => addCounts(sum, counts), NO_COUNTS);
    const failure = tooManyFailures(total.failed, unitsOf(plan), tolerated);
    const datasetStates = judged.map(({ state }) => state);
    return { ...base, outcome: 'failed', failure, datasetStates, artifacts: [], now: platform.clock.now() };
  }
  const { results, artifacts, verdicts = {} } = await finish(task, publishable, signal);
  const datasetStates = judged.map(({ dataset, state }) => withVerdict(state, verdicts[dataset.id]));
  const outcome = jobOutcome(datasetStates);
  await writeStoredJson(platform.objects, resultsUrl(platform.locations, job), encodeResults(results));
  return {
    ...base,
    outcome,
    datasetStates,
    artifacts: artifacts.filter(({ dataset }) => verdicts[dataset]?.state !== 'failed'),
    ...(outcome === 'failed' ? failureOf(verdicts) : {}),
    now: platform.clock.now(),
  };
}

/** What the process itself finds wrong within the units that it made. */
async function* processErrors({ platform, process, job }: Task, plan: Plan): AsyncGenerator<ErrorLine> {
  if (process.listErrors === undefined) return;
  for (const dataset of plan.datasets) yield* process.listErrors(dataset, await readLayers(platform, job, dataset.id));
}

function failureOf(verdicts: Record<string, DatasetVerdict>): { failure?: ErrorRecord } {
  const refusal = Object.values(verdicts).find((verdict) => verdict.state === 'failed');
  return refusal === undefined ? {} : { failure: refusal.failure };
}

async function finish(
  { platform, process, job }: Task,
  published: { dataset: PlannedDataset; counts: Counts }[],
  signal: AbortSignal,
): Promise<FinishResult> {
  const { inputs } = await readRequest(platform, job);
  const datasets = await Promise.all(
    published.map(async ({ dataset, counts }) => ({
      plan: dataset,
      counts,
      layers: await readLayers(platform, job, dataset.id),
    })),
  );
  const folder = outputFolder(platform.locations, job);
  const fileUrl = (name: string): URL => new URL(encodeURIComponent(name), folder);
  const context = processContext(platform, job.tenant, signal);
  return process.finish(context, {
    inputs,
    datasets,
    errorsUrl: errorsUrl(platform.locations, job),
    acceptedAt: job.createdAt,
    createOutput: (name, mediaType) => platform.objects.createUpload(fileUrl(name), mediaType),
    putOutput: async (name, mediaType, bytes) => {
      const url = fileUrl(name);
      await platform.objects.putIfAbsent(url, bytes, mediaType);
      return url;
    },
  });
}

function unitsOf(plan: Plan): number {
  return plan.datasets.reduce((sum, { units, union }) => sum + (union?.units ?? units), 0);
}

/**
 * Another job published the dataset with a clock that is ahead of ours: the next attempt comes after it.
 * @param aheadMs by how much; attempts that came earlier would be spent for nothing
 */
function pointerIsAhead(aheadMs: number): LonghaulError {
  return new LonghaulError({
    code: 'dataset-pointer-ahead',
    retryable: true,
    detail: 'A dataset of this job was published at a time that has not come yet by the clock of this worker.',
    retryAfterMs: aheadMs,
  });
}

function datasetExists(dataset: string, jobId: string): LonghaulError {
  return new LonghaulError({
    code: 'dataset-exists',
    retryable: false,
    detail: `The dataset "${dataset}" was to be created, and job ${jobId} has published it.`,
    remedy: 'Choose another dataset id, or the mode replace.',
  });
}

/** Two jobs were planned upon the same version, and the other one was published first: nothing of it is lost. */
function datasetChanged(dataset: string, planned: string | undefined, now: string | undefined): LonghaulError {
  const was = planned === undefined ? 'there was none' : `it was what job ${planned} had published`;
  const is = now === undefined ? 'it is gone' : `job ${now} has published it since`;
  return new LonghaulError({
    code: 'dataset-changed',
    retryable: false,
    detail: `The dataset "${dataset}" changed while the job ran: when it was planned ${was}, and ${is}.`,
    remedy: 'Submit the job again with a new Idempotency-Key: it is planned upon the version that is there then.',
  });
}
