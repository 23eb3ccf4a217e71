import { describe, expect, it } from 'vitest';
import { createBlockCache } from '../../../../shared/geo/warp/block-cache.ts';
import { memoryRaster, type MemoryRasterOptions } from './memory-raster.ts';

const BLOCK = 64;
/** Decoded bytes of a block, and what its entry costs. */
const BLOCK_BYTES = BLOCK * BLOCK * 3 + 512;

function rasterThatCounts(onRead: MemoryRasterOptions['onRead'] = () => undefined) {
  const reads: string[] = [];
  const raster = memoryRaster({
    width: 640,
    height: 640,
    epsg: 3857,
    transform: [1, 0, 0, 0, -1, 0],
    blockSize: BLOCK,
    onRead: async (level, column, row) => {
      reads.push(`${level}/${column}/${row}`);
      await onRead(level, column, row);
    },
  });
  return { raster, reads };
}

describe('createBlockCache', () => {
  it('reads a block once for requests at the same time and later ones', async () => {
    const { raster, reads } = rasterThatCounts();
    const cache = createBlockCache(raster);
    const [one, two] = await Promise.all([cache.read(0, 1, 2), cache.read(0, 1, 2)]);
    expect(one).toBe(two);
    expect(await cache.read(0, 1, 2)).toBe(one);
    expect(reads).toEqual(['0/1/2']);
  });

  it('gives up the block that was used longest ago', async () => {
    const { raster, reads } = rasterThatCounts();
    const cache = createBlockCache(raster, { maxBytes: 2 * BLOCK_BYTES });
    for (const column of [0, 1, 0, 2, 0, 1]) await cache.read(0, column, 0);
    expect(reads).toEqual(['0/0/0', '0/1/0', '0/2/0', '0/1/0']);
  });

  it('reads no more at once than its bytes in flight allow', async () => {
    let underWay = 0;
    let most = 0;
    const { raster, reads } = rasterThatCounts(async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
    });
    const cache = createBlockCache(raster, { maxInFlightBytes: 3 * BLOCK * BLOCK * 3 });
    await Promise.all(Array.from({ length: 10 }, (_, column) => cache.read(0, column, 0)));
    expect(most).toBe(3);
    expect(reads).toHaveLength(10);
  });

  it('reads a block alone that is larger than what may be in flight', async () => {
    const { raster, reads } = rasterThatCounts();
    const cache = createBlockCache(raster, { maxInFlightBytes: 1 });
    await Promise.all([cache.read(0, 0, 0), cache.read(0, 1, 0)]);
    expect(reads).toEqual(['0/0/0', '0/1/0']);
  });

  it('reads a block again that failed, and goes on with those that wait', async () => {
    let failures = 1;
    const { raster, reads } = rasterThatCounts(() => {
      if (failures-- > 0) throw new Error('unavailable');
    });
    const cache = createBlockCache(raster, { maxInFlightBytes: 1 });
    const [failed, next] = await Promise.allSettled([cache.read(0, 0, 0), cache.read(0, 1, 0)]);
    expect([failed.status, next.status]).toEqual(['rejected', 'fulfilled']);
    await expect(cache.read(0, 0, 0)).resolves.toBeDefined();
    expect(reads).toEqual(['0/0/0', '0/1/0', '0/0/0']);
  });

  it('rejects what waits when it is aborted', async () => {
    const abort = new AbortController();
    const { raster, reads } = rasterThatCounts(() => abort.abort(new Error('cancelled')));
    const cache = createBlockCache(raster, { maxInFlightBytes: 1, signal: abort.signal });
    const results = await Promise.allSettled([cache.read(0, 0, 0), cache.read(0, 1, 0)]);
    expect(results[1]).toMatchObject({ status: 'rejected', reason: new Error('cancelled') });
    expect(reads).toEqual(['0/0/0']);
  });
});
