import {
  createGeoPackageTables,
  geometryBlob,
  makeDatabase,
  makeGeoPackage,
  register,
} from '../../../helpers/make-geopackage.ts';
import { broken, harmless, nothingUsed, refused, without, type Attack } from '../attack.ts';
import { TOLERANT } from './good-files.ts';

const COLUMNS = 'fid INTEGER PRIMARY KEY, geom POINT, name TEXT';
const POINT = geometryBlob({ type: 'Point', coordinates: [1, 2] });
const PAGE = 4096;

const good = (rows = 3): Uint8Array<ArrayBuffer> =>
  makeGeoPackage(
    COLUMNS,
    Array.from({ length: rows }, (_, index) => [index + 1, POINT, `place ${index}`]),
  );

/** With SQL that is never run, or would do harm to the process that did. */
const withSql = (sql: string, ...layers: string[]): Uint8Array =>
  makeDatabase((database) => {
    database.function('harm', { deterministic: true }, () => 1);
    createGeoPackageTables(database);
    database.exec(`CREATE TABLE places (${COLUMNS}); INSERT INTO places VALUES (1, NULL, 'a'); ${sql}`);
    for (const layer of ['places', ...layers]) register(database, layer);
  });

/** With the schema's row of the table changed past what SQL allows. */
const withSchema = (assignment: string): Uint8Array =>
  makeDatabase((database) => {
    createGeoPackageTables(database);
    database.exec(`CREATE TABLE places (${COLUMNS})`);
    register(database, 'places');
    database.enableDefensive(false);
    database.exec(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET ${assignment} WHERE name = 'places'`);
  });

const changed = (bytes: Uint8Array<ArrayBuffer>, change: (view: DataView) => void): Uint8Array => {
  change(new DataView(bytes.buffer));
  return bytes;
};

/** One good row of three, and two with something else for their geometry. */
const geometries = (bytes: Buffer): Uint8Array =>
  makeGeoPackage(COLUMNS, [
    [1, POINT, 'a'],
    [2, bytes, 'b'],
    [3, POINT, 'c'],
  ]);

export const GEOPACKAGE_ATTACKS: Attack[] = [
  {
    what: 'triggers',
    file: () => withSql('CREATE TRIGGER t AFTER INSERT ON places BEGIN DELETE FROM places; SELECT harm(); END'),
    end: harmless(1),
  },
  {
    what: 'a view without an end for a layer',
    file: () =>
      withSql(
        'CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT harm() UNION ALL SELECT x + 1 FROM c) SELECT x FROM c',
        'v',
      ),
    end: harmless(1),
  },
  {
    what: 'nothing but a view',
    file: () =>
      makeDatabase((database) => {
        createGeoPackageTables(database);
        database.exec('CREATE VIEW v AS SELECT 1 AS geom');
        register(database, 'v');
      }),
    end: harmless(0),
  },
  {
    what: 'a virtual table for a layer',
    file: () => withSql('CREATE VIRTUAL TABLE r USING rtree (id, minx, maxx, miny, maxy)', 'r'),
    end: harmless(1),
  },
  {
    what: 'generated columns, checks, defaults and indexes of functions',
    file: () =>
      makeDatabase((database) => {
        database.function('harm', { deterministic: true }, () => 1);
        createGeoPackageTables(database);
        database.exec(`
          CREATE TABLE places (fid INTEGER PRIMARY KEY CHECK (harm() = 1), geom POINT, name TEXT DEFAULT (harm()),
            made INT AS (harm()) VIRTUAL, kept INT AS (harm() + fid) STORED);
          CREATE INDEX i ON places (harm(), name);
          INSERT INTO places (fid) VALUES (1), (2);`);
        register(database, 'places');
      }),
    end: harmless(2),
  },
  {
    what: 'extensions that want to be loaded',
    file: () =>
      withSql(`CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT, definition TEXT, scope TEXT);
        INSERT INTO gpkg_extensions VALUES ('places', 'geom', 'evil', 'load_extension(''/tmp/x.so'')', 'read-write')`),
    end: harmless(1),
  },
  {
    what: 'geometries of an extension',
    file: () => geometries(geometryBlob({ type: 'Point', coordinates: [1, 2] }, { extended: true })),
    inputs: TOLERANT,
    end: without(['geopackage-geometry-extended'], 2),
  },
  {
    what: 'geometries that are cut off',
    file: () => geometries(POINT.subarray(0, -1)),
    inputs: TOLERANT,
    end: without(['wkb-truncated'], 2),
  },
  {
    what: 'geometries without their head',
    file: () => geometries(Buffer.from('nonsense')),
    inputs: TOLERANT,
    end: without(['geopackage-geometry-invalid'], 2),
  },
  {
    what: 'another application id',
    file: () => changed(good(), (view) => view.setUint32(68, 0x0badcafe)),
    end: harmless(3),
  },
  {
    what: 'the application id, and no tables of the standard',
    file: () => makeDatabase((database) => database.exec('PRAGMA application_id = 0x47504B47; CREATE TABLE a (b)')),
    end: refused('not-a-geopackage'),
  },
  {
    what: 'a database of something else',
    file: () => makeDatabase((database) => database.exec('CREATE TABLE a (b)')),
    end: refused('not-a-geopackage'),
  },
  { what: 'no layers', file: () => makeDatabase(createGeoPackageTables), end: refused('geopackage-no-layers') },
  {
    what: 'a layer that is not in the file',
    file: () =>
      makeDatabase((database) => {
        createGeoPackageTables(database);
        register(database, 'gone');
      }),
    end: harmless(0),
  },
  {
    what: 'ten thousand layers',
    file: () =>
      makeDatabase((database) => {
        createGeoPackageTables(database);
        database.exec('BEGIN');
        for (let index = 0; index < 10_001; index++) register(database, `t${index}`, { type: 'attributes' });
        database.exec('COMMIT');
      }),
    end: refused('geopackage-too-many-layers'),
  },
  {
    what: 'sixty layers',
    file: () =>
      makeDatabase((database) => {
        createGeoPackageTables(database);
        for (let index = 0; index < 60; index++) register(database, `t${index}`, { type: 'attributes' });
      }),
    end: refused('too-many-layers'),
  },
  {
    what: 'pages of no bytes',
    file: () => changed(good(), (view) => view.setUint16(16, 0)),
    end: refused('sqlite-header-corrupt'),
  },
  {
    what: '4 × 10⁹ pages',
    file: () => changed(good(), (view) => view.setUint32(28, 2 ** 32 - 1)),
    end: refused('sqlite-truncated'),
  },
  {
    what: '60,000 cells on its first page',
    file: () => changed(good(), (view) => view.setUint16(103, 60_000)),
    end: refused('sqlite-page-corrupt'),
  },
  {
    what: 'a page that leads to itself',
    file: () => {
      const bytes = good(3000);
      const page = pageOf(bytes, 5);
      return changed(bytes, (view) => view.setUint32((page - 1) * PAGE + 8, page));
    },
    end: broken('sqlite-page-loop'),
  },
  {
    what: 'a table on a page that is not there',
    file: () => withSchema('rootpage = 123456'),
    end: refused('sqlite-page-out-of-range'),
  },
  {
    what: 'a definition that is none',
    file: () => withSchema("sql = 'CREATE TABLE places AS nonsense'"),
    end: refused('sqlite-schema-unreadable'),
  },
  {
    what: 'a definition that is ten thousand levels deep',
    file: () => withSchema(`sql = 'CREATE TABLE places (a INT DEFAULT ${'('.repeat(10_000)}1${')'.repeat(10_000)})'`),
    end: harmless(0),
  },
  {
    what: 'columns named like members of objects',
    file: () =>
      makeGeoPackage('fid INTEGER PRIMARY KEY, geom POINT, "__proto__" TEXT, "constructor" TEXT', [
        [1, POINT, 'a', 'b'],
      ]),
    end: harmless(1),
  },
  {
    what: 'a CRS that nobody knows',
    file: () =>
      makeGeoPackage(COLUMNS, [[1, POINT, 'a']], { after: 'UPDATE gpkg_geometry_columns SET srs_id = 100001' }),
    end: refused('crs-unknown'),
  },
  {
    what: 'a layer of no CRS',
    file: () => makeGeoPackage(COLUMNS, [[1, POINT, 'a']], { after: 'UPDATE gpkg_geometry_columns SET srs_id = 0' }),
    end: refused('crs-missing'),
  },
  {
    what: 'no row that can be used',
    file: () => makeGeoPackage(COLUMNS, [[1, Buffer.from('GP'), 'a']]),
    inputs: TOLERANT,
    end: nothingUsed('geopackage-geometry-invalid'),
  },
];

/** The first page of a kind. */
function pageOf(bytes: Uint8Array, kind: number): number {
  for (let page = 2; page * PAGE <= bytes.length; page++) if (bytes[(page - 1) * PAGE] === kind) return page;
  throw new Error(`no page is of kind ${kind}`);
}
