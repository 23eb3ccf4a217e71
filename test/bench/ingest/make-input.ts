import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { makeZip } from '../../helpers/make-zip.ts';
import { writeGeoPackage, writeShapefile } from '../binary/write-polygons.ts';
import { csvTexts, geoJsonTexts } from '../text/make-features.ts';
import { makePolygons } from '../xml/make-polygons.ts';

const MANY = 530_000;
const SOME = 100_000;
/** Raised when an input becomes another, so that an old one is not taken for it. */
const VERSION = 1;
const STORED = 0;
const SHAPEFILE_EXTENSIONS = ['shp', 'shx', 'dbf', 'cpg', 'prj'];
const WGS84 =
  'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]';

/** Inputs that the bench makes, the same bytes each time. */
const MAKERS = {
  'polygons.geojson': (path: string) => writeTexts(path, geoJsonTexts(MANY)),
  'polygons.csv': (path: string) => writeTexts(path, csvTexts(SOME)),
  'polygons.kml': (path: string) => writeTexts(path, makePolygons(SOME)),
  'polygons.gpkg': async (path: string) => writeGeoPackage(path, SOME),
  'polygons.zip': (path: string) => writeShapefileArchive(path, SOME),
  'many-polygons.gpkg': async (path: string) => writeGeoPackage(path, MANY),
  'many-polygons.zip': (path: string) => writeShapefileArchive(path, MANY),
};
export type InputName = keyof typeof MAKERS;

export interface BenchInput {
  path: string;
  /** What the peer reads: the members of an archive lie beside it. */
  peerPath: string;
  bytes: number;
}

/** Makes an input unless an earlier run has. @param folder that all inputs lie in; it ends in `/` */
export async function makeInput(name: InputName, folder: URL): Promise<BenchInput> {
  const home = new URL(`${VERSION}/`, folder);
  await mkdir(home, { recursive: true });
  const path = new URL(name, home).pathname;
  if ((await stat(path).catch(() => undefined)) === undefined) {
    console.error(`making ${name} …`);
    const unfinished = `${path}.part`;
    await rm(unfinished, { force: true });
    await MAKERS[name](unfinished);
    await rename(unfinished, path);
  }
  const { size } = await stat(path);
  return { path, peerPath: name.endsWith('.zip') ? join(looseFolder(path), 'polygons.shp') : path, bytes: size };
}

async function writeTexts(path: string, texts: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(texts), createWriteStream(path));
}

/** A shapefile, and an archive that stores it without compression: neither program has to unpack anything. */
async function writeShapefileArchive(path: string, polygons: number): Promise<void> {
  const folder = looseFolder(path);
  await mkdir(folder, { recursive: true });
  await writeShapefile(folder, polygons);
  await writeFile(join(folder, 'polygons.prj'), WGS84);
  const parts = await Promise.all(
    SHAPEFILE_EXTENSIONS.map(async (extension) => {
      const name = `polygons.${extension}`;
      return { name, data: await readFile(join(folder, name)), method: STORED };
    }),
  );
  await writeFile(path, makeZip(parts));
}

/** Members of an archive, which gets its name when it is whole. */
const looseFolder = (archive: string): string => archive.replace(/\.zip(\.part)?$/, '');
