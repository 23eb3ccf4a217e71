import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildFeature } from 'flatgeobuf/lib/mjs/generic/feature.js';
import { ColumnType } from 'flatgeobuf/lib/mjs/flat-geobuf/column-type.js';
import { decideSchema } from '../../shared/geo/features/decide-schema.ts';
import { FeatureBlockWriter } from '../../shared/geo/features/feature-block-writer.ts';
import {
  writeFeatures,
  type FeatureWriter,
  type FeatureWriterOptions,
} from '../../shared/geo/features/feature-writer.ts';
import type { FeatureSink } from '../../shared/geo/features/feature-sink.ts';
import { GEOMETRY_TYPES, Geometry } from '../../shared/geo/features/geometry.ts';
import { DEGREES_DOMAIN } from '../../shared/geo/features/hilbert-keys.ts';
import { mergeSummaries } from '../../shared/geo/features/merge-summaries.ts';
import type { BlockSource } from '../../shared/geo/features/open-feature-block.ts';
import { CRS84 } from '../../shared/geo/features/output-crs.ts';
import { PropertyRow } from '../../shared/geo/features/property-row.ts';
import { createFlatGeobufWriter } from '../../shared/geo/formats/flatgeobuf/write-flatgeobuf.ts';
import { createGeoJsonSeqWriter } from '../../shared/geo/formats/geojson/write-geojson-seq.ts';
import { createGeoParquetWriter } from '../../shared/geo/formats/geoparquet/write-geoparquet.ts';
import { Thumbnail } from '../../shared/geo/thumbnail/thumbnail.ts';
import type { PartSink } from '../../shared/geo/upload/part-sink.ts';

/**
 * Takes polygons from a sink to finished files and prints features per second of CPU time, bytes and the peak memory of the
 * process, beside the encoder of the package `flatgeobuf` in the same run:
 * `node test/bench/features.ts [--features 530000] [--formats flatgeobuf,geoparquet,geojson] [--thumbnail]`. Blocks lie in files:
 * storing them is not counted, reading them is. What is written is dropped. With `--thumbnail` each format is written twice more,
 * without and with one that is drawn beside it.
 */
const { values } = parseArgs({
  options: {
    features: { type: 'string', default: '530000' },
    formats: { type: 'string', default: 'flatgeobuf,geoparquet' },
    thumbnail: { type: 'boolean', default: false },
  },
});
const features = Number(values.features);
/** Features of a block: about 16 MiB of GeoJSON. */
const BLOCK_FEATURES = 37_000;
const BASELINE_FEATURES = Math.min(features, 50_000);
const WRITERS: Record<string, (options: FeatureWriterOptions) => FeatureWriter> = {
  flatgeobuf: createFlatGeobufWriter,
  geoparquet: createGeoParquetWriter,
  geojson: createGeoJsonSeqWriter,
};
/** Corners of a small circle. */
const CIRCLE = Array.from({ length: 80 }, (_, index) => ({
  x: 0.001 * Math.cos((index * Math.PI) / 40),
  y: 0.001 * Math.sin((index * Math.PI) / 40),
}));
const KINDS = ['residential', 'commercial', 'industrial', 'school', 'garage'];

const folder = await mkdtemp(join(tmpdir(), 'longhaul-features-'));
const files: string[] = [];
let blockBytes = 0;

const emptyRow = new PropertyRow();
let emptyFields = 0;
const emptySink: FeatureSink = {
  geometry: new Geometry(),
  row: emptyRow,
  field: () => emptyFields++,
  add: () => emptyRow.clear(),
  reject: () => {},
  note: () => {},
};
const filling = await timed(async () => {
  for (let first = 0; first < features; first += BLOCK_FEATURES) {
    emptyFields = 0;
    fill(emptySink, first);
  }
});
let blocks = 0;
for (let first = 0; first < features; first += BLOCK_FEATURES) {
  let block: Uint8Array = new Uint8Array(0);
  blocks += await timed(async () => {
    const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
    fill(writer, first);
    block = writer.finish();
  });
  blockBytes += block.length;
  const path = join(folder, `${files.length}.block`);
  await writeFile(path, block);
  files.push(path);
}
report('filling geometry and row, as a reader does', filling, 0);
report('blocks, without the filling', blocks - filling, blockBytes);

