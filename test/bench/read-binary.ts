import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { FeatureFormat, FeatureSource } from '../../shared/geo/features/feature-format.ts';
import { geopackage } from '../../shared/geo/formats/geopackage/geopackage-format.ts';
import { shapefile } from '../../shared/geo/formats/shapefile/shapefile-format.ts';
import { Geometry } from '../../shared/geo/features/geometry.ts';
import { WkbReader } from '../../shared/geo/formats/wkb/wkb-reader.ts';
import { openFileSource } from '../../shared/sources/file-source.ts';
import { CountingSink } from '../helpers/counting-sink.ts';
import { writeGeoPackage, writeShapefile } from './binary/write-polygons.ts';

/**
 * Reads polygons from a GeoPackage and from a shapefile into a sink that counts them, beside rows of node:sqlite with their
 * geometries parsed, in turns and in one process: `node test/bench/read-binary.ts [--polygons 100000] [--rounds 5]`.
 * Prints the best round of each in features per second of CPU time, and the ratio to node:sqlite.
 */
const { values } = parseArgs({
  options: { polygons: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' } },
});
const polygons = Number(values.polygons);
const rounds = Number(values.rounds);
const MIB = 1024 * 1024;

const folder = await mkdtemp(join(tmpdir(), 'read-binary-'));
try {
  const gpkg = join(folder, 'polygons.gpkg');
  writeGeoPackage(gpkg, polygons);
  await writeShapefile(folder, polygons);
  const open = (name: string) => openFileSource(pathToFileURL(join(folder, name)));
  const companions = new Map([
    ['shx', await open('polygons.shx')],
    ['dbf', await open('polygons.dbf')],
    ['cpg', await open('polygons.cpg')],
  ]);
  const shapes: FeatureSource = { file: await open('polygons.shp'), companions };
  const pages: FeatureSource = { file: await open('polygons.gpkg') };
  const works: Record<string, () => Promise<number>> = {
    GeoPackage: () => readAll(geopackage, pages),
    Shapefile: () => readAll(shapefile, shapes),
    'node:sqlite + WKB': async () => readWithSqlite(gpkg),
  };
  const best = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      const started = process.cpuUsage();
      const features = await work();
      const { user, system } = process.cpuUsage(started);
      if (features !== polygons) throw new Error(`${name} read ${features} of ${polygons} polygons`);
      best.set(name, Math.max(best.get(name) ?? 0, features / ((user + system) / 1e6)));
    }
  }
  const peer = best.get('node:sqlite + WKB')!;
  for (const [name, perSecond] of best) {
    console.log(
      JSON.stringify({
        name,
        featuresPerSecond: Math.round(perSecond),
        ratio: Math.round((100 * perSecond) / peer) / 100,
      }),
    );
  }
} finally {
  await rm(folder, { recursive: true });
}

async function readAll<Detail>(format: FeatureFormat<Detail>, source: FeatureSource): Promise<number> {
  const { signal } = new AbortController();
  const sink = new CountingSink();
  for (const layer of await format.inspect(source, { blockBytes: 16 * MIB, name: 'polygons', signal })) {
    for (let block = 0; block < layer.blocks; block++) await format.readBlock(source, layer, block, sink, signal);
  }
  return sink.features;
}

/** What a reader over node:sqlite would do at the least: every row as an object, and its geometry parsed. */
function readWithSqlite(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const reader = new WkbReader();
  const geometry = new Geometry();
  let features = 0;
  for (const row of database.prepare('SELECT * FROM polygons').iterate()) {
    const bytes = row['geom'] as Uint8Array;
    reader.read(bytes, 40, bytes.length, geometry);
    features += Math.sign(geometry.vertices);
  }
  database.close();
  return features;
}
