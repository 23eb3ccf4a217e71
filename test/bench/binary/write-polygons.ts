import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createGeoPackageTables, geometryBlob, register } from '../../helpers/make-geopackage.ts';
import { writeDbf, writeShapefile as shapefileBytes } from '../../helpers/write-shapefile.ts';

const COLUMNS = 1000;

interface Polygon {
  ring: number[][];
  name: string;
  population: number;
  share: number;
}

/** The same polygon for the same number: 5 to 17 vertices, in a grid over the world. */
function polygon(number: number): Polygon {
  const x = -179 + (358 * (number % COLUMNS)) / COLUMNS;
  const y = -80 + 0.3 * Math.floor(number / COLUMNS);
  const corners = 4 + (number % 13);
  const ring = Array.from({ length: corners }, (_, corner) => {
    const angle = (-2 * Math.PI * corner) / corners;
    const radius = 0.1 + 0.05 * ((number + corner * 7) % 3);
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  });
  return {
    ring: [...ring, ring[0]!],
    name: `Place ${number} — ${['Graz', 'Zürich', 'Łódź'][number % 3]}`,
    population: (number * 7919) % 1_000_003,
    share: ((number * 31) % 1000) / 1000,
  };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

export function writeGeoPackage(path: string, count: number): void {
  const database = new DatabaseSync(path);
  createGeoPackageTables(database);
  database.exec(
    'CREATE TABLE polygons (fid INTEGER PRIMARY KEY, geom POLYGON, name TEXT, population INTEGER, share REAL)',
  );
  register(database, 'polygons');
  database.exec('BEGIN');
  const insert = database.prepare('INSERT INTO polygons VALUES (?, ?, ?, ?, ?)');
  for (const number of numbers(count)) {
    const { ring, name, population, share } = polygon(number);
    // Writers put the extent of a polygon before it.
    const blob = geometryBlob({ type: 'Polygon', coordinates: [ring] }, { envelope: 1 });
    insert.run(number + 1, blob, name, population, share);
  }
  database.exec('COMMIT');
  database.close();
}

export async function writeShapefile(folder: string, count: number): Promise<void> {
  const all = numbers(count).map(polygon);
  const { shp, shx } = shapefileBytes(5, all.map(({ ring }) => ({ type: 5, parts: [ring] }))); // prettier-ignore
  const fields = [
    { name: 'name', type: 'C', length: 60 },
    { name: 'population', type: 'N', length: 10 },
    { name: 'share', type: 'N', length: 24, decimals: 15 },
  ];
  const rows = all.map(({ name, population, share }) => [name, String(population), share.toFixed(15)]);
  await writeFile(join(folder, 'polygons.shp'), shp);
  await writeFile(join(folder, 'polygons.shx'), shx);
  await writeFile(join(folder, 'polygons.dbf'), writeDbf(fields, rows));
  await writeFile(join(folder, 'polygons.cpg'), 'UTF-8');
}
