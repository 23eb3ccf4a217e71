import { fromArrayBuffer } from 'geotiff';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openRaster } from '../../../../shared/geo/tiff/open-raster.ts';
import { makeJpegTiff } from '../../../helpers/make-jpeg-tiff.ts';
import { makeTiff } from '../../../helpers/make-tiff.ts';
import { memoryReader } from '../../../helpers/memory-reader.ts';
import { readLevel } from '../../../helpers/raster-pixels.ts';

const smooth = (column: number, row: number, sample: number): number =>
  Math.round(128 + 90 * Math.sin((column + sample * 20) / 23) * Math.cos(row / 17));

const LAYOUTS = [
  ['YCbCr tiles with shared tables', { bands: 3, tileSize: 64, sharedTables: true }],
  ['YCbCr tiles with tables of their own', { bands: 3, tileSize: 64 }],
  ['YCbCr strips', { bands: 3, rowsPerStrip: 16, sharedTables: true }],
  ['grey tiles', { tileSize: 64, sharedTables: true }],
  ['planes', { bands: 3, bandInterleaved: true, tileSize: 64, sharedTables: true }],
] as const;

describe('openRaster of JPEG blocks', () => {
  it.each(LAYOUTS)('reads %s as another decoder does', async (_name, layout) => {
    const bytes = await makeJpegTiff({ width: 150, height: 90, value: smooth, ...layout });
    const raster = await openRaster(memoryReader(bytes));
    expect(raster.compression).toBe('jpeg');
    const pixels = await readLevel(raster, 0);

    const oracle = await (await fromArrayBuffer(bytes.slice().buffer)).getImage();
    const rgb = 'bands' in layout && !('bandInterleaved' in layout);
    const pending = rgb ? oracle.readRGB({ interleave: true }) : oracle.readRasters({ interleave: true });
    const reference = (await pending) as unknown as ArrayLike<number>;
    expect(pixels).toHaveLength(reference.length);
    // The decoders differ in how they interpolate the colours, which are stored at half the resolution.
    const differences = pixels.map((value, index) => Math.abs(value! - reference[index]!));
    expect(Math.max(...differences)).toBeLessThanOrEqual(12);
    expect(differences.reduce((sum, value) => sum + value, 0) / differences.length).toBeLessThan(1);
  });

  it.each([false, true])('reads samples that are stored as RGB as they are, with JFIF: %s', async (jfif) => {
    // A grey image is the same in RGB and in the luminance of YCbCr: stored as YCbCr, read as RGB, its chroma shows.
    const bytes = await makeJpegTiff({ width: 64, height: 64, bands: 3, tileSize: 64, value: () => 200, jfif });
    const asStored = await openRaster(memoryReader(withPhotometric(bytes, 2)));
    const block = (await asStored.levels[0]!.readBlock(0, 0))!;
    expect(asStored.photometric).toBe('rgb');
    expect([...block.samples.subarray(0, 3)]).toEqual([200, 128, 128]);
  });

  it.each([
    [32, 32],
    [64, 128],
    [128, 64],
  ])('calls a block of 64 × 64 pixels corrupt whose JPEG has %i × %i', async (width, height) => {
    const raw = { width, height, channels: 1 } as const;
    const stream = await sharp(new Uint8Array(width * height), { raw })
      .toColourspace('b-w')
      .jpeg()
      .toBuffer();
    const bytes = makeTiff({ width: 64, height: 64, tileSize: 64, compressionCode: 7, encodeBlock: () => stream });
    const raster = await openRaster(memoryReader(bytes));
    await expect(raster.levels[0]!.readBlock(0, 0)).rejects.toMatchObject({
      code: 'raster-block-corrupt',
      retryable: false,
    });
  });
});

/** Sets PhotometricInterpretation of a little-endian TIFF. */
function withPhotometric(bytes: Uint8Array, value: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const entries = view.getUint16(8, true);
  for (let at = 10; at < 10 + entries * 12; at += 12) {
    if (view.getUint16(at, true) === 262) view.setUint16(at + 8, value, true);
  }
  return bytes;
}
