import { vastText } from '../../formats/vast-text.ts';
import { harmless, refused, without, type Attack } from '../attack.ts';
import { TOLERANT } from './good-files.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

const HEAD = 'x,y,a\n1,2,b\n';

const inputs = { ...TOLERANT, sourceCrs: 'OGC:CRS84' };

/** A file of a gigabyte that is in no memory. */
const vast = (what: string, head: string, filler: string, code: string, mebibytes: number): Attack => ({
  what,
  file: () => vastText(head, filler, GIB),
  inputs,
  end: refused(code),
  maxRead: mebibytes * MIB,
});

const table = (what: string, text: () => string | Uint8Array, end: Attack['end']): Attack => ({
  what,
  file: text,
  inputs,
  end,
});

export const CSV_ATTACKS: Attack[] = [
  vast('a first line of a gigabyte', 'x,y,', 'a', 'record-too-long', 4),
  vast('one line of a gigabyte', HEAD, 'a', 'record-too-long', 72),
  vast('one line of a gigabyte of delimiters', HEAD, ',', 'record-too-long', 72),
  vast('an open quote', `${HEAD}1,2,"`, 'a', 'csv-quote-open', 72),
  vast('an open quote before a gigabyte of rows', `${HEAD}1,2,"a\n`, '1,2,c\n', 'csv-quote-open', 72),
  vast('quotes without an end', `${HEAD}1,2,"`, '""', 'csv-quote-open', 72),
  vast('a gigabyte of zeros', HEAD, '\0', 'vector-format-unknown', 1),
  table('an open quote at its end', () => `${HEAD}3,4,"c`, refused('csv-quote-open')),
  table(
    'a hundred thousand columns',
    () => `${Array.from({ length: 100_000 }, (_, index) => `c${index}`).join()}\n`,
    refused('csv-too-many-columns'),
  ),
  table(
    'a row of a hundred thousand cells',
    () => `${HEAD}${'1,'.repeat(100_000)}\n3,4,c\n`,
    without(['csv-row-ragged'], 2),
  ),
  table('a row of one cell', () => `${HEAD}1\n3,4,c\n`, without(['csv-row-ragged'], 2)),
  table('a NUL in a cell', () => `${HEAD}3,4,"a\0b"\n${'5,6,c\n'.repeat(100)}`, refused('not-csv')),
  table('a NUL for a coordinate', () => `${HEAD}\0,4,c\n5,6,c\n${'5,6,c\n'.repeat(100)}`, refused('not-csv')),
  table(
    'cells that are formulas',
    () => `${HEAD}3,4,"=HYPERLINK(""http://127.0.0.1:9/""&A1)"\n5,6,+1+1\n7,8,-1+1\n9,9,@SUM(A1)\n1,1,"\t=1"\n`,
    harmless(6),
  ),
  table('a formula for a coordinate', () => `${HEAD}=1+1,4,c\n5,6,c\n`, without(['csv-coordinate-not-a-number'], 2)),
  table(
    'coordinates of 1e400 and NaN',
    () => `${HEAD}1e400,4,c\nNaN,6,c\n7,8,c\n9,1,c\n`,
    without(['csv-coordinate-not-a-number', 'geometry-coordinate-out-of-range'], 3),
  ),
  table('names like members of objects', () => 'x,y,__proto__,constructor,toString\n1,2,a,b,c\n', harmless(1)),
  {
    ...table(
      'four thousand columns of one name',
      () => `x,y,${Array.from({ length: 4_000 }, () => 'a').join()}\n1,2${',b'.repeat(4_000)}\n`,
      harmless(1),
    ),
    maxWritten: 8 * MIB,
  },
  table(
    'a column of WKT that is a hundred thousand levels deep',
    () => `id,wkt\n1,"${'GEOMETRYCOLLECTION('.repeat(100_000)}"\n2,POINT(1 2)\n`,
    without(['geometry-too-deep'], 1),
  ),
  table(
    'a column of WKB that lies about its counts',
    () => 'id,wkb\n1,0102000000ffffffff\n2,01010000000000000000000000000000000000F03F\n',
    without(['wkb-count-too-large'], 1),
  ),
  table('nothing but its first line', () => 'x,y\n', harmless(0)),
  table('no geometries', () => 'a,b\n1,2\n', refused('csv-geometry-missing')),
  table('UTF-16 with a mark', () => Buffer.from(`\ufeff${HEAD}`, 'utf16le'), harmless(1)),
  table('bytes that are no UTF-8', () => Buffer.from(`${HEAD}3,4,\u00e9\n`, 'latin1'), harmless(2)),
];
