import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { groupSources } from '../../../shared/geo/containers/group-sources.ts';
import { gunzip } from '../../../shared/geo/containers/gunzip.ts';
import { inflateEntry } from '../../../shared/geo/containers/inflate-entry.ts';
import { listArchive } from '../../../shared/geo/containers/list-archive.ts';
import { makeZip } from '../../helpers/make-zip.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';
import { hostileText } from '../corpus/texts.ts';

const LIMITS = { entries: 100, bytes: 100_000, totalBytes: 200_000, ratio: 500 };

const ARCHIVES = [
  makeZip([
    { name: 'a/roads.shp', data: 'shape '.repeat(50) },
    { name: 'a/roads.dbf', data: 'table', method: 0 },
    { name: 'doc.kml', data: '<kml/>', descriptor: true },
  ]),
  makeZip([{ name: 'a.csv', data: 'x,y\n1,2\n', method: 0 }], { zip64: {}, comment: 'PK' }),
  makeZip([]),
];
const GZIPS = [gzipSync('abc'), Buffer.concat([gzipSync('abc '.repeat(100)), gzipSync(''), gzipSync('def')])];

/** What is read of all of its entries, in bytes. */
async function readArchive(bytes: Uint8Array): Promise<number> {
  const reader = memoryReader(bytes);
  const entries = await listArchive(reader, LIMITS);
  let sum = 0;
  for (const entry of entries) {
    await reading(async () => {
      for await (const piece of inflateEntry(reader, entry)) sum += piece.length;
    });
  }
  return sum;
}

describe('a container', () => {
  printCorpora('containers');

  fuzz(
    'that is a changed archive is read within its limits, or refused',
    fc.record({ archive: fc.constantFrom(...ARCHIVES), list: edits }),
    async ({ archive, list }) => {
      const outcome = await reading(() => readArchive(edited(archive, list)));
      if ('read' in outcome) expect(outcome.read).toBeLessThanOrEqual(LIMITS.totalBytes);
    },
  );

  fuzz(
    'that is a changed gzip file is read within its limits, or refused',
    fc.record({ file: fc.constantFrom(...GZIPS), list: edits, pieceBytes: fc.integer({ min: 1, max: 600 }) }),
    async ({ file, list, pieceBytes }) => {
      const outcome = await reading(async () => {
        let sum = 0;
        for await (const piece of gunzip(memoryReader(edited(file, list)), { limits: LIMITS, pieceBytes })) {
          sum += piece.length;
        }
        return sum;
      });
      if ('read' in outcome) expect(outcome.read).toBeLessThanOrEqual(LIMITS.bytes);
    },
  );

  fuzz(
    'with entries of any names gives each of them one place',
    fc.array(fc.oneof(hostileText, fc.constantFrom('a.shp', 'A.dbf', 'a.shp.xml', '.shp', 'a/.b.kml', 'x/doc.kml')), {
      maxLength: 12,
    }),
    (names) => {
      const entries = [...new Set(names)].map((name) => ({ name }));
      const { sources } = groupSources(entries);
      const placed = sources.flatMap(({ file, companions }) => [file, ...companions.values()]);
      expect(new Set(placed).size).toBe(placed.length);
    },
  );
});
