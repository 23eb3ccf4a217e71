import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { shapefile } from '../../../shared/geo/formats/shapefile/shapefile-format.ts';
import { readFeatures } from '../../helpers/read-features.ts';
import { shapefileFiles, shapefileSource, type ShapefileFiles } from '../../helpers/shapefile-source.ts';
import { writeDbf, type PlainShape } from '../../helpers/write-shapefile.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';

/** Bytes of the smallest record and of the smallest row. */
const MIN_RECORD_BYTES = 12;

describe('shapefile', () => {
  printCorpora('shapefile');
  const ring = [[0, 0, 1, 2], [0, 5, 1, 2], [5, 5, 1, 2], [0, 0, 1, 2]]; // prettier-ignore
  const hole = [[1, 2, 1, 2], [2, 4, 1, 2], [1, 4, 1, 2], [1, 2, 1, 2]]; // prettier-ignore
  const fields = [
    { name: 'text', type: 'C', length: 9 },
    { name: 'number', type: 'N', length: 12, decimals: 3 },
    { name: 'day', type: 'D', length: 8 },
    { name: 'flag', type: 'L', length: 1 },
    { name: 'at', type: '@', length: 8 },
  ];
  const seeds: ShapefileFiles[] = [1, 5, 8, 13, 31].map((type) => {
    const shape: PlainShape = {
      1: { type, parts: [[[1, 2]]] },
      5: { type, parts: [ring, hole, ring] },
      8: { type, parts: [ring] },
      13: { type, parts: [ring, hole] },
      31: { type, parts: [ring, hole, ring, ring], partTypes: [2, 3, 0, 1] },
    }[type]!;
    const shapes = Array.from({ length: 12 }, (_, index) => (index === 5 ? { type: 0 } : shape));
    const rows = shapes.map((_, index) => [`ä${index}`, `${index}.5`, '20261126', 'T', Buffer.alloc(8, index)]);
    return {
      ...shapefileFiles(type, shapes),
      dbf: writeDbf(fields, rows),
      cpg: Buffer.from('UTF-8'),
      prj: Buffer.from('X'),
    };
  });

  fuzz(
    'with bytes of its files changed, cut, moved and put in is read within them, or refused for good',
    fc.record({
      seed: fc.nat(seeds.length - 1),
      file: fc.constantFrom('shp' as const, 'shx' as const, 'dbf' as const, 'cpg' as const),
      list: edits,
      without: fc.constantFrom('shx' as const, 'dbf' as const, 'cpg' as const, 'prj' as const, undefined),
      blockBytes: fc.constantFrom(1, 500, 1_000_000),
    }),
    async ({ seed, file, list, without, blockBytes }) => {
      const files = { ...seeds[seed]!, [file]: edited(seeds[seed]![file]!, list) };
      if (without !== undefined) files[without] = undefined;
      const source = shapefileSource(files);
      const read = await reading(() => readFeatures(shapefile, source, { blockBytes }));
      if ('refused' in read) return;
      const { features, rejects } = read.read[0]!.sink;
      const bytes = files.shp.length + (files.dbf?.length ?? 0);
      expect(features.length + rejects.length).toBeLessThanOrEqual(bytes / MIN_RECORD_BYTES + (files.dbf?.length ?? 0));
      for (const reader of source.readers.values()) expect(reader.reads.length).toBeLessThanOrEqual(2000);
    },
  );
});
