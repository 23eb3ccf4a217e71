import { describe, expect, it } from 'vitest';
import { sourcePixelsOfTile } from '../../../../shared/geo/warp/source-cost.ts';
import { memoryRaster } from './memory-raster.ts';

const raster = (overviews: number) =>
  memoryRaster({ width: 8192, height: 4096, epsg: 3857, transform: [1, 0, 0, 0, -1, 0], blockSize: 512, overviews });

describe('sourcePixelsOfTile', () => {
  it('counts whole blocks around the window', () => {
    expect(sourcePixelsOfTile(raster(0), 1, 256)).toBe(1024 * 1024);
  });

  it('is no more than the level has', () => {
    expect(sourcePixelsOfTile(raster(0), 1000, 256)).toBe(8192 * 4096);
  });

  it('counts the overview that is read', () => {
    expect(sourcePixelsOfTile(raster(4), 16, 256)).toBe(512 * 256);
  });
});
