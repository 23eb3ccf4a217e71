import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../../../shared/geo/projections/crs-from-epsg.ts';
import { transformer } from '../../../../shared/geo/projections/transformer.ts';
import { tileAt, tileBounds, tileResolution, toMercator } from '../../../../shared/geo/tiles/web-mercator-quad.ts';
import { createBlockCache } from '../../../../shared/geo/warp/block-cache.ts';
import { createBufferPool } from '../../../../shared/geo/warp/buffer-pool.ts';
import { rasterFootprint } from '../../../../shared/geo/warp/footprint.ts';
import { nativeResolution } from '../../../../shared/geo/warp/native-resolution.ts';
import { warpTile, type WarpSource } from '../../../../shared/geo/warp/warp-tile.ts';
import { betweenPixels, compareWithReference, onEdge } from './compare-with-reference.ts';
import { memoryRaster, type MemoryRasterOptions } from './memory-raster.ts';
import { referenceWarp } from './reference-warp.ts';

const TILE = 64;

function sourceOf(options: MemoryRasterOptions, more: Partial<WarpSource> = {}): WarpSource {
  const raster = memoryRaster(options);
  const channels = options.bands ?? 3;
  return {
    raster,
    cache: createBlockCache(raster),
    pool: createBufferPool(),
    extents: rasterFootprint(raster).extents,
    selection: { bands: Array.from({ length: channels }, (_, index) => index + 1), nodata: options.nodata },
    rescale: Array.from({ length: 3 }, () => [0, 255] as const),
    resampling: 'bilinear',
    ...more,
  };
}

/** A raster of `size` pixels around a place, in a CRS. */
function rasterAround(epsg: number, place: [number, number], pixel: number, size: number): MemoryRasterOptions {
  const [x, y] = transformer('EPSG:4326', crsFromEpsg(epsg))(place[0], place[1]);
  const half = (pixel * size) / 2;
  return { width: size, height: size, epsg, transform: [pixel, 0, x - half, 0, -pixel, y + half] };
}

/** Where each CRS is used: longitudes, latitudes, and the unit of its coordinates in metres. */
const CRS_DOMAINS = [
  { epsg: 4326, west: -170, south: -75, east: 170, north: 75, unit: 111_320 },
  { epsg: 3857, west: -170, south: -75, east: 170, north: 75, unit: 1 },
  { epsg: 32633, west: 12, south: 1, east: 18, north: 80, unit: 1 },
  { epsg: 32733, west: 12, south: -75, east: 18, north: -1, unit: 1 },
  { epsg: 3413, west: -180, south: 62, east: 180, north: 83, unit: 1 },
  { epsg: 3031, west: -180, south: -83, east: 180, north: -65, unit: 1 },
  { epsg: 3035, west: -10, south: 35, east: 32, north: 68, unit: 1 },
] as const;

const place = fc.constantFrom(...CRS_DOMAINS).chain(({ epsg, west, south, east, north, unit }) =>
  fc.record({
    epsg: fc.constant(epsg),
    place: fc.tuple(
      fc.double({ min: west, max: east, noNaN: true }),
      fc.double({ min: south, max: north, noNaN: true }),
    ),
    // From a metre to two kilometres, evenly over the orders of magnitude.
    pixel: fc.double({ min: 0, max: 3.3, noNaN: true }).map((exponent) => 10 ** exponent / unit),
    zoomStep: fc.constantFrom(-1, 0, 1, 2),
  }),
);

