import { LonghaulError } from '../errors/longhaul-error.ts';
import { chunkUrl } from './folders.ts';
import { readShardItem, shardOfSortKey } from './items/shard-item.ts';
import { SHARD_PREFIX, shardPartition } from './items/keys.ts';
import type { Job, JobKey, Shard } from './job.ts';
import { loadJob } from './load-job.ts';
import { chunkUnits, locateShard, selectedRanges, shardCount } from './numbering.ts';
import type { Platform } from './platform.ts';
import type { ChunkPayloads, PlannedDataset, StoredPayload } from './process.ts';
import { openPayload, readChunk } from './read-chunk.ts';
import { readPlan } from './stored-plan.ts';

/** Chunks of a layer that are fetched ahead of the one in use … */
const MAX_CHUNKS_AHEAD = 3;

/** … and their bytes: the memory of finishing is one chunk of each layer and these. */
const MAX_BYTES_AHEAD = 16 * 1024 * 1024;

/** Most retries that a retry may build upon. */
export const MAX_RETRY_DEPTH = 20;

/** Shard items in one page of the table. */
const SHARD_PAGE = 100;

/** Payloads of one dataset: this job's, then those of the job that it retries, and so on; none of one that had no plan. */
export async function readLayers(platform: Platform, key: JobKey, dataset: string): Promise<ChunkPayloads[]> {
  const layers: ChunkPayloads[] = [];
  let depth = 0;
  let next: JobKey | undefined = key;
  while (next !== undefined) {
    const row: Job | undefined = await loadJob(platform.store, next);
    const endedUnplanned = next !== key && row !== undefined && row.datasets === undefined;
    if (!endedUnplanned) {
      const { datasets } = await readPlan(platform, next);
      if (datasets.some(({ id }) => id === dataset)) layers.push(layerOf(platform, next, datasets, dataset));
    }
    const retryOf = row?.retryOf;
    if (retryOf !== undefined && ++depth >= MAX_RETRY_DEPTH) throw tooDeep();
    next = retryOf === undefined ? undefined : { tenant: key.tenant, jobId: retryOf };
  }
  return layers;
}

/** Every shard item of a job, in order. */
export async function* readShards(platform: Platform, key: JobKey): AsyncGenerator<Shard> {
  let after: string | undefined;
  do {
    const page = await platform.store.list({
      pk: shardPartition(key),
      prefix: SHARD_PREFIX,
      limit: SHARD_PAGE,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    for (const { key: itemKey, item } of page.items) yield readShardItem(shardOfSortKey(itemKey.sk), item);
    after = page.next;
  } while (after !== undefined);
}

interface SettledChunk {
  url: URL;
  shard: number;
  chunk: number;
}

/** The settled chunks of one dataset, in the order of their numbers. */
async function* settledChunks(
  platform: Platform,
  key: JobKey,
  datasets: PlannedDataset[],
  dataset: string,
): AsyncGenerator<SettledChunk> {
  const shards = shardCount(datasets);
  for await (const shard of readShards(platform, key)) {
    if (shard.shard >= shards) continue;
    const position = locateShard(datasets, shard.shard);
    if (datasets[position.dataset]?.id !== dataset) continue;
    for (let chunk = 0; chunk < position.chunks; chunk++) {
      if (!shard.settled.has(chunk)) continue;
      yield { url: chunkUrl(platform.locations, key, shard.shard, chunk), shard: shard.shard, chunk };
    }
  }
}

function layerOf(platform: Platform, key: JobKey, datasets: PlannedDataset[], dataset: string): ChunkPayloads {
  return {
    [Symbol.asyncIterator]: () => payloads(platform, key, datasets, dataset),
    stored: () => storedPayloads(platform, key, datasets, dataset),
  };
}

async function* storedPayloads(
  platform: Platform,
  key: JobKey,
  datasets: PlannedDataset[],
  dataset: string,
): AsyncGenerator<StoredPayload> {
  const selection = datasets.find(({ id }) => id === dataset)?.selection;
  for await (const { url, shard, chunk } of settledChunks(platform, key, datasets, dataset)) {
    const payload = await openPayload(platform, url);
    const ranges = selectedRanges(selection, chunkUnits(datasets, shard, chunk));
    if (payload !== undefined) yield { ...payload, ranges };
  }
}

async function* payloads(
  platform: Platform,
  key: JobKey,
  datasets: PlannedDataset[],
  dataset: string,
): AsyncGenerator<Uint8Array> {
  const fetchChunk = async (url: URL) => {
    const chunk = await readChunk(platform, url);
    if (chunk === undefined) throw expired();
    return chunk;
  };
  const ahead: ReturnType<typeof fetchChunk>[] = [];
  // How large chunks are is not known before the first has come: nothing is fetched ahead of it.
  let largest = Infinity;
  const next = async () => {
    const chunk = await ahead.shift()!;
    largest = Math.max(largest === Infinity ? 1 : largest, chunk.payload.length);
    return payloadOf(chunk);
  };
  for await (const { url } of settledChunks(platform, key, datasets, dataset)) {
    const fetching = fetchChunk(url);
    // An error is raised when its turn comes; until then it must not count as unhandled.
    fetching.catch(() => undefined);
    ahead.push(fetching);
    if (ahead.length > Math.min(MAX_CHUNKS_AHEAD, MAX_BYTES_AHEAD / largest)) yield* await next();
  }
  while (ahead.length > 0) yield* await next();
}

function payloadOf(chunk: { header: { abandoned: boolean }; payload: Uint8Array }): Uint8Array[] {
  return chunk.header.abandoned ? [] : [chunk.payload];
}

function expired(): LonghaulError {
  return new LonghaulError({
    code: 'work-expired',
    retryable: false,
    detail: 'A settled chunk is no longer stored.',
    remedy: 'Submit the job again; raise the retention if jobs must be retried later than that.',
  });
}

function tooDeep(): LonghaulError {
  return new LonghaulError({
    code: 'retry-too-deep',
    retryable: false,
    detail: `This job retries a retry more than ${MAX_RETRY_DEPTH} times over.`,
    limit: MAX_RETRY_DEPTH,
    remedy: 'Submit the job anew.',
  });
}
