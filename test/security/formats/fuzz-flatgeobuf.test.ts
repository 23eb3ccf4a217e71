import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { flatGeobufFormat } from '../../../shared/geo/formats/flatgeobuf/flatgeobuf-format.ts';
import { makeFlatGeobuf, propertyBytes } from '../../helpers/make-flatgeobuf.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { readSource } from '../../helpers/read-source.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';

const polygon = {
  type: 'Polygon' as const,
  coordinates: [
    [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 0],
    ],
    [
      [1, 1],
      [2, 1],
      [2, 2],
      [1, 1],
    ],
  ],
};
const features = [
  {
    geometry: polygon,
    properties: [[0, propertyBytes('Int', 1)] as const, [1, propertyBytes('String', 'ä')] as const],
  },
  { geometry: { type: 'MultiPolygon' as const, coordinates: [polygon.coordinates, polygon.coordinates] } },
  {
    geometry: {
      type: 'GeometryCollection' as const,
      geometries: [polygon, { type: 'Point' as const, coordinates: [1, 2, 3, 4] }],
    },
  },
  {
    geometry: null,
    columns: [{ name: 'own', type: 'Json' as const }],
    properties: [[0, propertyBytes('Json', '{"a":1}')] as const],
  },
];
const columns = [
  { name: 'a', type: 'Int' as const },
  { name: 'b', type: 'String' as const },
  { name: 'c', type: 'DateTime' as const },
];
const FILES = [
  makeFlatGeobuf({ columns, features, crs: { org: 'EPSG', code: 4326 } }),
  makeFlatGeobuf({ columns, features: [...features, ...features], indexNodeSize: 2, name: 'a' }),
];

describe('a FlatGeobuf', () => {
  printCorpora('FlatGeobufs');

  fuzz(
    'that was changed is read, its features rejected one by one, or refused',
    fc.record({ file: fc.constantFrom(...FILES), list: edits, blockBytes: fc.constantFrom(100, 1_000_000) }),
    async ({ file, list, blockBytes }) => {
      const bytes = edited(file, list);
      const outcome = await reading(() => readSource(flatGeobufFormat, memoryReader(bytes), { blockBytes }));
      if ('refused' in outcome) {
        expect(outcome.refused.code).toMatch(/^(not-a-flatgeobuf|flatgeobuf-(corrupt|too-large))$/);
        return;
      }
      for (const { sink } of outcome.read) {
        for (const { problem } of sink.rejects) expect(problem.code).toMatch(/^flatgeobuf-/);
      }
    },
  );
});
