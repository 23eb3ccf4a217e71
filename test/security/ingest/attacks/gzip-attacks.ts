import { gzipSync } from 'node:zlib';
import { makeZip } from '../../../helpers/make-zip.ts';
import { harmless, refused, type Attack } from '../attack.ts';
import { collection, GOOD } from './good-files.ts';

const MIB = 1024 ** 2;

const good = collection(GOOD);

export const GZIP_ATTACKS: Attack[] = [
  {
    what: 'a bomb',
    file: () => gzipSync(Buffer.alloc(128 * MIB)),
    end: refused('gzip-ratio-too-high'),
    // 500 bytes for each of 130 kB.
    maxWritten: 68 * MIB,
  },
  {
    what: 'a bomb of many members',
    file: () => Buffer.concat(Array.from({ length: 8 }, () => gzipSync(Buffer.alloc(16 * MIB)))),
    end: refused('gzip-ratio-too-high'),
    maxWritten: 68 * MIB,
  },
  { what: 'a gzip file in it', file: () => gzipSync(gzipSync(good)), end: refused('archive-within-archive') },
  {
    what: 'a zip archive in it',
    file: () => gzipSync(makeZip([{ name: 'a.geojson', data: good }])),
    end: refused('archive-within-archive'),
  },
  { what: 'nothing in it', file: () => gzipSync(''), end: refused('source-empty') },
  {
    what: 'a hundred thousand empty members',
    file: () => Buffer.alloc(20 * 100_000, gzipSync('')),
    end: refused('source-empty'),
  },
  {
    what: 'content behind its last member',
    file: () => Buffer.concat([gzipSync(good), Buffer.from(good)]),
    end: refused('gzip-corrupt'),
  },
  {
    what: 'zeros behind its last member',
    file: () => Buffer.concat([gzipSync(good), Buffer.alloc(512)]),
    end: harmless(1),
  },
  { what: 'its magic number alone', file: () => Uint8Array.of(0x1f, 0x8b), end: refused('gzip-corrupt') },
  {
    what: 'a wrong checksum',
    file: () => {
      const bytes = gzipSync(good);
      bytes[bytes.length - 8]! ^= 1;
      return bytes;
    },
    end: refused('gzip-corrupt'),
  },
];
