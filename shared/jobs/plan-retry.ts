import { LonghaulError } from '../errors/longhaul-error.ts';
import type { ExecuteRequest } from './execute-request.ts';
import type { GeoJsonPolygon, Plan, PlannedDataset, ProcessDefinition } from './process.ts';
import { isTerminal, type Job, type JobKey } from './job.ts';
import { loadJob } from './load-job.ts';
import { chunkUnits, locateShard, selectedRanges, shardCount, type UnitRange } from './numbering.ts';
import { datasetOutcome } from './outcome.ts';
import type { Platform } from './platform.ts';
import { chunkUrl } from './folders.ts';
import { readChunkHeader } from './read-chunk.ts';
import { readShards } from './read-layers.ts';
import { readPlan } from './stored-plan.ts';
import { complement, intersect, rangesOf, sizeOf, unite } from './unit-ranges.ts';

/**
 * Turns a fresh plan of the same request into the plan of a retry: of each dataset only the units that failed or were
 * never settled before, or, with an area, those that touch it. A dataset that has none, and that the earlier job
 * published, is left out.
 * @throws LonghaulError `retry-source-changed` (final) when the numbering of the units is no longer the same
 */
export async function planRetry(
  platform: Platform,
  process: ProcessDefinition,
  job: Job,
  fresh: Plan,
  request: ExecuteRequest,
): Promise<Plan> {
  const before = { tenant: job.tenant, jobId: job.retryOf ?? '' };
  const row = await loadJob(platform.store, before, { consistent: true });
  if (row === undefined || !isTerminal(row.state)) throw notThere(before);
  if (row.datasets === undefined) return fresh;
  const plan = await readPlan(platform, before);
  const unfinished = await unfinishedUnits(platform, row, plan);
  const datasets = plan.datasets.flatMap((old, index) => {
    const next = fresh.datasets.find(({ id }) => id === old.id);
    if (next === undefined) return [];
    const left = unfinished[index] ?? [];
    const counts = row.counts[index];
    const wasPublished =
      (row.state === 'succeeded' || row.state === 'partial') &&
      counts !== undefined &&
      datasetOutcome(old, counts, plan.toleratedFailurePercentage) !== 'failed';
    const isWhole = left.length === 0 && wasPublished;
    // Of one that is built upon its own last version the numbering has changed by being published.
    if (isWhole && request.retryArea === undefined) return [];
    refuseOtherNumbering(old, next);
    const selection = request.retryArea === undefined ? left : unitsInArea(process, next, request.retryArea);
    if (selection.length === 0 && wasPublished) return [];
    const failedElsewhere = sizeOf(intersect(left, complement(selection, next.units)));
    return [{ ...next, units: sizeOf(selection), selection, union: { units: next.units, failed: failedElsewhere } }];
  });
  return { ...fresh, datasets };
}

/**
 * Ranges of unit numbers for each dataset of a plan that failed, or that no chunk was settled for; with what an
 * earlier job of the same chain left, where this one did not run it again.
 */
async function unfinishedUnits(platform: Platform, row: Job, plan: Plan): Promise<UnitRange[][]> {
  const failed: number[][] = plan.datasets.map(() => []);
  const settled: UnitRange[][] = plan.datasets.map(() => []);
  const shards = shardCount(plan.datasets);
  for await (const shard of readShards(platform, row)) {
    if (shard.shard >= shards) continue;
    const { dataset } = locateShard(plan.datasets, shard.shard);
    for (const chunk of shard.settled) {
      const positions = chunkUnits(plan.datasets, shard.shard, chunk);
      settled[dataset]?.push(...selectedRanges(plan.datasets[dataset]?.selection, positions));
    }
    for (const chunk of shard.failedChunks) {
      const url = chunkUrl(platform.locations, row, shard.shard, chunk);
      const { errors } = await readChunkHeader(platform, url);
      failed[dataset]?.push(...errors.map(({ number }) => number));
    }
  }
  const carried = await carriedOver(platform, row, plan);
  return plan.datasets.map((dataset, index) => {
    const wanted = dataset.selection ?? [{ start: 0, end: dataset.units }];
    const total = dataset.union?.units ?? dataset.units;
    const unsettled = intersect(wanted, complement(unite(settled[index] ?? []), total));
    const elsewhere = intersect(carried.get(dataset.id) ?? [], complement(wanted, total));
    return unite([...unsettled, ...rangesOf(failed[index] ?? []), ...elsewhere]);
  });
}

/** What the job before left unfinished, by dataset; asked for only when this one carried failures over. */
async function carriedOver(platform: Platform, row: Job, plan: Plan): Promise<Map<string, UnitRange[]>> {
  const carries = plan.datasets.some(({ union }) => union !== undefined && union.failed > 0);
  if (row.retryOf === undefined || !carries) return new Map();
  const before = await loadJob(platform.store, { tenant: row.tenant, jobId: row.retryOf });
  if (before === undefined) throw notThere({ tenant: row.tenant, jobId: row.retryOf });
  const beforePlan = await readPlan(platform, before);
  const unfinished = await unfinishedUnits(platform, before, beforePlan);
  return new Map(beforePlan.datasets.map(({ id }, index) => [id, unfinished[index] ?? []]));
}

function unitsInArea(process: ProcessDefinition, dataset: PlannedDataset, area: GeoJsonPolygon): UnitRange[] {
  if (process.selectUnits !== undefined) return unite(process.selectUnits(dataset, area));
  throw new LonghaulError({
    code: 'retry-area-unsupported',
    retryable: false,
    detail: `Process ${process.id} has no units that lie in an area.`,
    field: '/area',
    remedy: 'Retry without an area: all units that failed are run again.',
  });
}

function refuseOtherNumbering(old: PlannedDataset, next: PlannedDataset): void {
  const oldUnits = old.union?.units ?? old.units;
  if (oldUnits === next.units && old.numbering === next.numbering) return;
  throw new LonghaulError({
    code: 'retry-source-changed',
    retryable: false,
    detail: `Dataset ${old.id} had ${oldUnits} units and has ${next.units} now, or covers another area: its units are no longer the same.`,
    remedy: 'Submit a new job.',
  });
}

function notThere(key: JobKey): LonghaulError {
  return new LonghaulError({
    code: 'work-expired',
    retryable: false,
    detail: `Job ${key.jobId}, which is to be retried, is no longer stored or has not ended.`,
    remedy: 'Submit a new job.',
  });
}
