import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { geopackage } from '../../../shared/geo/formats/geopackage/geopackage-format.ts';
import { parseTable } from '../../../shared/geo/formats/geopackage/parse-table.ts';
import { geometryBlob, makeGeoPackage } from '../../helpers/make-geopackage.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { readFeatures } from '../../helpers/read-features.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';

/** Rows and rejects that a page of 512 bytes can give: cells of three bytes. */
const ROWS_OF_PAGE = 250;

describe('GeoPackage', () => {
  printCorpora('GeoPackage');
  const polygon = geometryBlob({ type: 'Polygon', coordinates: [[[0, 0], [1, 0], [0, 1], [0, 0]]] }); // prettier-ignore
  const columns = 'fid INTEGER PRIMARY KEY, geom POLYGON, name TEXT, n INTEGER, day DATE';
  const seeds = ['UTF-8', 'UTF-16le'].map((encoding) => {
    const rows = Array.from({ length: 40 }, (_, index) => [
      ...[index, index % 5 === 0 ? null : polygon],
      ...['x'.repeat(index % 7 === 0 ? 900 : index), 2n ** BigInt(index), '2026-11-26'],
    ]);
    return makeGeoPackage(columns, rows, { before: `PRAGMA page_size = 512; PRAGMA encoding = '${encoding}'` });
  });

  fuzz(
    'with bytes changed, cut, moved and put in is read within its pages, or refused for good',
    fc.record({ seed: fc.nat(1), list: edits, blockBytes: fc.constantFrom(1, 4096, 1_000_000) }),
    async ({ seed, list, blockBytes }) => {
      const bytes = edited(seeds[seed]!, list);
      const file = memoryReader(bytes);
      const read = await reading(() => readFeatures(geopackage, { file }, { blockBytes }));
      if ('read' in read) {
        for (const { sink } of read.read) {
          const rows = sink.features.length + sink.rejects.length;
          expect(rows).toBeLessThanOrEqual((bytes.length / 512) * ROWS_OF_PAGE);
        }
      }
      // 32 blocks at the most, each a header and all pages.
      expect(file.reads.length).toBeLessThanOrEqual(1000);
    },
  );

  const word = fc.constantFrom(
    ..."CREATE TABLE t ( ) , a \"b\" [c] 'd' INTEGER PRIMARY KEY DESC DEFAULT - 1 x'00' CHECK AS STORED".split(' '),
    ...['GENERATED ALWAYS', 'CONSTRAINT', 'WITHOUT ROWID', 'STRICT', '--', '/*', '\n', '.', ';', 'SET', 'UNIQUE'],
  );
  fuzz('definitions of any words are read, or refused for good', fc.array(word, { maxLength: 40 }), async (words) => {
    const sql = `CREATE TABLE t (${words.join(' ')}`;
    const read = await reading(() => parseTable({ kind: 'table', name: 't', root: 2, sql }));
    if ('read' in read) expect(read.read.columns.length).toBeLessThanOrEqual(words.length);
    else expect(read.refused.code).toMatch(/^sqlite-(schema-unreadable|without-rowid)$/);
  });
});
