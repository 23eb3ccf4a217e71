import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { csvFormat } from '../../../shared/geo/formats/csv/csv-format.ts';
import { readFormat } from '../../helpers/read-format.ts';
import { shortReads } from '../../helpers/short-reads.ts';

const cell = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom(...'ab1 -.'), maxLength: 6 }) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '\n', '\r\n', 'x', 'é', '𝄞'), maxLength: 6 }),
  },
  { weight: 1, arbitrary: fc.constant('') },
);

/** Tables of one to five columns before those of the coordinates, and how they are written. */
const tables = fc.record({
  rows: fc
    .integer({ min: 1, max: 5 })
    .chain((columns) =>
      fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 8 }),
    ),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  newline: fc.constantFrom('\n', '\r\n'),
  quotes: fc.boolean(),
  endsWithNewline: fc.boolean(),
  blockBytes: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant(2 ** 30)),
  pieceBytes: fc.oneof(fc.integer({ min: 4, max: 100 }), fc.constant(2 ** 30)),
  encoding: fc.constantFrom('utf8' as const, 'utf8-bom' as const, 'utf16le' as const),
});

function encode(text: string, encoding: 'utf8' | 'utf8-bom' | 'utf16le'): Buffer {
  if (encoding === 'utf8') return Buffer.from(text);
  return Buffer.from(`\ufeff${text}`, encoding === 'utf8-bom' ? 'utf8' : 'utf16le');
}

describe('csvFormat', () => {
  it('gives the cells that Papa Parse finds, each row once, in blocks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        tables,
        async ({ rows, delimiter, newline, quotes, endsWithNewline, blockBytes, pieceBytes, encoding }) => {
          const names = rows[0]!.map((_, index) => `column ${index}`);
          const data = rows.map((row, index) => [...row, String(index), '-1.5']);
          const written = Papa.unparse([[...names, 'x', 'y'], ...data], { delimiter, newline, quotes });
          const text = written + (endsWithNewline ? newline : '');
          const { sink } = await readFormat(csvFormat, shortReads(encode(text, encoding), pieceBytes), {
            blockBytes,
            read: { csv: { delimiter } },
          });
          const parsed = Papa.parse<string[]>(text, { delimiter, newline, skipEmptyLines: true }).data.slice(1);
          expect(sink.rejects).toEqual([]);
          expect(sink.features.map(({ geometry }) => geometry)).toEqual(
            parsed.map((row) => ({ type: 'Point', coordinates: [Number(row.at(-2)), -1.5] })),
          );
          expect(sink.features.map(({ properties }) => properties)).toEqual(
            parsed.map((row) =>
              Object.fromEntries(
                names.flatMap((name, index) => (row[index] === '' ? [] : [[name, { lexical: row[index] }]])),
              ),
            ),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('finds the delimiter that a table is written with', async () => {
    const plain = fc.string({ unit: fc.constantFrom(...'ab1 -'), minLength: 1, maxLength: 6 });
    const delimiters = fc.constantFrom(',', ';', '\t', '|');
    await fc.assert(
      fc.asyncProperty(fc.array(plain, { minLength: 1, maxLength: 9 }), delimiters, async (texts, delimiter) => {
        const rows = texts.map((text, index) => [text, `POINT (${index} 2)`]);
        const text = Papa.unparse([['name', 'wkt'], ...rows], { delimiter, newline: '\n' });
        const { layer, sink } = await readFormat(csvFormat, text);
        expect(layer.detail.dialect.delimiter).toBe(delimiter.charCodeAt(0));
        expect(sink.features).toHaveLength(texts.length);
      }),
      { numRuns: 300 },
    );
  });
});
