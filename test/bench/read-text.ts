import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import Papa from 'papaparse';
import type { FeatureFormat } from '../../shared/geo/features/feature-format.ts';
import { csvFormat } from '../../shared/geo/formats/csv/csv-format.ts';
import { geoJsonFormat } from '../../shared/geo/formats/geojson/geojson-format.ts';
import { geoJsonSeqFormat } from '../../shared/geo/formats/geojson-seq/geojson-seq-format.ts';
import { openFileSource } from '../../shared/sources/file-source.ts';
import { CountingSink } from '../helpers/counting-sink.ts';

/**
 * Reads the files that `text/make-inputs.ts` writes into a sink that counts, beside what a library does with the same
 * files, and prints megabytes (10⁶) per second of CPU time: `node test/bench/read-text.ts --folder <folder> [--only csv]`.
 */
const { values } = parseArgs({ options: { folder: { type: 'string' }, only: { type: 'string', default: '' } } });
if (values.folder === undefined) throw new Error('Name the folder of the inputs: --folder <folder>.');
const { folder } = values;
const BLOCK_BYTES = 8 * 2 ** 20;
const MB = 1e6;
const { signal } = new AbortController();

interface Work {
  name: string;
  file: string;
  /** What was done, in figures that two of the same input share. */
  run: (file: string) => Promise<Record<string, number>>;
}

const works: Work[] = [
  { name: 'geojson: inspect', file: 'polygons.geojson', run: (file) => inspect(geoJsonFormat, file) },
  { name: 'geojson: inspect and read', file: 'polygons.geojson', run: (file) => read(geoJsonFormat, file) },
  { name: 'geojson-seq: inspect and read', file: 'polygons.geojsonl', run: (file) => read(geoJsonSeqFormat, file) },
  { name: 'JSON.parse of each line', file: 'polygons.geojsonl', run: parseLines },
  { name: 'csv: inspect', file: 'polygons.csv', run: (file) => inspect(csvFormat, file) },
  { name: 'csv: inspect and read, with WKT', file: 'polygons.csv', run: (file) => read(csvFormat, file) },
  { name: 'papaparse, without WKT', file: 'polygons.csv', run: parseRows },
];

console.log('work'.padEnd(34), 'MB/s CPU', 'MB/s', 'peak MiB so far', 'what');
for (const { name, file, run } of works.filter((work) => work.name.includes(values.only))) {
  const location = path.join(folder, file);
  const { size } = await stat(location);
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const what = await run(location);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - startedAt) / 1000;
  const rates = [size / (user + system), size / MB / seconds].map((rate) => rate.toFixed(0).padStart(8));
  console.log(name.padEnd(34), ...rates, String(await peakMebibytes()).padStart(8), JSON.stringify(what));
}

async function inspect<Detail>(format: FeatureFormat<Detail>, location: string): Promise<Record<string, number>> {
  const file = await openFileSource(pathToFileURL(location));
  const [layer] = await format.inspect({ file }, { blockBytes: BLOCK_BYTES, name: 'bench', signal });
  return { blocks: layer!.blocks };
}

async function read<Detail>(format: FeatureFormat<Detail>, location: string): Promise<Record<string, number>> {
  const file = await openFileSource(pathToFileURL(location));
  const [layer] = await format.inspect({ file }, { blockBytes: BLOCK_BYTES, name: 'bench', signal });
  const sink = new CountingSink();
  for (let block = 0; block < layer!.blocks; block++) await format.readBlock({ file }, layer!, block, sink, signal);
  const { features, vertices, rejects } = sink;
  return { features, vertices, rejects };
}

async function parseLines(location: string): Promise<Record<string, number>> {
  let features = 0;
  let vertices = 0;
  for await (const line of createInterface({ input: createReadStream(location), crlfDelay: Infinity })) {
    const feature = JSON.parse(line) as { geometry: { coordinates: unknown[][] } };
    features += 1;
    vertices += feature.geometry.coordinates[0]!.length;
  }
  return { features, vertices };
}

/** Papa Parse over slices of the text: its reading of streams is slower, and a string cannot hold every file. */
async function parseRows(location: string): Promise<Record<string, number>> {
  const SLICE_BYTES = 32 * 2 ** 20;
  const bytes = await readFile(location);
  let rows = 0;
  for (let start = 0; start < bytes.length;) {
    const end = Math.min(bytes.length, bytes.indexOf('\n', Math.min(start + SLICE_BYTES, bytes.length - 1)) + 1);
    rows += Papa.parse(bytes.toString('utf8', start, end), { delimiter: ',', newline: '\n', skipEmptyLines: true }).data
      .length;
    start = end;
  }
  return { rows: rows - 1 };
}

/** Peak resident memory of this process: `VmHWM` on Linux, the current value elsewhere. */
async function peakMebibytes(): Promise<number> {
  const status = process.platform === 'linux' ? await readFile('/proc/self/status', 'utf8') : '';
  const kibibytes = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? process.memoryUsage().rss / 1024);
  return Math.round(kibibytes / 1024);
}
