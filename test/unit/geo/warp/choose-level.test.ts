import { describe, expect, it } from 'vitest';
import { chooseLevel } from '../../../../shared/geo/warp/choose-level.ts';
import { memoryRaster } from './memory-raster.ts';

/** Levels of 1001, 501 and 251 pixels. */
const raster = memoryRaster({ width: 1001, height: 1001, epsg: 3857, transform: [1, 0, 0, 0, -1, 0], overviews: 2 });

describe('chooseLevel', () => {
  it.each([
    [0.5, 0],
    [1, 0],
    [1.97, 0],
    [1.99, 1],
    [2, 1],
    [3.9, 1],
    [4, 2],
    [1000, 2],
    [Infinity, 2],
  ])('for %s source pixels a target pixel takes level %i', (scale, level) => {
    expect(chooseLevel(raster, scale)).toBe(level);
  });
});