const handles = await Promise.all(files.map((path) => open(path)));
const sources: BlockSource[] = await Promise.all(
  handles.map(async (handle) => ({
    size: (await handle.stat()).size,
    read: async (offset, length) => {
      const bytes = Buffer.allocUnsafeSlow(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    },
  })),
);
for (const format of values.formats.split(',')) {
  let bytes = 0;
  const write = async (withThumbnail: boolean): Promise<void> => {
    const merged = await mergeSummaries(sources);
    const schema = decideSchema(merged);
    const writer = WRITERS[format]!({ sink: nullSink(), name: 'bench', crs: CRS84, merged, schema });
    const { extent } = merged.geometry;
    const thumbnail = new Thumbnail({ extent, features: merged.features, geographic: true });
    const [summary] = await writeFeatures(merged, [writer], { observers: withThumbnail ? [thumbnail] : [] });
    if (withThumbnail) thumbnail.encode();
    bytes = summary!.bytes;
  };
  const seconds = await timed(() => write(false));
  report(`merge and ${format}`, seconds, bytes);
  report(`from the sink to ${format}`, seconds + blocks - filling, bytes);
  if (values.thumbnail) {
    report(`merge and ${format} again`, await timed(() => write(false)), bytes);
    report(`merge and ${format} with a thumbnail`, await timed(() => write(true)), bytes);
  }
  console.log(`  peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`);
}
const baseline = await timed(async () => void buildWithPackage());
report('baseline: buildFeature of the package flatgeobuf', baseline, 0, BASELINE_FEATURES);
await Promise.all(handles.map((handle) => handle.close()));
await rm(folder, { recursive: true });

function nullSink(): PartSink {
  return { putPart: async () => {}, complete: async () => {}, abort: async () => {} };
}

/** CPU time of what runs, in seconds, of this process and all its threads. */
async function timed(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function report(what: string, seconds: number, bytes: number, count = features): void {
  const rate = Math.round(count / seconds).toLocaleString('en');
  const size = bytes === 0 ? '' : `, ${(bytes / 1e6).toFixed(0)} MB, ${(bytes / 1e6 / seconds).toFixed(0)} MB/s`;
  console.log(`${what}: ${rate} features/s (${seconds.toFixed(2)} s of CPU${size})`);
}

/** Gives polygons of 11 to 19 vertices, scattered over the world by a hash of their number. */
function fill(sink: FeatureSink, first: number): void {
  const [id, name, kind, area] = ['id', 'name', 'kind', 'area'].map((field) => sink.field(field));
  const { geometry, row } = sink;
  const end = Math.min(features, first + BLOCK_FEATURES);
  for (let number = first; number < end; number++) {
    const random = Math.imul(number ^ (number >>> 7), 0x9e3779b1) >>> 0;
    const vertices = 10 + (random % 9);
    const x = ((random >>> 3) / 2 ** 29) * 340 - 170;
    const y = ((Math.imul(random, 0x85ebca6b) >>> 0) / 2 ** 32) * 160 - 80;
    geometry.begin(GEOMETRY_TYPES.polygon);
    for (let vertex = 0; vertex <= vertices; vertex++) {
      const turn = CIRCLE[(vertex % vertices) * 4]!;
      geometry.addVertex(x + turn.x, y + turn.y);
    }
    geometry.endLine();
    geometry.endPolygon();
    row.integer(id!, number);
    row.text(name!, `building ${number}`);
    row.text(kind!, KINDS[random % KINDS.length]!);
    row.double(area!, random / 1000);
    sink.add({ offset: 449 * number, number });
  }
}

function buildWithPackage(): number {
  let bytes = 0;
  const columns = [
    ['id', ColumnType.Int],
    ['name', ColumnType.String],
    ['kind', ColumnType.String],
    ['area', ColumnType.Double],
  ] as const;
  const header = {
    geometryType: GEOMETRY_TYPES.polygon,
    columns: columns.map(([name, type]) => ({
      name,
      type,
      title: null,
      description: null,
      width: -1,
      precision: -1,
      scale: -1,
      nullable: true,
      unique: false,
      primary_key: false,
    })),
    envelope: null,
    featuresCount: 0,
    indexNodeSize: 0,
    crs: null,
    title: null,
    description: null,
    metadata: null,
  };
  for (let number = 0; number < BASELINE_FEATURES; number++) {
    const xy = Array.from({ length: 30 }, (_, index) => number / 1000 + CIRCLE[index]!.x);
    const properties = { id: number, name: `building ${number}`, kind: KINDS[number % 5], area: number / 1000 };
    bytes += buildFeature({ xy, type: GEOMETRY_TYPES.polygon } as never, properties, header).length;
  }
  return bytes;
}
