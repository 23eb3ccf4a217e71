import { describe, expect, it } from 'vitest';
import { estimateRescale } from '../../../../shared/geo/warp/estimate-rescale.ts';
import { memoryRaster, type MemoryRasterOptions } from './memory-raster.ts';

const BASE = {
  width: 400,
  height: 400,
  epsg: 3857,
  transform: [1, 0, 0, 0, -1, 0],
  bands: 2,
  sampleType: 'float32',
} as const satisfies MemoryRasterOptions;

const estimate = (options: Partial<MemoryRasterOptions>, nodata?: number) =>
  estimateRescale(memoryRaster({ ...BASE, ...options }), { bands: [1, 2], nodata });

describe('estimateRescale', () => {
  it('takes the 2nd and the 98th percentile of each band', async () => {
    const ranges = await estimate({ value: (column, _row, sample) => column * (sample + 1) });
    for (const [index, [min, max]] of ranges.entries()) {
      expect(Math.abs(min - 8 * (index + 1))).toBeLessThan(3 * (index + 1));
      expect(Math.abs(max - 391 * (index + 1))).toBeLessThan(3 * (index + 1));
    }
  });

  it('looks at the coarsest level only', async () => {
    const levels = new Set<number>();
    await estimate({ overviews: 2, onRead: (level) => void levels.add(level) });
    expect([...levels]).toEqual([2]);
  });

  it('looks at a few blocks of a large level', async () => {
    let reads = 0;
    await estimate({ width: 10_000, height: 10_000, value: () => 1, onRead: () => void reads++ });
    expect(reads).toBeLessThanOrEqual(16);
  });

  it('leaves out nodata, what is not a number, masked pixels and blocks that are not stored', async () => {
    const ranges = await estimate(
      {
        value: (column, row) => (column < 10 ? -9999 : column < 20 ? NaN : row < 10 ? 1e6 : column < 128 ? 2e6 : 7),
        mask: (_column, row) => row >= 10,
        sparse: (column) => column < 2,
      },
      -9999,
    );
    expect(ranges).toEqual([
      [7, 8],
      [7, 8],
    ]);
  });

  it('gives 0 to 1 where there is no value at all', async () => {
    expect(await estimate({ value: () => NaN })).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });
});
