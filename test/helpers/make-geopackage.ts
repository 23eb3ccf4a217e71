import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { writeWkb, type PlainGeometry, type WkbOptions } from './write-wkb.ts';

/** Bytes of a database that SQL has made. */
export function makeDatabase(build: (database: DatabaseSync) => void): Uint8Array<ArrayBuffer> {
  const database = new DatabaseSync(':memory:');
  build(database);
  const bytes = Uint8Array.from(database.serialize());
  database.close();
  return bytes;
}

/** The tables of the standard (OGC 12-128r19, annex C) with EPSG:4326 in them. */
export function createGeoPackageTables(database: DatabaseSync): void {
  database.exec(`
    PRAGMA application_id = 0x47504B47;
    PRAGMA user_version = 10300;
    CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
      organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
    INSERT INTO gpkg_spatial_ref_sys VALUES
      ('Undefined Cartesian', -1, 'NONE', -1, 'undefined', NULL), ('Undefined', 0, 'NONE', 0, 'undefined', NULL),
      ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84"]', NULL), ('Mine', 100001, 'ME', 1, 'LOCAL_CS["mine"]', NULL);
    CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
      description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
      min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
    CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
      geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
      CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name));`);
}

export interface Registration {
  type?: string;
  srsId?: number | null;
  column?: string;
}

/** Lists a table in gpkg_contents, and its column `geom` if it has features. */
export function register(
  database: DatabaseSync,
  table: string,
  { type = 'features', srsId = 4326, column = 'geom' }: Registration = {},
): void {
  const contents = database.prepare('INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES (?, ?, ?)');
  contents.run(table, type, srsId);
  if (type !== 'features') return;
  const geometry = database.prepare("INSERT INTO gpkg_geometry_columns VALUES (?, ?, 'GEOMETRY', ?, 2, 2)");
  geometry.run(table, column, srsId);
}

/** A GeoPackage with one table \`places\`, made and filled by SQL. */
export function makeGeoPackage(
  columns: string,
  rows: readonly (readonly SQLInputValue[])[],
  { before = '', after = '' } = {},
): Uint8Array<ArrayBuffer> {
  return makeDatabase((database) => {
    database.exec(before);
    createGeoPackageTables(database);
    database.exec(`CREATE TABLE places (${columns})`);
    register(database, 'places');
    for (const row of rows) {
      database.prepare(`INSERT INTO places VALUES (${row.map(() => '?').join(',')})`).run(...row);
    }
    database.exec(after);
  });
}

export interface GeoPackageGeometryOptions extends WkbOptions {
  srsId?: number;
  /** Code of the envelope, whose numbers are left at 0. */
  envelope?: number;
  extended?: boolean;
}

/** A geometry as a GeoPackage stores it (OGC 12-128r19, 2.1.3). */
export function geometryBlob(geometry: PlainGeometry, options: GeoPackageGeometryOptions = {}): Buffer {
  const { srsId = 4326, envelope = 0, extended = false, littleEndian = true } = options;
  const head = Buffer.alloc(8 + [0, 32, 48, 48, 64, 0, 0, 0][envelope]!);
  head.write('GP', 'latin1');
  head[3] = (littleEndian ? 1 : 0) | (envelope << 1) | (extended ? 0x20 : 0);
  if (littleEndian) head.writeInt32LE(srsId, 4);
  else head.writeInt32BE(srsId, 4);
  return Buffer.concat([head, writeWkb(geometry, options)]);
}