describe('warpTile', () => {
  it.each(['bilinear', 'nearest'] as const)(
    'is within one level of projecting every pixel (%s)',
    async (resampling) => {
      let compared = 0;
      const law = fc.asyncProperty(place, async ({ epsg, place: [longitude, latitude], pixel, zoomStep }) => {
        const options = rasterAround(epsg, [longitude, latitude], pixel, 150);
        const source = sourceOf(options, { resampling });
        const zoom = Math.round(Math.log2(tileResolution(0, TILE) / nativeResolution(source.raster)!)) + zoomStep;
        const bounds = tileBounds(tileAt(longitude, latitude, Math.max(0, zoom)));
        const pixels = await warpTile(source, { bounds, size: TILE });
        const reference = referenceWarp(options, bounds, TILE, resampling);
        const edge = onEdge(150, 150);
        const undecided = resampling === 'nearest' ? betweenPixels : edge;
        const result = compareWithReference(pixels, reference, undecided);
        compared += result.compared;
        expect(result).toMatchObject({ visibilityErrors: 0 });
        expect(result.worst).toBeLessThanOrEqual(1);
      });
      await fc.assert(law, { numRuns: 14, seed: 7 });
      expect(compared).toBeGreaterThan(10_000);
    },
  );

  it('makes a tile that lies inside of the raster without an alpha channel', async () => {
    const source = sourceOf(rasterAround(32633, [15, 48], 10, 600));
    const pixels = await warpTile(source, { bounds: tileBounds(tileAt(15, 48, 15)), size: 256 });
    expect(pixels?.channels).toBe(3);
  });

  it('gives nothing where the raster is not', async () => {
    const source = sourceOf(rasterAround(32633, [15, 48], 10, 600));
    expect(await warpTile(source, { bounds: tileBounds(tileAt(-120, 48, 15)), size: 256 })).toBeUndefined();
  });

  it('reads an overview where it is as fine as the target', async () => {
    const levels = new Set<number>();
    const options = {
      ...rasterAround(32633, [15, 48], 10, 600),
      overviews: 3,
      onRead: (level: number) => void levels.add(level),
    };
    await warpTile(sourceOf(options), { bounds: tileBounds(tileAt(15, 48, 11)), size: 256 });
    // A pixel of zoom 11 is 51 m on the ground there: 40 m is the coarsest that is as fine.
    expect([...levels]).toEqual([2]);
  });

  it('shows a raster from 0 to 360 degrees west of Greenwich too', async () => {
    const options: MemoryRasterOptions = { width: 720, height: 360, epsg: 4326, transform: [0.5, 0, 0, 0, -0.5, 90] };
    for (const longitude of [-170, -10, 10, 170]) {
      const bounds = tileBounds(tileAt(longitude, 30, 3));
      const pixels = await warpTile(sourceOf(options), { bounds, size: TILE });
      const result = compareWithReference(pixels, referenceWarp(options, bounds, TILE, 'bilinear'), onEdge(720, 360));
      expect(result).toMatchObject({ visibilityErrors: 0, compared: TILE * TILE });
      expect(result.worst).toBeLessThanOrEqual(1);
    }
  });

  it.each([179.5, -179.5])('shows a UTM raster across the antimeridian on both sides (%s)', async (longitude) => {
    const options = rasterAround(32660, [180, 20], 500, 400);
    const bounds = tileBounds(tileAt(longitude, 20, 8));
    const pixels = await warpTile(sourceOf(options), { bounds, size: TILE });
    const result = compareWithReference(pixels, referenceWarp(options, bounds, TILE, 'bilinear'), onEdge(400, 400));
    expect(result.visibilityErrors).toBe(0);
    expect(result.compared).toBeGreaterThan(TILE);
    expect(result.worst).toBeLessThanOrEqual(1);
  });

  it('shows a raster around the pole up to the edge of the world', async () => {
    const options: MemoryRasterOptions = {
      width: 200,
      height: 200,
      epsg: 3413,
      transform: [20_000, 0, -2e6, 0, -20_000, 2e6],
    };
    const bounds = tileBounds({ zoom: 2, column: 3, row: 0 });
    const pixels = await warpTile(sourceOf(options), { bounds, size: TILE });
    const result = compareWithReference(pixels, referenceWarp(options, bounds, TILE, 'bilinear'), onEdge(200, 200));
    expect(result.visibilityErrors).toBe(0);
    expect(result.worst).toBeLessThanOrEqual(1);
  });

  it('does not let masked pixels bleed into their neighbours', async () => {
    const options: MemoryRasterOptions = {
      ...rasterAround(3857, [15, 48], 30, 200),
      mask: (column, row) => (column >> 3) % 2 === (row >> 3) % 2,
      value: (column, row) => ((column >> 3) % 2 === (row >> 3) % 2 ? 100 : 255),
    };
    const bounds = tileBounds(tileAt(15, 48, 12));
    const pixels = (await warpTile(sourceOf(options), { bounds, size: 256 }))!;
    const shown = new Set<number>();
    for (let offset = 0; offset < pixels.data.length; offset += 4) {
      if (pixels.data[offset + 3] === 255) shown.add(pixels.data[offset]!);
    }
    expect([...shown]).toEqual([100]);
  });

  it('keeps the edge of a mask where it is', async () => {
    const options: MemoryRasterOptions = {
      ...rasterAround(32633, [15.6, 48], 30, 200),
      mask: (column) => column < 100,
    };
    const bounds = tileBounds(tileAt(15.6, 48, 12));
    const pixels = await warpTile(sourceOf(options), { bounds, size: 256 });
    const onMask = (u: number) => Math.abs(u - 100) < 1 / 256;
    const edge = onEdge(200, 200);
    const reference = referenceWarp(options, bounds, 256, 'bilinear');
    const result = compareWithReference(pixels, reference, (u, v) => onMask(u) || edge(u, v));
    expect(result.visibilityErrors).toBe(0);
    expect(result.compared).toBeGreaterThan(1000);
    expect(result.worst).toBeLessThanOrEqual(1);
  });

  it.each([NaN, -9999])('leaves out nodata %s of floating-point values', async (nodata) => {
    const options: MemoryRasterOptions = {
      ...rasterAround(32633, [15, 48], 30, 300),
      bands: 1,
      sampleType: 'float32',
      nodata,
      value: (column) => (column < 150 ? nodata : 40),
    };
    const source = sourceOf(options, { rescale: [[0, 100]] });
    const pixels = (await warpTile(source, { bounds: tileBounds(tileAt(15, 48, 12)), size: 256 }))!;
    const pairs = new Set<string>();
    for (let offset = 0; offset < pixels.data.length; offset += 2)
      pairs.add(`${pixels.data[offset]}/${pixels.data[offset + 1]}`);
    expect([...pairs].sort()).toEqual(['0/0', '102/255']);
  });

  it('blends soft alpha, and colours by their alpha', async () => {
    const options: MemoryRasterOptions = {
      ...rasterAround(3857, [15, 48], 10, 300),
      alpha: true,
      value: (column, _row, sample) => (sample === 3 ? (column < 150 ? 0 : 255) : column < 150 ? 0 : 200),
    };
    const pixels = (await warpTile(sourceOf(options), { bounds: tileBounds(tileAt(15, 48, 16)), size: 256 }))!;
    const partly = [];
    for (let offset = 0; offset < pixels.data.length; offset += 4) {
      const [red, , , alpha] = pixels.data.subarray(offset, offset + 4);
      if (alpha! > 0 && alpha! < 255) partly.push(red);
    }
    expect(partly.length).toBeGreaterThan(100);
    expect(new Set(partly)).toEqual(new Set([200]));
  });

  it('expands a palette before it blends', async () => {
    const palette = new Uint8Array(768);
    palette.set([10, 20, 30], 7 * 3);
    const options = { ...rasterAround(3857, [15, 48], 10, 300), bands: 1, palette, value: () => 7 };
    const pixels = (await warpTile(sourceOf(options), { bounds: tileBounds(tileAt(15, 48, 16)), size: 16 }))!;
    expect([...pixels.data.subarray(0, 3)]).toEqual([10, 20, 30]);
  });

  it('leaves what a sparse file does not store transparent', async () => {
    const options = { ...rasterAround(3857, [15, 48], 30, 256), sparse: (column: number) => column < 2 };
    const [x, y] = toMercator(15, 48);
    const bounds = [x - 3000, y - 3000, x + 3000, y + 3000] as const;
    const { data } = (await warpTile(sourceOf(options), { bounds, size: 100 }))!;
    expect([data[3], data[99 * 4 + 3]]).toEqual([0, 255]);
  });

  it('makes a tile of a large source without overviews in parts of bounded memory', async () => {
    let blocks = 0;
    const options = {
      width: 4000,
      height: 4000,
      epsg: 3857,
      transform: [30, 0, 0, 0, -30, 6_000_000] as const,
      bands: 1,
      blockSize: 1024,
      value: () => 9,
      onRead: () => void blocks++,
    };
    const source = sourceOf(options);
    const { data } = (await warpTile(source, { bounds: [0, 5_880_000, 120_000, 6_000_000], size: 8 }))!;
    expect(new Set(data)).toEqual(new Set([9, 255]));
    expect(blocks).toBe(16);
  });

  it('stops when it is aborted', async () => {
    const abort = new AbortController();
    const options = { ...rasterAround(3857, [15, 48], 10, 300), onRead: () => abort.abort(new Error('cancelled')) };
    const warping = warpTile(sourceOf(options), { bounds: tileBounds(tileAt(15, 48, 15)), size: 256 }, abort.signal);
    await expect(warping).rejects.toThrow('cancelled');
  });
});
