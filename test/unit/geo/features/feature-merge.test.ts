import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureMerge } from '../../../../shared/geo/features/feature-merge.ts';
import { Geometry } from '../../../../shared/geo/features/geometry.ts';
import { MAX_BLOCKS, MERGE_BUFFER_BYTES } from '../../../../shared/geo/features/limits.ts';
import { mergeSummaries } from '../../../../shared/geo/features/merge-summaries.ts';
import { arbitraryFeature } from '../../../helpers/features/arbitrary-feature.ts';
import type { TestFeature } from '../../../helpers/features/test-feature.ts';
import { inBlocks, makeBlock, memoryBlock, type MemoryBlock } from '../../../helpers/features/write-dataset.ts';

const point = (x: number, y: number, text = ''): TestFeature => ({
  geometry: { type: 'Point', hasZ: false, hasM: false, coordinates: [x, y] },
  properties: text === '' ? {} : { text: { kind: 'text', value: text } },
});

interface Given {
  key: number;
  number: number;
  x: number | undefined;
}

async function mergeAll(
  sources: MemoryBlock[],
  bufferBytes?: number,
): Promise<{ given: Given[]; merge: FeatureMerge }> {
  const { blocks } = await mergeSummaries(sources);
  for (const { reads } of sources) reads.length = 0;
  const merge = new FeatureMerge(blocks, bufferBytes === undefined ? {} : { bufferBytes });
  const given: Given[] = [];
  while (await merge.load()) {
    while (merge.advance()) {
      const { feature } = merge;
      const key = (feature as unknown as { key: number }).key;
      const geometry = new Geometry();
      feature.geometry?.copyTo(geometry);
      given.push({ key, number: feature.number, x: geometry.vertices > 0 ? geometry.xy[0] : undefined });
    }
  }
  return { given, merge };
}

describe('FeatureMerge', () => {
  it('gives every feature once, in the order of keys, those of earlier blocks first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitraryFeature, { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (features, size) => {
          const { given } = await mergeAll(inBlocks(features, size).map(memoryBlock));
          expect(given).toHaveLength(features.length);
          const keys = given.map(({ key }) => key);
          expect(keys).toEqual([...keys].sort((a, b) => a - b));
        },
      ),
    );
  });

  it('keeps features of the same place in the order of their blocks and numbers', async () => {
    // So close together that they have the same key.
    const x = (block: number) => 5 + block * 1e-9;
    const blocks = Array.from({ length: 30 }, (_, block) => makeBlock([1, 2, 3].map(() => point(x(block), 5))));
    const { given } = await mergeAll(blocks.map(memoryBlock));
    expect(new Set(given.map(({ key }) => key)).size).toBe(1);
    expect(given.map(({ number }) => number)).toEqual(Array.from({ length: 90 }, (_, index) => index % 3));
    expect(given.map((feature) => feature.x)).toEqual(
      Array.from({ length: 90 }, (_, index) => x(Math.floor(index / 3))),
    );
  });

  it('reads blocks that lie apart one after the other, in few large pieces', async () => {
    const sources = Array.from({ length: 10 }, (_, block) =>
      memoryBlock(
        makeBlock(
          Array.from({ length: 1000 }, (_, number) => point(-170 + 30 * block + number / 1e6, 10, 'x'.repeat(50))),
        ),
      ),
    );
    const { merge } = await mergeAll(sources, 2 * 2 ** 20);
    const length = Math.max(...sources.map(({ size }) => size));
    expect(length).toBeGreaterThan(100_000);
    for (const { reads } of sources) expect(reads.length).toBeLessThanOrEqual(Math.ceil(length / merge.windowBytes));
    expect(merge.windowBytes).toBeGreaterThan(35_000);
  });

  it('holds no more than it may and the feature that it gives, however blocks overlap and long records are', async () => {
    const long = fc.record({ x: fc.integer({ min: -180, max: 180 }), bytes: fc.integer({ min: 1, max: 60_000 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(long, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 12 + 13, max: 100 }).map((windows) => windows * 8192),
        async (blocks, bufferBytes) => {
          const sources = blocks.map((features) =>
            memoryBlock(makeBlock(features.map(({ x, bytes }) => point(x, 10, 'x'.repeat(bytes))))),
          );
          const { blocks: merged } = await mergeSummaries(sources);
          const merge = new FeatureMerge(merged, { bufferBytes });
          let most = 0;
          const look = (): void => void (most = Math.max(most, merge.heldBytes));
          for (const source of sources) {
            const read = source.read.bind(source);
            source.read = (offset, length) => read(offset, length).finally(look);
          }
          while (await merge.load()) while (merge.advance()) look();
          const longest = Math.max(...blocks.flat().map(({ bytes }) => bytes));
          expect(most).toBeGreaterThan(0);
          expect(most).toBeLessThanOrEqual(bufferBytes + longest + 128);
          expect(merge.count).toBe(blocks.flat().length);
          expect(merge.heldBytes).toBe(0);
        },
      ),
    );
  });

  it('shares its memory out evenly, whatever the blocks are that lie all over the world', async () => {
    const source = memoryBlock(makeBlock([point(-180, -90), point(180, 90)]));
    const { blocks } = await mergeSummaries([source]);
    const windowOf = (count: number): number =>
      new FeatureMerge(Array.from({ length: count }, () => blocks[0]!)).windowBytes;
    expect(windowOf(1)).toBe(2 * 2 ** 20);
    for (const count of [100, 1000, MAX_BLOCKS]) {
      const held = windowOf(count) * (count + 32);
      expect(held).toBeLessThanOrEqual(MERGE_BUFFER_BYTES);
      expect(held).toBeGreaterThan(MERGE_BUFFER_BYTES * 0.97);
    }
  });

  it('takes in a record that is longer than a window, and goes on with short reads', async () => {
    const long = point(10, 10, 'x'.repeat(300_000));
    const blocks = [
      [point(9, 9), long, point(11, 11), point(50, 50)],
      [point(10, 10), point(60, 60)],
    ].map(makeBlock);
    const sources = blocks.map(memoryBlock);
    const { given } = await mergeAll(sources, 64 * 1024);
    expect(given).toHaveLength(6);
    expect(sources[0]!.reads.length).toBeLessThanOrEqual(4);
  });

  it('reads every byte of the records once', async () => {
    const features = Array.from({ length: 3000 }, (_, number) =>
      point((number % 360) - 180, (number % 170) - 85, 'abc'),
    );
    const sources = inBlocks(features, 1000).map(memoryBlock);
    const { blocks } = await mergeSummaries(sources);
    await mergeAll(sources, 256 * 1024);
    for (const [index, { reads }] of sources.entries()) {
      expect(reads.reduce((sum, { length }) => sum + length, 0)).toBe(blocks[index]!.preamble.records.bytes);
    }
  });

  it('has nothing to give without features', async () => {
    expect((await mergeAll([memoryBlock(makeBlock([]))])).given).toEqual([]);
    expect((await mergeAll([])).given).toEqual([]);
  });

  it('refuses more blocks than its buffers are for', async () => {
    const block = memoryBlock(makeBlock([]));
    await expect(mergeSummaries(Array.from({ length: 4001 }, () => block))).rejects.toMatchObject({
      code: 'feature-blocks-too-many',
    });
  });

  it('ends with the failure of a source', async () => {
    const source = memoryBlock(makeBlock([point(1, 1)]));
    const { blocks } = await mergeSummaries([source]);
    source.read = () => Promise.reject(new Error('gone'));
    const merge = new FeatureMerge(blocks);
    await expect(merge.load()).rejects.toThrow('gone');
  });
});
