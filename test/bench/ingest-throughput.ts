import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { ChunkPayloads, FinishWork, OutputUpload, WorkContext } from '../../shared/jobs/process.ts';
import type { IngestDetail } from '../../shared/processes/ingest/detail.ts';
import { finishIngest } from '../../shared/processes/ingest/finish.ts';
import { ingestInputs, OUTPUT_FORMATS, type IngestInputs } from '../../shared/processes/ingest/inputs.ts';
import { planIngest } from '../../shared/processes/ingest/plan.ts';
import { runIngestChunk } from '../../shared/processes/ingest/run-chunk.ts';
import { gunzip } from '../../shared/geo/containers/gunzip.ts';
import { CONTAINER_LIMITS } from '../../shared/geo/containers/container-limits.ts';
import { ManualClock } from '../helpers/manual-clock.ts';
import { memoryReader } from '../helpers/memory-reader.ts';
import { makeZip } from '../helpers/make-zip.ts';
import { NO_FILES, NOTHING_PUBLISHED } from '../helpers/no-files.ts';
import { writeGeoPackage, writeShapefile } from './binary/write-polygons.ts';
import { csvRow, geoJsonFeature, makeFeature, type BenchFeature } from './text/make-features.ts';

/**
 * Runs the plan, the chunks and the finish of `ingest` over polygons in every format, and prints megabytes (10⁶) of the source
 * per second of CPU time for each, and the share of the source's bytes that blocks and outputs have. What
 * `shared/processes/ingest/throughput.ts` says comes from here: `node test/bench/ingest-throughput.ts [--features 100000] [--only kml]`.
 */
const { values } = parseArgs({
  options: { features: { type: 'string', default: '100000' }, only: { type: 'string', default: '' } },
});
const count = Number(values.features);
const MB = 1e6;
const { signal } = new AbortController();

type Source = () => Promise<Uint8Array> | Uint8Array;

const features = (): BenchFeature[] => Array.from({ length: count }, (_, number) => makeFeature(number));
const lines = (head: string, line: (feature: BenchFeature) => string, separator: string, tail: string): Uint8Array =>
  Buffer.from(head + features().map(line).join(separator) + tail);
const pairs = (ring: BenchFeature['ring'], between: string, behind: string): string =>
  ring.map(([x, y]) => `${x}${between}${y}`).join(behind);

const KML = ({ id, name, cls, area, ring }: BenchFeature): string =>
  `<Placemark><name>${name}</name><ExtendedData><Data name="id"><value>${id}</value></Data><Data name="cls"><value>${cls}` +
  `</value></Data><Data name="area"><value>${area}</value></Data></ExtendedData><Polygon><outerBoundaryIs><LinearRing>` +
  `<coordinates>${pairs(ring, ',', ' ')}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>`;
const GPX = ({ name, ring }: BenchFeature): string =>
  `<trk><name>${name}</name><trkseg>${ring.map(([x, y]) => `<trkpt lon="${x}" lat="${y}"/>`).join('')}</trkseg></trk>`;
const GML = ({ id, name, cls, area, ring }: BenchFeature): string =>
  `<gml:featureMember><p gml:id="p${id}"><name>${name}</name><cls>${cls}</cls><area>${area}</area><geom><gml:Polygon ` +
  `srsName="urn:ogc:def:crs:OGC:1.3:CRS84"><gml:exterior><gml:LinearRing><gml:posList>${pairs(ring, ' ', ' ')}</gml:posList></gml:LinearRing>` +
  `</gml:exterior></gml:Polygon></geom></p></gml:featureMember>`;

const geoJson = (): Uint8Array => lines('{"type":"FeatureCollection","features":[', geoJsonFeature, ',\n', ']}');
const SOURCES: Record<string, Source> = {
  geojson: geoJson,
  'geojson-seq': () => lines('', geoJsonFeature, '\n', '\n'),
  csv: () => lines('id,name,cls,area,wkt\n', csvRow, '\n', '\n'),
  kml: () => lines('<kml xmlns="http://www.opengis.net/kml/2.2"><Document>', KML, '\n', '</Document></kml>'),
  gpx: () => lines('<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">', GPX, '\n', '</gpx>'),
  gml: () =>
    lines('<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml">', GML, '\n', '</gml:FeatureCollection>'),
  geopackage: () => inFolder((folder) => void writeGeoPackage(join(folder, 'a.gpkg'), count), 'a.gpkg'),
  shapefile: shapefileArchive,
  flatgeobuf: () => published('flatgeobuf'),
  geoparquet: () => published('geoparquet'),
};

