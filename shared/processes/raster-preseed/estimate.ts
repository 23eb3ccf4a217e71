import type { Estimate, EstimatedRange, ProcessContext } from '../../jobs/process.ts';
import { chunkCount } from '../../jobs/numbering.ts';
import { dollarsOf, wholeRange } from '../prices.ts';
import { chunkUnitsOf } from './chunk-units.ts';
import type { RasterPreseedInputs } from './inputs.ts';
import { LIMITS } from './limits.ts';
import type { PreparedDataset } from './prepare-dataset.ts';
import { prepareJob } from './prepare-job.ts';

type Format = RasterPreseedInputs['format'];

/** Bytes of a tile of 256 pixels: from a plain one to one of rough imagery (4096² test image: 70 kB PNG). */
const TILE_BYTES: Record<Format, EstimatedRange> = {
  png: { low: 8_000, high: 110_000 },
  webp: { low: 2_000, high: 30_000 },
  jpeg: { low: 3_000, high: 35_000 },
};

/** Tiles of 256 pixels that one worker makes in a second: half of what was measured on one core, to all of it. */
const TILES_PER_SECOND: Record<Format, EstimatedRange> = {
  png: { low: 50, high: 120 },
  webp: { low: 45, high: 115 },
  jpeg: { low: 80, high: 210 },
};

/** Source pixels decoded in a second: what a source without overviews costs more. */
const SOURCE_PIXELS_PER_SECOND = 60e6;

/** Seconds that a job takes besides its tiles: queueing, planning, first start of a worker; assembling the archive. */
const FIXED_SECONDS: EstimatedRange = { low: 2, high: 30 };

/** Bytes of chunks that are assembled in a second. */
const ASSEMBLED_BYTES_PER_SECOND = 50e6;

/** Range reads of a chunk. */
const READS_OF_CHUNK: EstimatedRange = { low: 10, high: 80 };

/** What a job would do: exact tile counts from the headers of the sources, and ranges for what depends on their content. */
export async function estimateRasterPreseed(context: ProcessContext, inputs: RasterPreseedInputs): Promise<Estimate> {
  const prepared = await prepareJob(context, inputs);
  const datasets = prepared.map((dataset) => {
    const chunkUnits = chunkUnitsOf(inputs, dataset.sourcePixels);
    return { dataset, chunks: chunkCount({ id: dataset.requested.id, units: dataset.coverage.count, chunkUnits }) };
  });
  const units = datasets.reduce((sum, { dataset }) => sum + dataset.coverage.count, 0);
  const chunks = datasets.reduce((sum, each) => sum + each.chunks, 0);
  const size = (inputs.tileSize / 256) ** 2;
  const bytes = multiply(TILE_BYTES[inputs.format], units * size);
  const speed = TILES_PER_SECOND[inputs.format];
  const busy = {
    low: (units * size) / speed.high,
    high: (units * size) / speed.low + sourceSeconds(prepared),
  };
  const workers = Math.min(chunks, LIMITS.concurrency);
  return {
    units,
    chunks,
    bytes: wholeRange(bytes),
    seconds: wholeRange({
      low: busy.low / workers + bytes.low / ASSEMBLED_BYTES_PER_SECOND + FIXED_SECONDS.low,
      high: busy.high / workers + bytes.high / ASSEMBLED_BYTES_PER_SECOND + FIXED_SECONDS.high,
    }),
    dollars: { low: dollars(busy.low, chunks, bytes.low, 'low'), high: dollars(busy.high, chunks, bytes.high, 'high') },
    detail: { datasets: datasets.map(({ dataset, chunks }) => describe(dataset, chunks)) },
  };
}

/** Seconds of decoding beyond what the tiles' own speed counts with. */
function sourceSeconds(prepared: readonly PreparedDataset[]): number {
  return prepared.reduce((sum, { raster }) => {
    const costly = raster.advisories.includes('no-overviews');
    return sum + (costly ? (raster.width * raster.height * raster.samples) / SOURCE_PIXELS_PER_SECOND : 0);
  }, 0);
}

function dollars(busySeconds: number, chunks: number, bytes: number, end: keyof EstimatedRange): number {
  return dollarsOf({
    workerSeconds: busySeconds + bytes / ASSEMBLED_BYTES_PER_SECOND,
    memoryMiB: LIMITS.memoryMiB,
    chunks,
    readsOfChunk: READS_OF_CHUNK[end],
    outputBytes: bytes,
  });
}

function describe({ requested, raster, minzoom, maxzoom, coverage, bands }: PreparedDataset, chunks: number) {
  const { accuracy } = raster.crs;
  return {
    dataset: requested.id,
    tiles: coverage.count,
    tilesByZoom: Object.fromEntries(coverage.countByZoom.map(({ zoom, tiles }) => [zoom, tiles])),
    chunks,
    minzoom,
    maxzoom,
    crs: `EPSG:${raster.crs.epsg}`,
    ...(accuracy === undefined ? {} : { accuracy }),
    bands,
    rescale:
      requested.request.rescale ?? (raster.sampleType === 'uint8' ? 'none' : 'estimated when the job is planned'),
    advisories: raster.advisories,
  };
}

function multiply({ low, high }: EstimatedRange, factor: number): EstimatedRange {
  return { low: low * factor, high: high * factor };
}
