import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addCounts, NO_COUNTS } from '../../shared/jobs/job.ts';
import rasterPreseed from '../../shared/processes/raster-preseed/process.ts';
import type { RasterDetail } from '../../shared/processes/raster-preseed/detail.ts';
import type { ChunkPayloads, PlannedDataset, WorkContext } from '../../shared/jobs/process.ts';
import { WORKER_RUNTIME } from '../../infra/worker-runtime.ts';
import { NO_DATASETS, NO_FILES, NOTHING_PUBLISHED } from '../helpers/no-files.ts';
import { vastTiff } from './raster/vast-tiff.ts';

/**
 * Prints the peak memory of a worker that plans, runs chunks of and assembles a raster of any size, read by ranges:
 * `npm run bench:raster-memory -- [--side 200000] [--block 512] [--no-overviews]`. Pure noise, as PNG: the largest
 * tiles that there are. Ends with exit code 1 above 512 MB.
 */
if (process.env['MALLOC_ARENA_MAX'] === undefined) {
  // Both are read when a process starts.
  process.execve!(process.execPath, [process.execPath, ...process.argv.slice(1)], {
    ...process.env,
    ...WORKER_RUNTIME,
  });
}
const { values } = parseArgs({
  options: {
    side: { type: 'string', default: '200000' },
    block: { type: 'string', default: '512' },
    'no-overviews': { type: 'boolean', default: false },
    chunks: { type: 'string', default: '6' },
  },
});

const LIMIT_BYTES = 512e6;

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const peak = () => `peak ${megabytes(process.resourceUsage().maxRSS * 1024)}`;

const reader = vastTiff({ side: Number(values.side), block: Number(values.block), overviews: !values['no-overviews'] });
const context: WorkContext = {
  tenant: 'bench',
  signal: new AbortController().signal,
  clock: { now: () => 0, sleep: () => Promise.resolve() },
  files: NO_FILES,
  datasets: NOTHING_PUBLISHED,
  sources: { open: () => Promise.resolve(reader) },
};
const inputs = rasterPreseed.inputs.parse({ datasets: [{ source: 's3://bench/vast.tif' }] });
const plan = await rasterPreseed.plan(context, inputs);
const dataset = plan.datasets[0] as PlannedDataset<RasterDetail>;
const { minzoom, maxzoom } = dataset.detail;
console.log(
  `${values.side}² pixels, ${megabytes(reader.size)} file: ${dataset.units} tiles of zooms ${minzoom} to ${maxzoom}, ` +
    `${dataset.chunkUnits} a chunk`,
);
console.log(`planned; ${peak()}`);

/** The first chunks, which have the lowest zooms, and the last one. */
const starts = Array.from({ length: Number(values.chunks) - 1 }, (_, index) => index * dataset.chunkUnits);
const lastStart = Math.floor((dataset.units - 1) / dataset.chunkUnits) * dataset.chunkUnits;
const folder = await mkdtemp(join(tmpdir(), 'longhaul-memory-'));
const files: string[] = [];
let counts = NO_COUNTS;
for (const start of [...starts.filter((start) => start < lastStart), lastStart]) {
  const ranges = [{ start, end: Math.min(start + dataset.chunkUnits, dataset.units) }];
  const startedAt = performance.now();
  const result = await rasterPreseed.runChunk(context, { inputs, dataset, ranges });
  const seconds = (performance.now() - startedAt) / 1000;
  const { done, bytes } = result.counts;
  console.log(`units ${start}…: ${done} tiles, ${megabytes(bytes)}, ${seconds.toFixed(1)} s; ${peak()}`);
  counts = addCounts(counts, result.counts);
  files.push(join(folder, `${start}`));
  await writeFile(files.at(-1)!, result.payload);
}

/** One after the other: `shared/jobs/read-layers.ts` fetches nothing ahead of chunks of this size. */
const storedChunks: ChunkPayloads = {
  async *[Symbol.asyncIterator]() {
    for (const file of files) yield await readFile(file);
  },
  stored: () => {
    throw new TypeError('tiles are read whole');
  },
};

const upload = {
  url: new URL('s3://bench/vast.pmtiles'),
  putPart: async () => {},
  complete: async () => {},
  abort: async () => {},
};
await rasterPreseed.finish(context, {
  inputs,
  datasets: [{ plan: dataset, counts, layers: [storedChunks] }],
  ...NO_DATASETS,
  createOutput: () => Promise.resolve(upload),
});
console.log(`assembled ${files.length} chunks, ${megabytes(counts.bytes)}; ${peak()}`);
await rm(folder, { recursive: true });
if (process.resourceUsage().maxRSS * 1024 > LIMIT_BYTES) process.exitCode = 1;