for (const [format, make] of Object.entries(SOURCES)) {
  if (!format.includes(values.only)) continue;
  const source = await make();
  const run = await ingest(source, [...OUTPUT_FORMATS]);
  const rate = (seconds: number): string => (source.length / MB / seconds).toFixed(0).padStart(5);
  const shares = [run.blockBytes, ...OUTPUT_FORMATS.map((output) => run.outputs[output]!.length)];
  const finish = OUTPUT_FORMATS.map((output) => (run.blockBytes / MB / run.finish[output]!).toFixed(0).padStart(5));
  console.log(
    format.padEnd(12),
    `${(source.length / MB).toFixed(1)} MB`,
    `plan ${rate(run.plan)} chunks ${rate(run.chunks)} finish of blocks ${finish.join(' ')};`,
    `shares ${shares.map((bytes) => (bytes / source.length).toFixed(2)).join(' ')}`,
  );
}

const packed = gzipSync(geoJson());
const started = process.cpuUsage();
let unpacked = 0;
for await (const piece of gunzip(memoryReader(packed), { limits: CONTAINER_LIMITS })) unpacked += piece.length;
console.log(`gunzip ${(unpacked / MB / cpuSeconds(started)).toFixed(0)} MB/s`);

/** Runs a whole job in memory. */
async function ingest(bytes: Uint8Array, outputs: IngestInputs['outputs']) {
  const context: WorkContext = {
    tenant: 'bench',
    signal,
    sources: { open: async (url) => memoryReader(bytes, { url }) },
    clock: new ManualClock(),
    files: NO_FILES,
    datasets: NOTHING_PUBLISHED,
  };
  const inputs = ingestInputs.parse({ source: 's3://bench/source', sourceCrs: 'OGC:CRS84', outputs });
  let mark = process.cpuUsage();
  const plan = await planIngest(context, inputs);
  const planSeconds = cpuSeconds(mark);
  mark = process.cpuUsage();
  const datasets: FinishWork<IngestInputs, IngestDetail>['datasets'] = [];
  let blockBytes = 0;
  for (const dataset of plan.datasets) {
    const blocks: Uint8Array[] = [];
    for (let start = 0; start < dataset.units; start++) {
      const work = { inputs, dataset, ranges: [{ start, end: start + 1 }] };
      const { payload } = await runIngestChunk(context, work);
      blocks.push(payload);
      blockBytes += payload.length;
    }
    const counts = { done: dataset.units, failed: 0, skipped: 0, bytes: 0 };
    datasets.push({ plan: dataset, counts, layers: [payloadsOf(blocks)] });
  }
  const chunkSeconds = cpuSeconds(mark);
  const finishSeconds: Record<string, number> = {};
  const written: Record<string, Uint8Array> = {};
  for (const output of outputs) {
    mark = process.cpuUsage();
    const pieces: Uint8Array[] = [];
    const work = {
      inputs: { ...inputs, outputs: [output] },
      datasets,
      errorsUrl: new URL('s3://bench/errors'),
      acceptedAt: 0,
      putOutput: async (name: string) => new URL(`s3://bench/${name}`),
    };
    await finishIngest(context, { ...work, createOutput: async (name) => collectingUpload(name, pieces) });
    finishSeconds[output] = cpuSeconds(mark);
    written[output] = Buffer.concat(pieces);
  }
  return { plan: planSeconds, chunks: chunkSeconds, finish: finishSeconds, outputs: written, blockBytes };
}

function collectingUpload(name: string, pieces: Uint8Array[]): OutputUpload {
  const parts: Uint8Array[] = [];
  return {
    url: new URL(`s3://bench/${name}`),
    putPart: async (part, content) => void (parts[part] = content),
    complete: async () => void pieces.push(...parts.filter((part) => part !== undefined)),
    abort: async () => undefined,
  };
}

function payloadsOf(blocks: readonly Uint8Array[]): ChunkPayloads {
  return {
    async *stored() {
      for (const [index, block] of blocks.entries()) {
        yield {
          ranges: [{ start: index, end: index + 1 }],
          counts: { done: 1, failed: 0, skipped: 0, bytes: block.length },
          read: async (offset, length) => block.subarray(offset, offset + length),
        };
      }
    },
    async *[Symbol.asyncIterator]() {
      yield* blocks;
    },
  };
}

/** The features of the bench as an output of ours. */
async function published(output: 'flatgeobuf' | 'geoparquet'): Promise<Uint8Array> {
  const { outputs } = await ingest(geoJson(), [output]);
  return outputs[output]!;
}

async function shapefileArchive(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-bench-'));
  try {
    await writeShapefile(folder, count);
    const { readdir } = await import('node:fs/promises');
    const names = await readdir(folder);
    const parts = await Promise.all(
      names.map(async (name) => ({ name, data: await readFile(join(folder, name)), method: 0 })),
    );
    return makeZip(parts);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function inFolder(write: (folder: string) => void, name: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-bench-'));
  try {
    write(folder);
    return await readFile(join(folder, name));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}
