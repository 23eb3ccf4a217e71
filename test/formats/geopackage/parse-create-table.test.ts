import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storedColumns } from '../../../shared/geo/formats/geopackage/column.ts';
import {
  DefinitionError,
  parseCreateTable,
} from '../../../shared/geo/formats/geopackage/create-table/parse-create-table.ts';
import { makeDatabase } from '../../helpers/make-geopackage.ts';

const names = (sql: string) => parseCreateTable(sql).columns.map(({ name, type }) => `${name}:${type}`);

describe('parseCreateTable', () => {
  it.each([
    ['CREATE TABLE t (a INTEGER, b TEXT(20), c)', ['a:INTEGER', 'b:TEXT(20)', 'c:']],
    ['create temp table if not exists main.t(a double precision NOT NULL)', ['a:double precision']],
    [
      'CREATE TABLE "a b" ("x ""y""" TEXT, [z w] INT, `q``` REAL, \'s\'\'t\' BLOB)',
      ['x "y":TEXT', 'z w:INT', 'q`:REAL', "s't:BLOB"],
    ],
    ['CREATE TABLE t (a INT -- one, two\n, b /* , c */ INT)', ['a:INT', 'b:INT']],
    ['CREATE TABLE t (a INT CHECK (a IN (1, 2)), b INT DEFAULT (1 + (2)), PRIMARY KEY (a, b))', ['a:INT', 'b:INT']],
    ['CREATE TABLE t (a INT REFERENCES u(x) ON DELETE SET DEFAULT ON UPDATE SET NULL, b)', ['a:INT', 'b:']],
    [
      'CREATE TABLE t (a, b, CONSTRAINT k UNIQUE (a) ON CONFLICT IGNORE CHECK (b > 0), FOREIGN KEY (a) REFERENCES u)',
      ['a:', 'b:'],
    ],
    ['CREATE TABLE t (ä INT, "größe" DECIMAL(10,2))', ['ä:INT', 'größe:DECIMAL(10,2)']],
  ])('reads %s', (sql, expected) => {
    expect(names(sql)).toEqual(expected);
  });

  it.each([
    ['a INTEGER PRIMARY KEY, b', 0],
    ['a, b INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT', 1],
    ['a INTEGER PRIMARY KEY DESC', undefined],
    ['a INTEGER PRIMARY KEY ASC', 0],
    ['a INT PRIMARY KEY', undefined],
    ['a, "b" INTEGER, PRIMARY KEY ("B" DESC)', 1],
    ['a INTEGER, b, PRIMARY KEY (a, b)', undefined],
    ['a INTEGER PRIMARY KEY, b) STRICT, WITHOUT ROWID --', undefined],
  ])('knows the column that stands for the rowid in (%s)', (columns, expected) => {
    expect(parseCreateTable(`CREATE TABLE t (${columns}\n)`.replace('--\n)', '')).rowidColumn).toBe(expected);
  });

  it('tells generated columns that are stored from those that are not', () => {
    const sql =
      'CREATE TABLE t (a, b INT GENERATED ALWAYS AS (a + 1), c AS (a) STORED, d TEXT AS (a) VIRTUAL NOT NULL)';
    expect(parseCreateTable(sql).columns.map(({ generated }) => generated)).toEqual([
      undefined,
      'virtual',
      'stored',
      'virtual',
    ]);
  });

  it.each([
    ["'a''b'", 'TEXT', { kind: 'text', text: "a'b" }],
    ['5', 'TEXT', { kind: 'text', text: '5' }],
    ['1e3', 'TEXT', { kind: 'text', text: '1000.0' }],
    ['-5', 'INTEGER', { kind: 'integer', digits: '-5' }],
    ['9223372036854775807', 'INTEGER', { kind: 'integer', digits: '9223372036854775807' }],
    ['0x10', 'INTEGER', { kind: 'integer', digits: '16' }],
    ["' 12 '", 'INTEGER', { kind: 'integer', digits: '12' }],
    ["'twelve'", 'INTEGER', { kind: 'text', text: 'twelve' }],
    ['5', 'REAL', { kind: 'double', value: 5 }],
    ['2.0', 'NUMERIC', { kind: 'integer', digits: '2' }],
    ['-.5', '', { kind: 'double', value: -0.5 }],
    ["x'0AFF'", 'BLOB', { kind: 'blob', hex: '0aff' }],
    ['TRUE', 'BOOLEAN', { kind: 'integer', digits: '1' }],
    ['NULL', 'TEXT', { kind: 'null' }],
    ['"quoted"', 'TEXT', { kind: 'text', text: 'quoted' }],
    ['CURRENT_TIMESTAMP', 'TEXT', { kind: 'unread' }],
    ['(1 + 1)', 'INTEGER', { kind: 'unread' }],
    ['(-3)', 'INTEGER', { kind: 'integer', digits: '-3' }],
  ])('keeps DEFAULT %s as a column of type «%s» does', (text, type, expected) => {
    expect(storedColumns(parseCreateTable(`CREATE TABLE t (a ${type} DEFAULT ${text})`))[0]!.default).toEqual(expected);
  });

  it.each([
    ['CREATE TABLE t', '«(» is missing'],
    ['CREATE TABLE t (a', 'it is cut off'],
    ['CREATE TABLE t (a "b)', 'a quote is not closed'],
    ['CREATE TABLE t (a, A)', 'twice'],
    ['CREATE TABLE t (a) DROP', 'follows its columns'],
    ['CREATE VIEW v AS SELECT 1', 'TABLE is missing'],
    ['CREATE TABLE t (a CHECK ((((((1)', 'cut off'],
    ['CREATE TABLE t (,)', 'stands where a name should'],
    ['', 'CREATE is missing'],
  ])('refuses %s', (sql, reason) => {
    expect(() => parseCreateTable(sql)).toThrow(DefinitionError);
    expect(() => parseCreateTable(sql)).toThrow(reason);
  });

  it('finds the columns that SQLite finds, whatever their names and constraints are', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).filter((each) => !/[\0\ufffd]/.test(each));
    const type = fc.constantFrom('', 'INTEGER', 'VARCHAR(20)', 'DOUBLE PRECISION', 'DECIMAL (10, 2)', '"MY TYPE"');
    const constraint = fc.constantFrom(
      ...[
        '',
        'NOT NULL',
        "DEFAULT 'x,)'",
        'DEFAULT -1',
        'CHECK (1 > (0))',
        'COLLATE NOCASE',
        'UNIQUE',
        'AS (1) STORED',
      ],
      ...['CONSTRAINT "c,(" NOT NULL', 'REFERENCES t(a) DEFERRABLE INITIALLY DEFERRED', 'DEFAULT (1)'],
    );
    const quote = fc.constantFrom<(text: string) => string>(
      (text) => `"${text.replaceAll('"', '""')}"`,
      (text) => `\`${text.replaceAll('`', '``')}\``,
      (text) => (text.includes(']') ? `"${text.replaceAll('"', '""')}"` : `[${text}]`),
    );
    const column = fc.tuple(name, type, constraint, quote);
    const columns = fc.uniqueArray(column, { minLength: 1, maxLength: 6, selector: ([each]) => each.toLowerCase() });
    fc.assert(
      fc.property(columns, (list) => {
        let known: { name: string; hidden: number }[] = [];
        let sql = '';
        const text = list.map(([each, ofType, rule, quoted]) => `${quoted(each)} ${ofType} ${rule}`).join(', ');
        makeDatabase((database) => {
          database.exec(`CREATE TABLE t (a_first, ${text})`);
          known = database.prepare("SELECT name, hidden FROM pragma_table_xinfo('t')").all() as typeof known;
          sql = database.prepare("SELECT sql FROM sqlite_schema WHERE name = 't'").get()!['sql'] as string;
        });
        const parsed = parseCreateTable(sql).columns;
        expect(parsed.map((each) => each.name)).toEqual(known.map((each) => each.name));
        // 3: generated and stored.
        expect(parsed.map(({ generated }) => generated === 'stored')).toEqual(known.map(({ hidden }) => hidden === 3));
      }),
      { numRuns: 300 },
    );
  });
});
