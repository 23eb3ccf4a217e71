import { describe, expect, it } from 'vitest';
import { geopackage } from '../../../shared/geo/formats/geopackage/geopackage-format.ts';
import {
  createGeoPackageTables,
  geometryBlob,
  makeDatabase,
  makeGeoPackage,
  register,
} from '../../helpers/make-geopackage.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { readFeatures } from '../../helpers/read-features.ts';
import { reading } from '../corpus/fuzz.ts';

const COLUMNS = 'fid INTEGER PRIMARY KEY, geom POINT, name TEXT';
const POINT = geometryBlob({ type: 'Point', coordinates: [1, 2] });
const rows = (count: number) => Array.from({ length: count }, (_, index) => [index + 1, POINT, `place ${index}`]);

const read = (bytes: Uint8Array) => readFeatures(geopackage, { file: memoryReader(bytes) }, { blockBytes: 50_000 });

async function refusal(bytes: Uint8Array): Promise<string | undefined> {
  const result = await reading(() => read(bytes));
  return 'refused' in result ? result.refused.code : undefined;
}

/** Root of the table, as reading the sound file finds it. */
async function rootOf(bytes: Uint8Array): Promise<number> {
  const [first] = await read(bytes);
  const { detail } = first!.layer;
  return detail.kind === 'table' ? detail.root : 0;
}

