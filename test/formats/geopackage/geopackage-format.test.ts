import { describe, expect, it } from 'vitest';
import { geopackage } from '../../../shared/geo/formats/geopackage/geopackage-format.ts';
import { CollectingSink } from '../../helpers/collecting-sink.ts';
import {
  createGeoPackageTables,
  geometryBlob,
  makeDatabase,
  makeGeoPackage,
  register,
} from '../../helpers/make-geopackage.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { readFeatures } from '../../helpers/read-features.ts';

const POINT = geometryBlob({ type: 'Point', coordinates: [1, 2] });

const readAll = (bytes: Uint8Array, options?: Parameters<typeof readFeatures>[2]) =>
  readFeatures(geopackage, { file: memoryReader(bytes) }, options);

async function readOne(bytes: Uint8Array) {
  const [first] = await readAll(bytes);
  return { ...first!.sink, layer: first!.layer, notes: first!.sink.notes.map(({ code }) => code) };
}

describe('geopackage', () => {
  it('gives each column in the way in which it is declared', async () => {
    const columns = `fid INTEGER PRIMARY KEY, geom POINT, flag BOOLEAN, small TINYINT, big INTEGER, ratio DOUBLE, real REAL,
      name TEXT(20), data BLOB(9), day DATE, at DATETIME, code VARCHAR(3), amount DECIMAL(5,2)`;
    const values = [
      ...[7, POINT, 1, -3, 2n ** 60n, 2, 0.5, 'Łódź', Buffer.of(1, 2)],
      ...['2026-11-26', '2026-11-26T10:20:30.5Z', 'abc', 12],
    ];
    const { layer, features } = await readOne(makeGeoPackage(columns, [values]));
    expect(layer).toMatchObject({ name: 'places', crs: { kind: 'epsg', code: 4326 }, blocks: 1 });
    expect(layer.fields).toEqual([
      { name: 'fid', type: 'integer' },
      { name: 'flag', type: 'boolean' },
      { name: 'small', type: 'integer' },
      { name: 'big', type: 'integer' },
      { name: 'ratio', type: 'double' },
      { name: 'real', type: 'double' },
      { name: 'name', type: 'text' },
      { name: 'data', type: 'binary' },
      { name: 'day', type: 'date' },
      { name: 'at', type: 'date-time' },
      { name: 'code', type: 'text' },
      { name: 'amount' },
    ]);
    expect(features[0]!.geometry).toEqual({ type: 'Point', coordinates: [1, 2] });
    expect(features[0]!.properties).toEqual({
      fid: { integer: 7 },
      flag: { boolean: true },
      small: { integer: -3 },
      big: { bigInteger: 2n ** 60n },
      // SQLite stores 2.0 as the integer 2.
      ratio: { double: 2 },
      real: { double: 0.5 },
      name: { text: 'Łódź' },
      data: { binary: Uint8Array.of(1, 2) },
      day: { date: '2026-11-26' },
      at: { dateTime: '2026-11-26T10:20:30.5Z' },
      code: { text: 'abc' },
      amount: { integer: 12 },
    });
  });

  it('names no field after the column of geometries', async () => {
    const { names } = await readOne(
      makeGeoPackage('fid INTEGER PRIMARY KEY, geom POINT, name TEXT', [[1, POINT, 'a']]),
    );
    expect(names).toEqual(['fid', 'name']);
  });

  it('gives a value that is not of its declared type as what it is', async () => {
    const columns = 'fid INTEGER PRIMARY KEY, geom POINT, flag BOOLEAN, n INTEGER, day DATE, at DATETIME, name TEXT';
    const rows = [
      [1, null, 2, 'many', '2026-02-30', '2026-11-26 10:20', Buffer.of(9)],
      [2, null, 'yes', 1.5, 2026, 0.25, null],
    ];
    const { features, notes } = await readOne(makeGeoPackage(columns, rows));
    expect(features.map(({ properties }) => properties)).toEqual([
      {
        fid: { integer: 1 },
        flag: { integer: 2 },
        n: { text: 'many' },
        day: { text: '2026-02-30' },
        at: { dateTime: '2026-11-26T10:20' },
        name: { binary: Uint8Array.of(9) },
      },
      { fid: { integer: 2 }, flag: { text: 'yes' }, n: { double: 1.5 }, day: { integer: 2026 }, at: { double: 0.25 } },
    ]);
    expect(notes).toEqual(['date-invalid']);
  });

  it('reads null and empty geometries, and those with envelopes of every kind', async () => {
    const line = { type: 'LineString' as const, coordinates: [[1, 2, 3], [4, 5, 6]] }; // prettier-ignore
    const blobs = [
      null,
      geometryBlob({ type: 'Polygon', coordinates: [] }),
      ...[0, 1, 2, 3, 4].map((envelope) =>
        geometryBlob(line, { dimensions: 'xyz', envelope, littleEndian: envelope % 2 === 0 }),
      ),
    ];
    const { features } = await readOne(
      makeGeoPackage('fid INTEGER PRIMARY KEY, geom GEOMETRY', blobs.map((blob, index) => [index, blob])), // prettier-ignore
    );
    expect(features.map(({ geometry }) => geometry)).toEqual([
      null,
      { type: 'Polygon', coordinates: [] },
      ...Array.from({ length: 5 }, () => line),
    ]);
  });

  it('rejects a feature that cannot be read, says what could be read of it, and reads the next', async () => {
    const bad: [string, Buffer][] = [
      ['geopackage-geometry-invalid', Buffer.from('not a geometry')],
      ['geopackage-geometry-invalid', Buffer.of(0x47, 0x50)],
      ['geopackage-geometry-invalid', Buffer.concat([POINT.subarray(0, 2), Buffer.of(1), POINT.subarray(3)])],
      ['geopackage-geometry-invalid', geometryBlob({ type: 'Point', coordinates: [1, 2] }, { envelope: 5 })],
      ['geopackage-geometry-extended', geometryBlob({ type: 'Point', coordinates: [1, 2] }, { extended: true })],
      ['wkb-truncated', POINT.subarray(0, -1)],
    ];
    const rows = [
      ...bad.map(([, blob], index) => [index + 1, blob, `place ${index}`, 2n ** 60n]),
      [99, POINT, 'good', 1],
    ];
    const bytes = makeGeoPackage('fid INTEGER PRIMARY KEY, geom POINT, name TEXT, n INTEGER', rows);
    const { features, rejects } = await readOne(bytes);
    expect(rejects.map(({ problem }) => problem.code)).toEqual(bad.map(([code]) => code));
    expect(rejects[0]).toMatchObject({
      place: { number: 0 },
      source: { properties: { fid: 1, name: 'place 0', n: '1152921504606846976' } },
    });
    expect(features.map(({ properties, place }) => [properties['fid'], place.number])).toEqual([
      [{ integer: 99 }, bad.length],
    ]);
    const { offset } = features[0]!.place;
    expect(Buffer.from(bytes.subarray(offset, offset + 200)).toString('latin1')).toContain('good');
  });

  it('notes a geometry that names another reference system, and bytes behind one', async () => {
    const other = geometryBlob({ type: 'Point', coordinates: [1, 2] }, { srsId: 3857 });
    const longer = Buffer.concat([POINT, Buffer.of(0)]);
    const bytes = makeGeoPackage('fid INTEGER PRIMARY KEY, geom POINT', [[1, other], [2, longer]]); // prettier-ignore
    expect((await readOne(bytes)).notes).toEqual(['geopackage-geometry-srs-differs', 'wkb-trailing-bytes']);
  });

  it('reads all layers, tables of attributes without geometry among them, and tells what it leaves out', async () => {
    const bytes = makeDatabase((database) => {
      createGeoPackageTables(database);
      database.exec(`
        CREATE TABLE Roads (id INTEGER PRIMARY KEY, shape LINESTRING);
        CREATE TABLE codes (id INTEGER PRIMARY KEY, code TEXT);
        CREATE TABLE secret (x);
        CREATE TABLE tiles (id INTEGER PRIMARY KEY);
        CREATE VIEW seen AS SELECT * FROM Roads;
        INSERT INTO codes VALUES (1, 'a');`);
      register(database, 'roads', { column: 'SHAPE', srsId: 100_001 });
      register(database, 'codes', { type: 'attributes', srsId: null });
      register(database, 'tiles', { type: 'tiles' });
      register(database, 'seen');
      register(database, 'gone');
    });
    const layers = await readAll(bytes);
    expect(layers.map(({ layer: { name, crs, blocks } }) => ({ name, crs, blocks }))).toEqual([
      { name: 'roads', crs: { kind: 'wkt', text: 'LOCAL_CS["mine"]' }, blocks: 1 },
      { name: 'codes', crs: undefined, blocks: 1 },
      { name: 'seen', crs: undefined, blocks: 1 },
      { name: 'gone', crs: undefined, blocks: 1 },
    ]);
    expect(layers[0]!.layer.notes).toEqual([
      'Tables that are neither features nor attributes were left out: tiles (tiles).',
      'Tables that are not in gpkg_contents were left out: secret.',
    ]);
    expect(layers[1]!.sink.features).toMatchObject([{ geometry: null, properties: { code: { text: 'a' } } }]);
    expect(layers[2]!.layer.notes).toEqual(['The table seen is a view: it has no rows that could be read.']);
    expect(layers[2]!.sink.notes.map(({ code }) => code)).toEqual(['geopackage-table-unread']);
    expect(layers[3]!.layer.notes).toEqual(['The table gone is not in the file: it has no rows that could be read.']);
  });

  it.each([
    [-1, undefined],
    [0, undefined],
    [4326, { kind: 'epsg', code: 4326 }],
    [100_001, { kind: 'wkt', text: 'LOCAL_CS["mine"]' }],
    [5, undefined],
  ])('takes the reference system %d for %j', async (srsId, crs) => {
    const bytes = makeDatabase((database) => {
      createGeoPackageTables(database);
      database.exec('CREATE TABLE t (fid INTEGER PRIMARY KEY, geom POINT)');
      register(database, 't', { srsId });
    });
    expect((await readOne(bytes)).layer.crs).toEqual(crs);
  });

  it('takes the reference systems −1 and 0 for undefined, whatever the file says of them', async () => {
    const after =
      "UPDATE gpkg_spatial_ref_sys SET organization = 'EPSG', organization_coordsys_id = 4326 WHERE srs_id < 1;";
    for (const srsId of [-1, 0]) {
      const bytes = makeDatabase((database) => {
        createGeoPackageTables(database);
        database.exec(`${after} CREATE TABLE t (fid INTEGER PRIMARY KEY, geom POINT)`);
        register(database, 't', { srsId });
      });
      expect((await readOne(bytes)).layer.crs).toBeUndefined();
    }
  });

  it('fills rows that are older than a column with its default', async () => {
    const after = `
      ALTER TABLE places ADD COLUMN n INTEGER DEFAULT 5;
      ALTER TABLE places ADD COLUMN r REAL DEFAULT 2;
      ALTER TABLE places ADD COLUMN t TEXT DEFAULT 'x';
      ALTER TABLE places ADD COLUMN b BLOB DEFAULT x'01';
      ALTER TABLE places ADD COLUMN d DATE DEFAULT '2026-01-02';
      ALTER TABLE places ADD COLUMN f BOOLEAN DEFAULT TRUE;
      ALTER TABLE places ADD COLUMN o TEXT;
      INSERT INTO places (fid, n) VALUES (2, 9);`;
    const { features } = await readOne(makeGeoPackage('fid INTEGER PRIMARY KEY, geom POINT', [[1, POINT]], { after }));
    const defaults = {
      ...{ r: { double: 2 }, t: { text: 'x' }, b: { binary: Uint8Array.of(1) }, d: { date: '2026-01-02' } },
      f: { boolean: true },
    };
    expect(features.map(({ properties }) => properties)).toEqual([
      { fid: { integer: 1 }, n: { integer: 5 }, ...defaults },
      { fid: { integer: 2 }, n: { integer: 9 }, ...defaults },
    ]);
  });

  it('reads stored generated columns as they are stored, and says that virtual ones are left out', async () => {
    const columns = 'fid INTEGER PRIMARY KEY, v INT AS (fid + 1), geom POINT, s INT AS (fid * 2) STORED, name TEXT';
    const after = "INSERT INTO places (fid, geom, name) VALUES (4, x'" + POINT.toString('hex') + "', 'n')";
    const { layer, features } = await readOne(makeGeoPackage(columns, [], { after }));
    expect(features[0]).toMatchObject({
      geometry: { type: 'Point' },
      properties: { fid: { integer: 4 }, s: { integer: 8 }, name: { text: 'n' } },
    });
    expect(layer.notes).toEqual(['Columns that are computed by an expression and not stored were left out: v.']);
  });

  it('takes titles of columns and the number of features where the file tells them', async () => {
    const after = `
      CREATE TABLE gpkg_data_columns (table_name TEXT, column_name TEXT, name TEXT, title TEXT);
      INSERT INTO gpkg_data_columns VALUES ('places', 'n', 'number', 'Number of things');
      CREATE TABLE gpkg_ogr_contents (table_name TEXT PRIMARY KEY, feature_count INTEGER);
      INSERT INTO gpkg_ogr_contents VALUES ('places', 12);`;
    const { layer } = await readOne(makeGeoPackage('fid INTEGER PRIMARY KEY, geom POINT, n INT', [], { after }));
    expect(layer.features).toBe(12);
    expect(layer.fields).toContainEqual({ name: 'n', type: 'integer', title: 'Number of things' });
  });

  it('notes texts that are not in the encoding of their file', async () => {
    const after = "INSERT INTO places VALUES (1, NULL, CAST(x'41ff42' AS TEXT))";
    const { features, notes } = await readOne(
      makeGeoPackage('fid INTEGER PRIMARY KEY, geom POINT, name TEXT', [], { after }),
    );
    expect(features[0]!.properties['name']).toEqual({ text: 'A\ufffdB' });
    expect(notes).toEqual(['text-encoding-invalid']);
  });

  it('notes another application id, and a file in write-ahead mode', async () => {
    const bytes = makeGeoPackage('fid INTEGER PRIMARY KEY, geom POINT', [], { after: 'PRAGMA application_id = 0' });
    bytes[18] = bytes[19] = 2;
    const { layer } = await readOne(bytes);
    expect(layer.notes).toEqual([
      expect.stringContaining('application id'),
      expect.stringContaining('write-ahead mode'),
    ]);
  });

  describe('with 20,000 rows', () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => [index + 1, POINT, `place ${index}`]);
    const bytes = makeGeoPackage('fid INTEGER PRIMARY KEY, geom POINT, name TEXT', rows);

    it.each([16 * 1024, 100_000, 400_000])(
      'cuts blocks of about %d bytes, which have all rows once',
      async (blockBytes) => {
        const [read] = await readAll(bytes, { blockBytes });
        const { layer, sink } = read!;
        const tableBytes = bytes.length;
        expect(layer.blocks).toBeGreaterThanOrEqual(Math.floor(tableBytes / blockBytes / 1.5));
        expect(layer.blocks).toBeLessThanOrEqual(Math.ceil((1.5 * tableBytes) / blockBytes));
        expect(sink.features.map(({ properties }) => properties['fid'])).toEqual(
          rows.map(([fid]) => ({ integer: fid })),
        );
      },
    );

    it('reads the file once from end to end in few reads, and of its blocks no more than their own bytes', async () => {
      const whole = memoryReader(bytes);
      await readFeatures(geopackage, { file: whole }, { blockBytes: 10 * bytes.length });
      // The header, what inspect looks at, and the table in reads that become longer.
      expect(whole.reads.length).toBeLessThanOrEqual(24);
      const cut = memoryReader(bytes);
      const { signal } = new AbortController();
      const [layer] = await geopackage.inspect({ file: cut }, { blockBytes: 200_000, name: 'x', signal });
      const before = cut.reads.length;
      await geopackage.readBlock({ file: cut }, layer!, 2, new CollectingSink(), signal);
      const sum = cut.reads.slice(before).reduce((bytesRead, { length }) => bytesRead + length, 0);
      expect(sum).toBeLessThanOrEqual(900_000);
    });
  });
});
