import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { geoParquetFormat } from '../../../shared/geo/formats/geoparquet/geoparquet-format.ts';
import { decodeHadoopLz4, decodeLz4 } from '../../../shared/geo/formats/geoparquet/lz4.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { levels, plainTexts, rawParquet } from '../../helpers/raw-parquet.ts';
import { readSource } from '../../helpers/read-source.ts';
import { writeWkb } from '../../helpers/write-wkb.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';

const PYARROW = new URL('../../formats/geoparquet/pyarrow-files.json', import.meta.url);
const WKB = writeWkb({ type: 'Point', coordinates: [1, 2] });
const FILES = [
  ...Object.values(JSON.parse(readFileSync(PYARROW, 'utf8')) as Record<string, string>).map((text) =>
    Buffer.from(text, 'base64'),
  ),
  rawParquet({ pages: [{ body: Buffer.concat([levels(2, 1), plainTexts([WKB, WKB])]), values: 2 }] }),
];

describe('a GeoParquet', () => {
  printCorpora('GeoParquets');

  fuzz(
    'that was changed is read, its features rejected one by one, or refused',
    fc.record({ file: fc.constantFrom(...FILES), list: edits, blockBytes: fc.constantFrom(500, 1_000_000) }),
    async ({ file, list, blockBytes }) => {
      const bytes = edited(file, list);
      const outcome = await reading(() => readSource(geoParquetFormat, memoryReader(bytes), { blockBytes }));
      if ('refused' in outcome) {
        expect(outcome.refused.code).toMatch(/^(not-a-parquet|(parquet|geoparquet)-[a-z-]+)$/);
        return;
      }
      for (const { sink } of outcome.read) {
        for (const { problem } of sink.rejects) expect(problem.code).toMatch(/^(wkb|geoparquet)-/);
      }
    },
  );

  fuzz(
    'with a changed block of LZ4 is decompressed within its room, or not at all',
    fc.record({ bytes: fc.uint8Array({ maxLength: 200 }), room: fc.nat(500), hadoop: fc.boolean() }),
    ({ bytes, room, hadoop }) => {
      const target = new Uint8Array(room);
      try {
        (hadoop ? decodeHadoopLz4 : decodeLz4)(bytes, target);
      } catch (error) {
        expect((error as Error).message).not.toBe('');
      }
    },
  );
});
