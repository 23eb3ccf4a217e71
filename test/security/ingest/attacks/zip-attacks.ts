import { deflateRawSync, gzipSync } from 'node:zlib';
import { makeZip, type ZipPart } from '../../../helpers/make-zip.ts';
import { harmless, refused, type Attack } from '../attack.ts';
import { collection, GOOD } from './good-files.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const MILLION = 1_000_000;

const good = collection(GOOD);
const zip = (...parts: ZipPart[]) => makeZip([{ name: 'good.geojson', data: good }, ...parts]);
const zeros = (bytes: number) => deflateRawSync(Buffer.alloc(bytes));

/** An extra field of Zip64 with one size (APPNOTE 4.5.3). */
function zip64Size(bytes: bigint): Uint8Array {
  const field = Buffer.alloc(12);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8, 2);
  field.writeBigUInt64LE(bytes, 4);
  return field;
}

/** Entries that all lead to the same data. */
function sharedKernel(entries: number): Uint8Array {
  const stored = zeros(MIB);
  const told = { bytes: MIB, compressedBytes: stored.length };
  const parts = Array.from({ length: entries }, (_, index): ZipPart => {
    const name = `${index}.geojson`;
    return index === 0 ? { name, stored, told } : { name, told, offset: 0, directoryOnly: true };
  });
  return makeZip(parts);
}

/** The directory of a million entries, whose end record tells another number. */
function millionEntries(told: number): Uint8Array {
  const one = Buffer.from(makeZip([{ name: 'a.csv', method: 0 }]));
  const directory = one.readUInt32LE(one.length - 6);
  const header = one.subarray(directory, -22);
  const end = Buffer.from(one.subarray(-22));
  end.writeUInt16LE(told, 8);
  end.writeUInt16LE(told, 10);
  end.writeUInt32LE(header.length * MILLION, 12);
  return Buffer.concat([one.subarray(0, directory), Buffer.alloc(header.length * MILLION, header), end]);
}

const named = (name: string): Attack => ({
  what: `an entry named ${JSON.stringify(name)}`,
  file: () => zip({ name, data: good }),
  end: refused('zip-name-unsafe'),
});

const special = (what: string, mode: number): Attack => ({
  what: `an entry that is ${what}`,
  file: () => zip({ name: 'passwd.geojson', data: '/etc/passwd', attributes: (mode << 16) >>> 0 }),
  end: refused('zip-entry-special'),
});

