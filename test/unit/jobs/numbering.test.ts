import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chunkUnits,
  hasChunk,
  locateShard,
  selectedRanges,
  shardCount,
  totalChunks,
  totalUnits,
  type UnitRange,
} from '../../../shared/jobs/numbering.ts';

/** 300 chunks in two shards, none, and 4 chunks in one: shards 0 and 1, none, and 2. */
const DATASETS = [
  { id: 'a', units: 300, chunkUnits: 1 },
  { id: 'none', units: 0, chunkUnits: 7 },
  { id: 'b', units: 10, chunkUnits: 3 },
];

describe('the numbering', () => {
  it('counts units, chunks and shards of all datasets', () => {
    expect([totalUnits(DATASETS), totalChunks(DATASETS), shardCount(DATASETS)]).toEqual([310, 304, 3]);
    expect([totalUnits([]), totalChunks([]), shardCount([])]).toEqual([0, 0, 0]);
    expect(shardCount([{ id: 'a', units: 512, chunkUnits: 2 }])).toBe(1);
    expect(shardCount([{ id: 'a', units: 513, chunkUnits: 2 }])).toBe(2);
  });

  it('finds the dataset of a shard', () => {
    expect(locateShard(DATASETS, 0)).toEqual({ dataset: 0, firstChunk: 0, chunks: 256 });
    expect(locateShard(DATASETS, 1)).toEqual({ dataset: 0, firstChunk: 256, chunks: 44 });
    expect(locateShard(DATASETS, 2)).toEqual({ dataset: 2, firstChunk: 0, chunks: 4 });
  });

  it.each([3, -1, 0.5])('has no shard %d', (shard) => {
    expect(() => locateShard(DATASETS, shard)).toThrow(
      new RangeError(`shard ${shard} is outside of the 3 shards of this job`),
    );
  });

  it('gives each chunk its units, and the last one the rest', () => {
    expect(chunkUnits(DATASETS, 0, 255)).toEqual({ start: 255, end: 256 });
    expect(chunkUnits(DATASETS, 1, 0)).toEqual({ start: 256, end: 257 });
    expect(chunkUnits(DATASETS, 2, 2)).toEqual({ start: 6, end: 9 });
    expect(chunkUnits(DATASETS, 2, 3)).toEqual({ start: 9, end: 10 });
  });

  it.each([4, -1, 0.5])('has no chunk %d in the last shard', (chunk) => {
    expect(() => chunkUnits(DATASETS, 2, chunk)).toThrow(
      new RangeError(`chunk ${chunk} is outside of the 4 chunks of shard 2`),
    );
  });

  it('knows which chunks there are', () => {
    expect(hasChunk(DATASETS, 1, 43)).toBe(true);
    expect(hasChunk(DATASETS, 1, 44)).toBe(false);
    expect(hasChunk(DATASETS, 2, 3)).toBe(true);
    expect(hasChunk(DATASETS, 3, 0)).toBe(false);
    expect(hasChunk([], 0, 0)).toBe(false);
  });

  it('gives each unit of a dataset to exactly one chunk, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 1, max: 5 }), (units, size) => {
        const datasets = [{ id: 'a', units, chunkUnits: size }];
        const ranges: UnitRange[] = [];
        for (let shard = 0; shard < shardCount(datasets); shard++) {
          for (let chunk = 0; chunk < locateShard(datasets, shard).chunks; chunk++) {
            ranges.push(chunkUnits(datasets, shard, chunk));
          }
        }
        expect(ranges.flatMap(numbersOf)).toEqual(numbersOf({ start: 0, end: units }));
        expect(ranges.every((range) => range.start < range.end)).toBe(true);
      }),
    );
  });
});

describe('selectedRanges', () => {
  const SELECTION = [
    { start: 10, end: 13 },
    { start: 20, end: 21 },
    { start: 30, end: 40 },
  ];

  it('maps positions in a selection to the units behind them', () => {
    expect(selectedRanges(undefined, { start: 2, end: 5 })).toEqual([{ start: 2, end: 5 }]);
    expect(selectedRanges(SELECTION, { start: 0, end: 3 })).toEqual([{ start: 10, end: 13 }]);
    expect(selectedRanges(SELECTION, { start: 2, end: 6 })).toEqual([
      { start: 12, end: 13 },
      { start: 20, end: 21 },
      { start: 30, end: 32 },
    ]);
    expect(selectedRanges(SELECTION, { start: 3, end: 4 })).toEqual([{ start: 20, end: 21 }]);
    expect(selectedRanges(SELECTION, { start: 12, end: 20 })).toEqual([{ start: 38, end: 40 }]);
    expect(selectedRanges([], { start: 0, end: 1 })).toEqual([]);
  });

  it('is the list of all selected units, cut at the positions', () => {
    const all = SELECTION.flatMap(numbersOf);
    fc.assert(
      fc.property(fc.nat(16), fc.nat(16), (a, b) => {
        const positions = { start: Math.min(a, b), end: Math.max(a, b) };
        expect(selectedRanges(SELECTION, positions).flatMap(numbersOf)).toEqual(
          all.slice(positions.start, positions.end),
        );
      }),
    );
  });
});

function numbersOf({ start, end }: UnitRange): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}
