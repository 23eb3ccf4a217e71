import fc from 'fast-check';
import type { ColumnChunk, SchemaElement } from 'hyparquet';
import { unconvertStatistics } from 'hyparquet-writer/src/unconvert.js';
import { describe, expect, it } from 'vitest';
import { settleBounds } from '../../../shared/geo/formats/geoparquet/settle-bounds.ts';

const ELEMENT: SchemaElement = { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8' };
/** Bounds as the footer has them are so long, where there are any as short. */
const BOUND_BYTES = 16;
const encoder = new TextEncoder();

type Statistics = NonNullable<NonNullable<ColumnChunk['meta_data']>['statistics']>;

const settled = (statistics: Statistics): Statistics => {
  const chunk = { meta_data: { statistics: { ...statistics } } } as ColumnChunk;
  settleBounds(chunk, ELEMENT);
  return chunk.meta_data!.statistics!;
};
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  // The last code point, above which there is none, and those on both sides of the surrogates.
  fc.string({ unit: fc.constantFrom('\u{10ffff}', '\ud7ff', '\ue000', 'a'), maxLength: 40 }),
);

describe('settleBounds', () => {
  it('changes nothing of what the footer tells', () => {
    fc.assert(
      fc.property(text, text, (least, greatest) => {
        const statistics = { min_value: encoder.encode(least), max_value: encoder.encode(greatest), null_count: 3n };
        expect(unconvertStatistics(settled(statistics), ELEMENT)).toEqual(unconvertStatistics(statistics, ELEMENT));
      }),
    );
  });

  it('keeps none of the texts that a bound was one of', () => {
    const texts = encoder.encode('abcdefghijklmnopqrstuvwxyz'.repeat(1000));
    const { min_value: least, max_value: greatest } = settled({
      min_value: texts.subarray(3, 7),
      max_value: texts.subarray(5, 20_000),
    });
    expect([least, greatest].map((bound) => (bound as Uint8Array).buffer.byteLength)).toEqual([4, BOUND_BYTES]);
  });

  it('leaves bounds that are numbers, and chunks without any', () => {
    expect(settled({ min_value: 1, max_value: 2 })).toEqual({ min_value: 1, max_value: 2 });
    expect(() => settleBounds({ meta_data: {} } as ColumnChunk, ELEMENT)).not.toThrow();
  });
});