describe('a GeoPackage that is no sound file', () => {
  const sound = makeGeoPackage(COLUMNS, rows(3000));
  const changed = (change: (view: DataView) => void) => {
    const bytes = sound.slice();
    change(new DataView(bytes.buffer));
    return bytes;
  };

  it.each<[string, () => Uint8Array, string]>([
    ['nothing', () => new Uint8Array(0), 'not-a-geopackage'],
    ['text', () => Buffer.from('SQLite format 2\0 and more'), 'not-a-geopackage'],
    [
      'noise, as an encrypted one is',
      () => Uint8Array.from({ length: 4096 }, (_, at) => (at * 89) % 256),
      'not-a-geopackage',
    ],
    ['its header alone', () => sound.slice(0, 60), 'sqlite-truncated'],
    [
      'a SQLite database of another kind',
      () => makeDatabase((database) => database.exec('CREATE TABLE t (a)')),
      'not-a-geopackage',
    ],
    ['one without layers', () => makeDatabase(createGeoPackageTables), 'geopackage-no-layers'],
    ['pages of 0 bytes', () => changed((view) => view.setUint16(16, 0)), 'sqlite-header-corrupt'],
    ['pages of 1000 bytes', () => changed((view) => view.setUint16(16, 1000)), 'sqlite-header-corrupt'],
    ['pages of which nothing can be used', () => makePagesOf512(), 'sqlite-header-corrupt'],
    ['a version for reading of 3', () => changed((view) => view.setUint8(19, 3)), 'sqlite-header-corrupt'],
    ['another payload fraction', () => changed((view) => view.setUint8(21, 65)), 'sqlite-header-corrupt'],
    ['text encoding 4', () => changed((view) => view.setUint32(56, 4)), 'sqlite-header-corrupt'],
    ['4 × 10⁹ pages', () => changed((view) => view.setUint32(28, 2 ** 32 - 1)), 'sqlite-truncated'],
    ['a schema on a page of an index', () => changed((view) => view.setUint8(100, 0x0a)), 'sqlite-page-corrupt'],
    ['a schema on a page of no kind', () => changed((view) => view.setUint8(100, 0)), 'sqlite-page-corrupt'],
    ['60,000 cells on its first page', () => changed((view) => view.setUint16(103, 60_000)), 'sqlite-page-corrupt'],
    ['a table WITHOUT ROWID', () => withoutRowid(), 'sqlite-without-rowid'],
    [
      'a definition of a table that is none',
      () => withSchema("sql = 'CREATE TABLE places AS nonsense'"),
      'sqlite-schema-unreadable',
    ],
    [
      'a definition with a quote that is not closed',
      () => withSchema("sql = 'CREATE TABLE places (\"a)'"),
      'sqlite-schema-unreadable',
    ],
    ['a table on a page that is not there', () => withSchema('rootpage = 123456'), 'sqlite-page-out-of-range'],
    [
      "a table on the page of the schema's index",
      () => withSchema("rootpage = (SELECT rootpage FROM sqlite_schema WHERE type = 'index')"),
      'sqlite-page-corrupt',
    ],
  ])('%s is refused', async (_name, make, code) => {
    expect(await refusal(make())).toBe(code);
  });

  it('cut off at every 1 kB is refused as truncated', async () => {
    for (let bytes = 1024; bytes < sound.length; bytes += 1024) {
      expect([bytes, await refusal(sound.slice(0, bytes))]).toEqual([bytes, 'sqlite-truncated']);
    }
  });

  it('cut off at every 1 kB, its number of pages unknown, is read as far as its pages go, or refused', async () => {
    for (let bytes = 4096; bytes < sound.length; bytes += 1024) {
      const file = sound.slice(0, bytes);
      // The counter that makes the number of pages valid.
      new DataView(file.buffer).setUint32(92, 0);
      const result = await reading(() => read(file));
      if ('read' in result) expect(result.read[0]?.sink.features.length ?? 0).toBeLessThanOrEqual(3000);
    }
  });

  it('whose interior page leads to itself, to a page of others or to none is refused', async () => {
    const root = await rootOf(sound);
    const at = (root - 1) * 4096;
    expect(sound[at]).toBe(5);
    const leading = (page: number) => changed((view) => view.setUint32(at + 8, page));
    expect(await refusal(leading(root))).toBe('sqlite-page-loop');
    expect(await refusal(leading(0))).toBe('sqlite-page-out-of-range');
    expect(await refusal(leading(2 ** 32 - 1))).toBe('sqlite-page-out-of-range');
    const first = new DataView(sound.buffer).getUint32(at + new DataView(sound.buffer).getUint16(at + 12));
    // The first leaf a second time: its rows are out of order there.
    const [layer] = await read(leading(first));
    expect(layer!.sink.rejects.length).toBeGreaterThan(0);
    expect(new Set(layer!.sink.rejects.map(({ problem }) => problem.code))).toEqual(new Set(['sqlite-record-corrupt']));
  });

  it('whose pages lead to each other is refused after no more pages than it has', async () => {
    const root = await rootOf(sound);
    const bytes = changed((view) => {
      const at = (root - 1) * 4096;
      // Every child of the root becomes a copy of the root.
      const cells = view.getUint16(at + 3);
      for (let cell = 0; cell < cells; cell++) view.setUint32(at + view.getUint16(at + 12 + 2 * cell), root);
    });
    const file = memoryReader(bytes);
    await expect(readFeatures(geopackage, { file })).rejects.toMatchObject({
      code: 'sqlite-page-loop',
      retryable: false,
    });
    expect(file.reads.length).toBeLessThanOrEqual(100);
  });

  it('whose records lie about their size or place loses those rows alone', async () => {
    const one = makeGeoPackage(COLUMNS, rows(10));
    const root = await rootOf(one);
    const at = (root - 1) * 4096;
    const view = new DataView(one.buffer);
    const cell = (index: number) => at + view.getUint16(at + 8 + 2 * index);
    // A length of 2³² and more in a varint.
    one.set([0x90, 0x80, 0x80, 0x80, 0x00], cell(2));
    // A length of 10 MB, more than the file has.
    one.set([0x84, 0xe2, 0xad, 0x00], cell(0));
    // A head longer than its record; a text of 10 kB.
    one[cell(4) + 2] = 0x7f;
    one.set([0xff, 0x7f], cell(6) + 5);
    // A cell behind the page.
    view.setUint16(at + 8 + 2 * 8, 4095);
    const [layer] = await read(one);
    const { features, rejects } = layer!.sink;
    expect(rejects.map(({ problem, place }) => [place.number, problem.code])).toEqual([
      [0, 'sqlite-record-corrupt'],
      [2, 'sqlite-record-too-large'],
      [4, 'sqlite-record-corrupt'],
      [6, 'sqlite-record-corrupt'],
      [8, 'sqlite-record-corrupt'],
    ]);
    expect(rejects[0]!.problem.reason).toContain('more than the file has');
    expect(features.map(({ properties }) => properties['fid'])).toEqual(
      [2, 4, 6, 8, 10].map((fid) => ({ integer: fid })),
    );
  });

  it('whose overflow pages loop or lead nowhere loses the row alone, or is refused', async () => {
    const long = [1, POINT, 'x'.repeat(20_000)];
    const bytes = makeGeoPackage(COLUMNS, [long, [2, POINT, 'next']]);
    const root = await rootOf(bytes);
    const view = new DataView(bytes.buffer);
    const at = (root - 1) * 4096;
    // Of 20,000 bytes 3,636 or fewer stand on the page, and then comes the first overflow page.
    const cell = at + view.getUint16(at + 8);
    const pages = bytes.length / 4096;
    let pointer = cell;
    const isOverflow = (page: number) => page > root && page <= pages;
    while (!isOverflow(view.getUint32(pointer))) pointer++;
    const first = view.getUint32(pointer);
    view.setUint32(pointer, 999_999);
    const [broken] = await read(bytes);
    expect(broken!.sink.rejects.map(({ problem }) => problem.code)).toEqual(['sqlite-record-corrupt']);
    expect(broken!.sink.features.map(({ properties }) => properties['name'])).toEqual([{ text: 'next' }]);
    view.setUint32(pointer, first);
    view.setUint32((first - 1) * 4096, first);
    // The text is all x: the loop gives the same row, and no more pages than the file has.
    expect((await read(bytes))[0]!.sink.features).toHaveLength(2);
  });

  it('whose rows claim all pages of it, in a loop, is refused after no more pages than it has', async () => {
    // Of each row 489 bytes stand on its leaf, and five overflow pages have the rest.
    const geometry = geometryBlob({ type: 'Point', coordinates: [1, 2] });
    const text = 'x'.repeat(489 + 5 * 4092 - (6 + geometry.length));
    const bytes = makeGeoPackage(COLUMNS, Array.from({ length: 40 }, (_, index) => [index + 1, geometry, text])); // prettier-ignore
    const view = new DataView(bytes.buffer);
    const claimed = 489 + 190 * 4092;
    for (const { place } of (await read(bytes))[0]!.sink.features) {
      const length = [0x80 | (claimed >> 14), 0x80 | ((claimed >> 7) & 0x7f), claimed & 0x7f];
      bytes.set(length, place.offset);
      const first = view.getUint32(place.offset + 4 + 489);
      view.setUint32((first - 1) * 4096, first);
    }
    const file = memoryReader(bytes);
    await expect(readFeatures(geopackage, { file })).rejects.toMatchObject({
      code: 'sqlite-page-loop',
      retryable: false,
    });
    expect(file.reads.length).toBeLessThanOrEqual(20);
  });
});

