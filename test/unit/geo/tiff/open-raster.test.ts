import { describe, expect, it } from 'vitest';
import { openRaster } from '../../../../shared/geo/tiff/open-raster.ts';
import { makeTiff, pattern, type TiffOptions } from '../../../helpers/make-tiff.ts';
import { memoryReader } from '../../../helpers/memory-reader.ts';
import { readLevel, readMask } from '../../../helpers/raster-pixels.ts';

const WIDTH = 131;
const HEIGHT = 77;

const open = (options: Partial<TiffOptions> = {}) =>
  openRaster(memoryReader(makeTiff({ width: WIDTH, height: HEIGHT, ...options })));

/** What was written at a level: overviews take every second, fourth … pixel. */
function expected(options: Partial<TiffOptions>, level: number): number[] {
  const value = options.value ?? pattern;
  const samples = (options.bands ?? 1) + (options.alpha === true ? 1 : 0);
  const width = Math.ceil(WIDTH / 2 ** level);
  const height = Math.ceil(HEIGHT / 2 ** level);
  return Array.from({ length: width * height * samples }, (_, index) => {
    const pixel = Math.floor(index / samples);
    const column = Math.min((pixel % width) * 2 ** level, WIDTH - 1);
    const row = Math.min(Math.floor(pixel / width) * 2 ** level, HEIGHT - 1);
    return value(column, row, index % samples, level);
  });
}

const signed = (column: number, row: number, sample: number): number => (column - row) * 97 + sample;
const elevation = (column: number, row: number): number => Math.fround(column * 1.37 - row * 0.11);

const FORMATS: [name: string, options: Partial<TiffOptions>][] = [
  ['one band in strips', {}],
  ['strips of one row', { rowsPerStrip: 1 }],
  ['one strip', { rowsPerStrip: 1000 }],
  ['RGB in deflated tiles with predictor 2', { bands: 3, tileSize: 64, compression: 'deflate', predictor: 2 }],
  ['RGB with the old code of deflate', { bands: 3, compression: 'old-deflate' }],
  ['RGBA in LZW with predictor 2', { bands: 3, alpha: true, compression: 'lzw', predictor: 2 }],
  ['grey and alpha', { alpha: true, tileSize: 32 }],
  ['six bands in LZW', { bands: 6, compression: 'lzw', tileSize: 48 }],
  ['PackBits', { compression: 'packbits', value: (column) => column >> 4 }],
  ['zstd with predictor 2', { bands: 3, compression: 'zstd', predictor: 2 }],
  ['planes', { bands: 3, bandInterleaved: true, compression: 'deflate', predictor: 2, tileSize: 64 }],
  ['planes in strips', { bands: 2, bandInterleaved: true, compression: 'lzw' }],
  ['BigTIFF', { bigTiff: true, bands: 3, tileSize: 64 }],
  ['big-endian BigTIFF', { bigTiff: true, bigEndian: true, sampleType: 'int16', value: signed, tileSize: 64 }],
  ['int8', { sampleType: 'int8', value: (column, row) => ((column + row) % 256) - 128 }],
  ['uint16 with predictor 2', { sampleType: 'uint16', compression: 'lzw', predictor: 2 }],
  ['big-endian uint16 with predictor 2', { sampleType: 'uint16', bigEndian: true, compression: 'lzw', predictor: 2 }],
  ['int16', { sampleType: 'int16', value: signed }],
  ['uint32 with predictor 2', { sampleType: 'uint32', compression: 'deflate', predictor: 2 }],
  ['big-endian int32, four bands', { sampleType: 'int32', bands: 4, bigEndian: true, predictor: 2, value: signed }],
  ['float32', { sampleType: 'float32', value: elevation }],
  ['big-endian float32', { sampleType: 'float32', bigEndian: true, value: elevation }],
  ['float32 with predictor 2', { sampleType: 'float32', predictor: 2, compression: 'deflate', value: elevation }],
  ['float32 with predictor 3', { sampleType: 'float32', predictor: 3, compression: 'lzw', value: elevation }],
  ['big-endian float32 with predictor 3', { sampleType: 'float32', predictor: 3, bigEndian: true, value: elevation }],
  ['three float32 bands with predictor 3', { sampleType: 'float32', bands: 3, predictor: 3, value: elevation }],
  ['float64 with predictor 3', { sampleType: 'float64', predictor: 3, compression: 'deflate', value: elevation }],
  ['big-endian float64', { sampleType: 'float64', bigEndian: true, value: elevation }],
];

