import { makeZip } from '../../../helpers/make-zip.ts';
import { NUMBER, shapefileFiles, type ShapefileFiles } from '../../../helpers/shapefile-source.ts';
import { writeDbf, type PlainShape } from '../../../helpers/write-shapefile.ts';
import { harmless, refused, without, nothingUsed, type Attack } from '../attack.ts';
import { TOLERANT, WGS84_PRJ } from './good-files.ts';

const RECORDS = 20;
const RECORD_BYTES = 8 + 44 + 4 + 64;
const ring = [[0, 0], [0, 1], [1, 1], [0, 0]]; // prettier-ignore
const shapes: PlainShape[] = Array.from({ length: RECORDS }, () => ({ type: 5, parts: [ring] }));
const sound = { ...shapefileFiles(5, shapes), prj: Buffer.from(WGS84_PRJ) };

/** The parts of a shapefile as a zip archive; `undefined` for one that is not there. */
const zipped = (files: Partial<ShapefileFiles>): Uint8Array =>
  makeZip(
    Object.entries({ ...sound, ...files }).flatMap(([extension, data]) =>
      data === undefined ? [] : [{ name: `a.${extension}`, data }],
    ),
  );

const changed = (bytes: Buffer, change: (copy: Buffer) => void): Buffer => {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
};
const shp = (change: (copy: Buffer) => void): Buffer => changed(sound.shp, change);
const dbf = (change: (copy: Buffer) => void): Buffer => changed(sound.dbf, change);

/** Counts that are more or less than there is, and what becomes of their record. */
const COUNTS = [
  [-1, 'shapefile-shape-invalid'],
  [2 ** 31 - 1, 'shapefile-record-truncated'],
] as const;

const attack = (what: string, files: Partial<ShapefileFiles>, end: Attack['end']): Attack => ({
  what,
  file: () => zipped(files),
  inputs: TOLERANT,
  end,
});