describe('a GeoPackage with SQL that would do harm', () => {
  it('runs none of it: triggers, views, generated columns, checks and extensions', async () => {
    const bytes = makeDatabase((database) => {
      database.function('harm', { deterministic: true }, () => 1);
      createGeoPackageTables(database);
      database.exec(`
        CREATE TABLE places (fid INTEGER PRIMARY KEY CHECK (harm() = 1), geom POINT, name TEXT DEFAULT (harm()),
          made INT AS (harm()) VIRTUAL, kept INT AS (harm() + fid) STORED);
        CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT, definition TEXT, scope TEXT);
        INSERT INTO gpkg_extensions VALUES (NULL, NULL, 'evil', 'load_extension(''x'')', 'read-write');
        INSERT INTO places (fid, name) VALUES (1, 'a');
        CREATE TRIGGER t AFTER INSERT ON places BEGIN DELETE FROM places; END;
        CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT harm() UNION ALL SELECT x + 1 FROM c) SELECT x FROM c;
        CREATE INDEX i ON places (harm(), name);
        CREATE VIRTUAL TABLE rtree_places_geom USING rtree (id, minx, maxx, miny, maxy);`);
      register(database, 'places');
      register(database, 'v');
      register(database, 'rtree_places_geom', { type: 'attributes' });
    });
    const [places, view, virtual] = await read(bytes);
    expect(places!.sink.features.map(({ properties }) => properties)).toEqual([
      { fid: { integer: 1 }, name: { text: 'a' }, kept: { integer: 2 } },
    ]);
    expect(view!.sink.notes.map(({ code }) => code)).toEqual(['geopackage-table-unread']);
    expect(virtual!.sink.notes.map(({ code }) => code)).toEqual(['geopackage-table-unread']);
  });

  it('keeps columns named like members of objects apart from them', async () => {
    const columns = 'fid INTEGER PRIMARY KEY, geom POINT, "__proto__" TEXT, "constructor" TEXT, "toString" TEXT';
    const [layer] = await read(makeGeoPackage(columns, [[1, POINT, 'a', 'b', 'c']]));
    expect(Object.entries(layer!.sink.features[0]!.properties)).toEqual([
      ['fid', { integer: 1 }],
      ['__proto__', { text: 'a' }],
      ['constructor', { text: 'b' }],
      ['toString', { text: 'c' }],
    ]);
  });
});

function makePagesOf512(): Uint8Array {
  const bytes = makeGeoPackage(COLUMNS, [], { before: 'PRAGMA page_size = 512' });
  bytes[20] = 33;
  return bytes;
}

function withoutRowid(): Uint8Array {
  return makeDatabase((database) => {
    createGeoPackageTables(database);
    database.exec('CREATE TABLE places (fid INTEGER PRIMARY KEY, geom POINT) WITHOUT ROWID');
    register(database, 'places');
  });
}

/** The schema's row of the table `places` changed past what SQL allows. */
function withSchema(assignment: string): Uint8Array {
  return makeDatabase((database) => {
    createGeoPackageTables(database);
    database.exec(`CREATE TABLE places (${COLUMNS})`);
    register(database, 'places');
    database.enableDefensive(false);
    database.exec(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET ${assignment} WHERE name = 'places'`);
  });
}