describe('openRaster', () => {
  it.each(FORMATS)('reads %s', async (_name, options) => {
    const raster = await open(options);
    expect(await readLevel(raster, 0)).toEqual(expected(options, 0));
  });

  it('reads overviews by decreasing size', async () => {
    const options = { bands: 3, tileSize: 32, compression: 'deflate', predictor: 2, overviews: 3 } as const;
    const raster = await open(options);
    expect(raster.levels.map((level) => [level.width, level.height])).toEqual([
      [131, 77],
      [66, 39],
      [33, 20],
      [17, 10],
    ]);
    for (const level of [0, 1, 2, 3]) expect(await readLevel(raster, level)).toEqual(expected(options, level));
  });

  it('describes a tiled RGBA raster', async () => {
    const raster = await open({ bands: 3, alpha: true, tileSize: 64, compression: 'deflate', nodata: 7 });
    expect(raster).toMatchObject({
      etag: '"memory"',
      width: 131,
      height: 77,
      bands: 3,
      alpha: true,
      samples: 4,
      sampleType: 'uint8',
      nodata: 7,
      photometric: 'rgb',
      palette: undefined,
      crs: { epsg: 32621, name: 'WGS 84 / UTM zone 21N' },
      transform: [10, 0, 500_000, 0, -10, 5_000_000],
      compression: 'deflate',
      tiled: true,
      advisories: [],
    });
    expect(raster.levels[0]).toMatchObject({ blockWidth: 64, blockHeight: 64, blocksAcross: 3, blocksDown: 2 });
  });

  it('gives the last strip the rows that are left', async () => {
    const raster = await open({ rowsPerStrip: 16 });
    await expect(raster.levels[0]!.readBlock(0, 4)).resolves.toMatchObject({ width: 131, height: 13 });
  });

  it('gives a tile at the edge its whole size', async () => {
    const raster = await open({ tileSize: 64 });
    await expect(raster.levels[0]!.readBlock(2, 1)).resolves.toMatchObject({ width: 64, height: 64 });
  });

  it.each(['uint8', 'uint16'] as const)('leaves the bytes of a reader as they are: %s', async (sampleType) => {
    const bytes = makeTiff({ width: WIDTH, height: HEIGHT, sampleType, bigEndian: true, predictor: 2 });
    // An odd offset, as in a buffer that a reader shares between reads.
    const shared = Buffer.concat([Buffer.alloc(1), bytes]).subarray(1);
    const reader = memoryReader(shared);
    const raster = await openRaster({ ...reader, read: async (at, length) => shared.subarray(at, at + length) });
    expect(await readLevel(raster, 0)).toEqual(expected({}, 0));
    expect(shared.equals(bytes)).toBe(true);
  });

  it.each([
    [-1, 0],
    [3, 0],
    [0, 2],
    [NaN, 0],
  ])('has no block %d/%d', async (column, row) => {
    const raster = await open({ tileSize: 64 });
    await expect(raster.levels[0]!.readBlock(column, row)).rejects.toThrow(RangeError);
  });

  it('gives undefined for a block that is not stored', async () => {
    const raster = await open({ tileSize: 64, sparse: (column) => column === 1 });
    await expect(raster.levels[0]!.readBlock(1, 0)).resolves.toBeUndefined();
    await expect(raster.levels[0]!.readBlock(0, 0)).resolves.toBeDefined();
  });

  it.each([
    ['tiles', { tileSize: 32, compression: 'deflate' }],
    ['strips', { rowsPerStrip: 7 }],
  ] as const)('reads the mask of every level in %s', async (_name, options) => {
    const inside = (column: number, row: number): boolean => column > 20 && row % 9 !== 0;
    const raster = await open({ ...options, bands: 3, overviews: 1, mask: inside });
    for (const [index, level] of raster.levels.entries()) {
      const mask = Array.from({ length: level.width * level.height }, (_, pixel) =>
        inside((pixel % level.width) << index, Math.floor(pixel / level.width) << index) ? 255 : 0,
      );
      expect(await readMask(raster, index)).toEqual(mask);
    }
  });

  it('gives no mask for a block where all pixels are valid', async () => {
    const raster = await open({ tileSize: 32, mask: (column) => column < 40 });
    expect((await raster.levels[0]!.readBlock(0, 0))?.mask).toBeUndefined();
    expect((await raster.levels[0]!.readBlock(1, 0))?.mask).toBeDefined();
  });

  it('reads a palette', async () => {
    const palette = Uint8Array.from({ length: 768 }, (_, index) => (index * 7) % 256);
    const raster = await open({ palette });
    expect(raster).toMatchObject({ photometric: 'palette', palette, bands: 1 });
  });

  it('divides associated alpha out of the colours', async () => {
    const value = (column: number, _row: number, sample: number): number => (sample === 3 ? column % 256 : 0);
    const bytes = makeTiff({
      width: WIDTH,
      height: HEIGHT,
      bands: 3,
      alpha: true,
      rowsPerStrip: HEIGHT,
      value: (column, row, sample) =>
        sample === 3 ? value(column, row, sample) : Math.round((200 * (column % 256)) / 255),
    });
    const raster = await openRaster(memoryReader(withExtraSample(bytes, 1)));
    const block = (await raster.levels[0]!.readBlock(0, 0))!;
    expect([...block.samples.subarray(130 * 4, 131 * 4)]).toEqual([200, 200, 200, 130]);
    expect([...block.samples.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['-9999', 'int16', -9999],
    ['-9999', 'uint8', undefined],
    ['0.5', 'uint8', undefined],
    ['nan', 'float32', NaN],
    ['-3.4028234663852886e+38', 'float32', -3.4028234663852886e38],
    ['-3.40282e+38', 'float32', Math.fround(-3.40282e38)],
    ['0.1', 'float64', 0.1],
    ['-inf', 'float32', -Infinity],
    [' 255 ', 'uint8', 255],
    ['', 'uint8', undefined],
  ] as const)('takes the no-data value "%s" of %s as %s', async (nodata, sampleType, value) => {
    expect((await open({ nodata, sampleType, value: () => 0 })).nodata).toBe(value);
  });

  it('takes a georeference by pixel centres to the corner', async () => {
    const options = { origin: [300_000, 200_000], resolution: 30 } as const;
    const area = await open(options);
    const point = await open({ ...options, pixelIsPoint: true });
    expect(area.transform).toEqual([30, 0, 300_000, 0, -30, 200_000]);
    expect(point.transform).toEqual(area.transform);
  });

  it('takes a rotated georeference', async () => {
    const transform = [8, 2, 1000, 3, -9, 2000] as const;
    expect((await open({ transform })).transform).toEqual(transform);
    expect((await open({ transform, pixelIsPoint: true })).transform).toEqual(transform);
  });

  it('takes a geographic CRS', async () => {
    const raster = await open({ epsg: 4326, origin: [5, 50], resolution: 0.01 });
    expect(raster.crs).toMatchObject({ epsg: 4326, geographic: true });
  });

  it('advises of strips and of missing overviews', async () => {
    const large = { width: 1100, height: 4, value: () => 1 };
    await expect(open(large)).resolves.toMatchObject({ advisories: ['striped', 'no-overviews'] });
    await expect(open({ ...large, tileSize: 512 })).resolves.toMatchObject({ advisories: ['no-overviews'] });
    await expect(open({ ...large, overviews: 1 })).resolves.toMatchObject({ advisories: ['striped'] });
  });

  it('leaves out a reduced image of another shape, and says so', async () => {
    const bytes = makeTiff({ width: WIDTH, height: HEIGHT, tileSize: 64, overviews: 1 });
    const view = new DataView(bytes.buffer);
    const second = view.getUint32(10 + view.getUint16(8, true) * 12, true);
    for (let at = second + 2; at < second + 2 + view.getUint16(second, true) * 12; at += 12) {
      if (view.getUint16(at, true) === 257) view.setUint32(at + 8, 5, true);
    }
    const raster = await openRaster(memoryReader(bytes));
    expect(raster.levels).toHaveLength(1);
    expect(raster.advisories).toEqual(['overview-ignored']);
  });

  it('reads a directory that lies across the end of the first page', async () => {
    const bytes = makeTiff({ width: 40, height: 30 });
    const raster = await openRaster(memoryReader(withDirectoryAt(bytes, 32_768 - 1100, 90)));
    expect(await readLevel(raster, 0)).toEqual(await readLevel(await openRaster(memoryReader(bytes)), 0));
  });

  it('stops with the reason of the signal', async () => {
    const cancelled = AbortSignal.abort(new Error('cancelled'));
    await expect(openRaster(memoryReader(makeTiff({ width: 4, height: 4 })), cancelled)).rejects.toThrow('cancelled');
    const raster = await open({ tileSize: 64, compression: 'deflate' });
    await expect(raster.levels[0]!.readBlock(0, 0, cancelled)).rejects.toThrow('cancelled');
  });
});

/** Sets the only ExtraSamples value of a little-endian TIFF that makeTiff wrote. */
function withExtraSample(bytes: Uint8Array, kind: number): Uint8Array {
  const view = new DataView(bytes.buffer);
  const entries = view.getUint16(8, true);
  for (let at = 10; at < 10 + entries * 12; at += 12) {
    if (view.getUint16(at, true) === 338) view.setUint16(at + 8, kind, true);
  }
  return bytes;
}

/** Copies the directory of a TIFF that makeTiff wrote to another place, with private tags after its own. */
function withDirectoryAt(bytes: Uint8Array, offset: number, privateTags: number): Uint8Array {
  const file = new Uint8Array(offset + 8192);
  file.set(bytes);
  const view = new DataView(file.buffer);
  const tags = view.getUint16(8, true);
  view.setUint32(4, offset, true);
  view.setUint16(offset, tags + privateTags, true);
  file.copyWithin(offset + 2, 10, 10 + tags * 12);
  for (let index = 0; index < privateTags; index++) {
    const at = offset + 2 + (tags + index) * 12;
    view.setUint16(at, 65_000 + index, true);
    view.setUint16(at + 2, 3, true);
    view.setUint32(at + 4, 1, true);
  }
  return file;
}