export const SHAPEFILE_ATTACKS: Attack[] = [
  attack('nothing wrong', {}, harmless(RECORDS)),
  attack('no .shx', { shx: undefined }, harmless(RECORDS)),
  attack('no .dbf', { dbf: undefined }, harmless(RECORDS)),
  attack('no .prj', { prj: undefined }, refused('crs-missing')),
  { what: 'nothing but its .shp', file: () => sound.shp, inputs: { sourceCrs: 'EPSG:4326' }, end: harmless(RECORDS) },
  {
    what: 'nothing but its .dbf',
    file: () => makeZip([{ name: 'a.dbf', data: sound.dbf }]),
    end: refused('archive-without-source'),
  },
  attack('an empty .prj', { prj: Buffer.alloc(0) }, refused('crs-missing')),
  attack('an empty .cpg', { cpg: Buffer.alloc(0) }, harmless(RECORDS)),
  attack('an empty .shx', { shx: Buffer.alloc(0) }, harmless(RECORDS)),
  attack('an empty .dbf', { dbf: Buffer.alloc(0) }, refused('shapefile-table-corrupt')),
  attack('an empty .shp', { shp: Buffer.alloc(0) }, refused('source-empty')),
  attack('a .prj that is none', { prj: Buffer.from('GEOGCS["x"') }, refused('crs-unknown')),
  attack('a .prj a million levels deep', { prj: Buffer.from('A['.repeat(30_000)) }, refused('crs-unknown')),
  attack('a .prj of 100 kB', { prj: Buffer.alloc(100_000, 0x20) }, refused('crs-missing')),
  attack('a .cpg that names nothing', { cpg: Buffer.from('KLINGON') }, harmless(RECORDS)),
  attack('a .dbf for its .shp', { shp: sound.dbf }, refused('vector-format-unknown')),
  attack('a .shp for its .dbf', { dbf: sound.shp }, refused('shapefile-table-corrupt')),
  attack('a .shx of another shapefile', { shx: shapefileFiles(5, shapes.slice(0, 3)).shx }, harmless(RECORDS)),
  attack('a .dbf of 4 × 10⁹ rows', { dbf: dbf((copy) => copy.writeUInt32LE(2 ** 32 - 1, 4)) }, harmless(RECORDS)),
  attack('a .dbf of too few rows', { dbf: writeDbf([NUMBER], [['1']]) }, harmless(RECORDS)),
  attack(
    'a .dbf of too many rows',
    {
      dbf: writeDbf(
        [NUMBER],
        Array.from({ length: 2 * RECORDS }, () => ['1']),
      ),
    },
    without(['shapefile-shape-missing'], RECORDS),
  ),
  attack(
    'a .dbf with rows of no bytes',
    { dbf: dbf((copy) => copy.writeUInt16LE(0, 10)) },
    refused('shapefile-table-corrupt'),
  ),
  attack('a .dbf with a header of 64 KiB', { dbf: dbf((copy) => copy.writeUInt16LE(65_535, 8)) }, harmless(RECORDS)),
  attack(
    'a .dbf with fields named like members of objects',
    {
      dbf: writeDbf(
        [{ ...NUMBER, name: '__proto__' }],
        shapes.map(() => ['1']),
      ),
    },
    harmless(RECORDS),
  ),
  ...[-1, 0, 1, 2 ** 31 - 1].map((words) =>
    attack(
      `a length of ${words} words`,
      { shp: shp((copy) => copy.writeInt32BE(words, 24)), shx: undefined },
      harmless(RECORDS),
    ),
  ),
  attack(
    'a record of a negative length',
    { shp: shp((copy) => copy.writeInt32BE(-5, 100 + 10 * RECORD_BYTES + 4)) },
    without(['shapefile-record-out-of-step', 'shapefile-shape-missing'], 10),
  ),
  attack(
    'a record of a negative length, and no .shx',
    { shp: shp((copy) => copy.writeInt32BE(-5, 100 + 10 * RECORD_BYTES + 4)), shx: undefined },
    without(['shapefile-record-out-of-step', 'shapefile-shape-missing'], 10),
  ),
  ...COUNTS.map(([count, code]) =>
    attack(
      `a record of ${count} parts`,
      { shp: shp((copy) => copy.writeInt32LE(count, 100 + 8 + 36)) },
      without([code], RECORDS - 1),
    ),
  ),
  ...COUNTS.map(([count, code]) =>
    attack(
      `a record of ${count} points`,
      { shp: shp((copy) => copy.writeInt32LE(count, 100 + 8 + 40)) },
      without([code], RECORDS - 1),
    ),
  ),
  attack(
    'a part that begins before the first point',
    { shp: shp((copy) => copy.writeInt32LE(-1, 100 + 8 + 44)) },
    without(['shapefile-shape-invalid'], RECORDS - 1),
  ),
  attack(
    'a shape of another type',
    { shp: shp((copy) => copy.writeInt32LE(99, 100 + 8)) },
    without(['shapefile-shape-unknown'], RECORDS - 1),
  ),
  attack(
    'coordinates that are no numbers',
    { shp: shp((copy) => copy.writeDoubleLE(NaN, 100 + 8 + 48)) },
    without(['geometry-not-finite'], RECORDS - 1),
  ),
  attack(
    'a .shx that leads every record to the first',
    {
      shx: changed(sound.shx, (copy) => {
        for (let at = 100; at < copy.length; at += 8) copy.writeInt32BE(50, at);
      }),
    },
    harmless(RECORDS),
  ),
  attack(
    'a .shx that leads out of the file',
    { shx: changed(sound.shx, (copy) => copy.writeInt32BE(2 ** 31 - 1, 108)) },
    harmless(RECORDS),
  ),
  attack(
    'no shape that can be used',
    {
      shp: shp((copy) => {
        for (let at = 108; at < copy.length; at += RECORD_BYTES) copy.writeInt32LE(99, at);
      }),
    },
    nothingUsed('shapefile-shape-unknown'),
  ),
];