export const ZIP_ATTACKS: Attack[] = [
  {
    what: 'a bomb of 1,000 to 1',
    file: () => zip({ name: 'a.geojson', stored: zeros(40 * MIB), told: { bytes: 40 * MIB } }),
    end: refused('zip-ratio-too-high'),
    maxWritten: 4 * KIB,
  },
  {
    what: 'a bomb that tells a small size',
    file: () => makeZip([{ name: 'a.geojson', stored: zeros(40 * MIB), told: { bytes: 1_000 } }]),
    end: refused('zip-entry-corrupt'),
    maxWritten: 4 * KIB,
  },
  {
    what: 'a thousand entries that are each too small to be a bomb',
    file: () => {
      const stored = zeros(15 * MIB);
      const told = { bytes: 15 * MIB };
      return makeZip(Array.from({ length: 1_000 }, (_, index) => ({ name: `${index}.csv`, stored, told })));
    },
    end: refused('zip-ratio-too-high'),
    maxWritten: 4 * KIB,
  },
  {
    what: 'entries that share one kernel',
    file: () => sharedKernel(50),
    end: refused('zip-entries-overlap'),
    maxWritten: 4 * KIB,
  },
  {
    what: 'an entry that lies within another one',
    file: () => {
      const inner = makeZip([{ name: 'b.geojson', stored: zeros(MIB), told: { bytes: MIB } }]);
      return makeZip([
        { name: 'a.geojson', data: inner, method: 0 },
        { name: 'b.geojson', data: 'x', offset: 39, directoryOnly: true },
      ]);
    },
    end: refused('zip-entries-overlap'),
  },
  {
    what: 'an entry whose header hides the next one',
    file: () =>
      makeZip([
        { name: 'a.csv', data: '', method: 0, headerExtra: new Uint8Array(8) },
        { name: 'b.csv', data: 'abc', method: 0, offset: 38 },
      ]),
    end: refused('zip-entries-overlap'),
  },
  {
    what: 'nothing but archives',
    file: () => makeZip([{ name: 'inner.zip', data: zip() }]),
    end: refused('archive-without-source'),
  },
  {
    what: 'an archive whose name is that of GeoJSON',
    file: () => makeZip([{ name: 'inner.geojson', data: zip() }]),
    end: refused('archive-within-archive'),
  },
  {
    what: 'a gzip file whose name is that of GeoJSON',
    file: () => makeZip([{ name: 'inner.geojson', data: gzipSync(good), method: 0 }]),
    end: refused('archive-within-archive'),
  },
  {
    what: 'a good file beside archives within it',
    file: () => zip({ name: 'inner.zip', data: zip() }, { name: 'inner.tar', data: 'x' }),
    end: harmless(1),
  },
  {
    what: 'a Zip64 size of 2⁶⁴ − 1',
    file: () =>
      zip({ name: 'a.csv', toldInDirectory: { bytes: 0xffffffff }, directoryExtra: zip64Size(2n ** 64n - 1n) }),
    end: refused('zip-entry-too-large'),
  },
  {
    what: 'a Zip64 size that is not there',
    file: () =>
      zip({ name: 'a.csv', toldInDirectory: { bytes: 0xffffffff }, directoryExtra: Uint8Array.of(1, 0, 0, 0) }),
    end: refused('zip-corrupt'),
  },
  {
    what: 'a Zip64 directory at 2⁶³',
    file: () => makeZip([{ name: 'a.csv' }], { zip64: { directoryOffset: 2n ** 63n } }),
    end: refused('zip-corrupt'),
  },
  {
    what: 'a Zip64 record of 2⁶⁴ − 1 entries',
    file: () => makeZip([{ name: 'a.csv' }], { zip64: { entries: 2n ** 64n - 1n } }),
    end: refused('zip-too-many-entries'),
  },
  {
    what: 'a million entries',
    file: () => makeZip([{ name: 'a.csv' }], { zip64: { entries: BigInt(MILLION) } }),
    end: refused('zip-too-many-entries'),
  },
  {
    what: 'a million entries that are counted with 16 bits',
    file: () => millionEntries(MILLION % 65_536),
    end: refused('zip-too-many-entries'),
    maxRead: MIB,
  },
  {
    what: 'a million entries that say they are nine thousand',
    file: () => millionEntries(9_000),
    end: refused('zip-corrupt'),
    maxRead: 2 * MIB,
  },
  ...['../a.csv', 'a/../../a.csv', '/etc/a.csv', 'C:/a.csv', 'a\\..\\a.csv', 'a\u0000.csv', 'a\nb.csv', ''].map(named),
  special('a symbolic link', 0o120777),
  special('a device', 0o060600),
  special('a named pipe', 0o010600),
  {
    what: 'two entries of one name',
    file: () => zip({ name: 'good.geojson', data: '{}' }),
    end: refused('zip-name-duplicate'),
  },
  {
    what: 'two entries whose names differ by case',
    file: () => zip({ name: 'GOOD.geojson', data: good }),
    end: harmless(2),
  },
  {
    what: 'an entry that has another name in its own header',
    file: () => makeZip([{ name: 'a.csv', data: 'x,y\n1,2\n', toldInHeader: { name: '../a.csv' } }]),
    end: refused('zip-entry-corrupt'),
  },
  {
    what: 'an entry with the wrong checksum',
    file: () => makeZip([{ name: 'a.csv', data: 'x,y\n1,2\n', told: { crc32: 1 } }]),
    end: refused('zip-entry-corrupt'),
  },
  {
    what: 'an encrypted entry',
    file: () => zip({ name: 'a.csv', flags: 0x801 }),
    end: refused('zip-encrypted'),
  },
  {
    what: 'an entry that is empty, and stored',
    file: () => makeZip([{ name: 'a.geojson', method: 0 }]),
    end: refused('source-empty'),
  },
  {
    what: 'a shapefile whose parts are empty, and stored',
    file: () => makeZip(['shp', 'dbf', 'shx', 'prj', 'cpg'].map((part) => ({ name: `a.${part}`, method: 0 }))),
    end: refused('source-empty'),
  },
  {
    what: 'no entry',
    file: () => makeZip([]),
    end: refused('archive-without-source'),
  },
];
