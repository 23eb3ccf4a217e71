import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { openRaster } from '../../../shared/geo/tiff/open-raster.ts';
import { makeTiff, type TiffOptions } from '../../helpers/make-tiff.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';

const SHORT = 3;
const LONG = 4;
const DOUBLE = 12;

const tiff = (options: Partial<TiffOptions> = {}): Uint8Array => makeTiff({ width: 40, height: 30, ...options });
const open = (bytes: Uint8Array) => openRaster(memoryReader(bytes));
const refused = (code: string) => ({ code, retryable: false });

interface Entry {
  at: number;
  id: number;
}

/** Entries of the first directory of a little-endian classic TIFF that makeTiff wrote. */
function entries(bytes: Uint8Array): Entry[] {
  const view = new DataView(bytes.buffer);
  const count = view.getUint16(8, true);
  return Array.from({ length: count }, (_, index) => ({
    at: 10 + index * 12,
    id: view.getUint16(10 + index * 12, true),
  }));
}

/** Changes one tag in place: its type, its number of values, or its value or offset. */
function withTag(
  bytes: Uint8Array,
  id: number,
  change: { type?: number; count?: number; value?: number; id?: number },
) {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const { at } = entries(copy).find((entry) => entry.id === id)!;
  const type = change.type ?? view.getUint16(at + 2, true);
  if (change.id !== undefined) view.setUint16(at, change.id, true);
  if (change.type !== undefined) view.setUint16(at + 2, change.type, true);
  if (change.count !== undefined) view.setUint32(at + 4, change.count, true);
  if (change.value !== undefined) {
    if (type === SHORT) view.setUint16(at + 8, change.value, true);
    else view.setUint32(at + 8, change.value, true);
  }
  return copy;
}

/** Offset of the pointer to the next directory. */
function nextPointer(bytes: Uint8Array): number {
  return 10 + entries(bytes).length * 12;
}

describe('openRaster of a broken file', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['seven bytes', Uint8Array.of(0x49, 0x49, 42, 0, 8, 0, 0)],
    ['a PNG', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['text', Buffer.from('<html>Not found</html>')],
    ['another version', Uint8Array.of(0x49, 0x49, 44, 0, 8, 0, 0, 0)],
    ['a mixed byte order', Uint8Array.of(0x49, 0x4d, 42, 0, 8, 0, 0, 0)],
  ])('calls %s not-a-tiff', async (_name, bytes) => {
    await expect(open(bytes)).rejects.toMatchObject(refused('not-a-tiff'));
  });

  it('ends at a directory that points at itself', async () => {
    const loop = new Uint8Array(64);
    const view = new DataView(loop.buffer);
    loop.set([0x49, 0x49, 42, 0, 8]);
    view.setUint16(8, 1, true);
    view.setUint16(10, 256, true);
    view.setUint16(12, SHORT, true);
    view.setUint32(14, 1, true);
    view.setUint32(22, 8, true);
    await expect(open(loop)).rejects.toMatchObject(refused('raster-ifd-loop'));
  });

  it('ends at a chain of directories that comes back', async () => {
    const bytes = tiff({ overviews: 2 });
    let at = nextPointer(bytes);
    const view = new DataView(bytes.buffer);
    for (let next = view.getUint32(at, true); next !== 0; next = view.getUint32(at, true)) {
      at = next + 2 + view.getUint16(next, true) * 12;
    }
    view.setUint32(at, 8, true);
    await expect(open(bytes)).rejects.toMatchObject(refused('raster-ifd-loop'));
  });

  it('refuses more than 64 directories', async () => {
    const directories = 65;
    const bytes = new Uint8Array(8 + directories * 18);
    const view = new DataView(bytes.buffer);
    bytes.set([0x49, 0x49, 42, 0, 8]);
    for (let index = 0; index < directories; index++) {
      const at = 8 + index * 18;
      view.setUint16(at, 1, true);
      view.setUint16(at + 2, 254, true);
      view.setUint16(at + 4, LONG, true);
      view.setUint32(at + 6, 1, true);
      view.setUint32(at + 14, index + 1 < directories ? at + 18 : 0, true);
    }
    await expect(open(bytes)).rejects.toMatchObject({ ...refused('raster-too-many-ifds'), limit: 64 });
  });

  it.each([
    ['no directory', () => tiffWithFirst(0), 'raster-header-corrupt'],
    ['a directory outside of the file', () => tiffWithFirst(2 ** 31), 'raster-truncated'],
    ['a next directory outside of the file', () => withNext(2 ** 31), 'raster-truncated'],
    ['600 tags', () => withTagCount(600), 'raster-header-corrupt'],
    ['no tags', () => withTagCount(0), 'raster-header-corrupt'],
    ['an unknown field type', () => withTag(tiff(), 256, { type: 99 }), 'raster-header-corrupt'],
    ['a tag without a value', () => withTag(tiff(), 256, { count: 0 }), 'raster-header-corrupt'],
    ['4 × 10⁹ values of BitsPerSample', () => withTag(tiff(), 258, { count: 2 ** 32 - 1 }), 'raster-header-corrupt'],
    ['values of a tag that is not read outside of the file', () => withPrivateTag(2 ** 31), 'raster-truncated'],
    ['values outside of the file', () => withTag(tiff(), 33550, { value: 2 ** 31 }), 'raster-truncated'],
    ['a width of zero', () => withTag(tiff(), 256, { value: 0 }), 'raster-zero-area'],
    ['no width', () => withTag(tiff(), 256, { id: 65_000 }), 'raster-header-corrupt'],
    [
      '4 × 10⁹ pixels across',
      () => withTag(tiff({ tileSize: 16 }), 256, { value: 2 ** 32 - 1 }),
      'raster-header-corrupt',
    ],
    ['a height above the strips', () => withTag(tiff(), 257, { value: 2 ** 31 }), 'raster-header-corrupt'],
    ['tiles of no width', () => withTag(tiff({ tileSize: 16 }), 322, { value: 0 }), 'raster-header-corrupt'],
    [
      'tiles of 4 × 10⁹ pixels',
      () => withTag(tiff({ tileSize: 16 }), 322, { value: 2 ** 31 }),
      'raster-block-too-large',
    ],
    ['a strip of 2 GB', () => tallStrip(), 'raster-block-too-large'],
    ['strips without offsets', () => withTag(tiff(), 273, { id: 65_000 }), 'raster-header-corrupt'],
    ['offsets that are fractions', () => withTag(tiff(), 273, { type: DOUBLE }), 'raster-header-corrupt'],
    ['a width that is text', () => withTag(tiff(), 256, { type: 2 }), 'raster-header-corrupt'],
    ['60,000 samples', () => withTag(tiff(), 277, { value: 60_000 }), 'raster-sample-format-unsupported'],
    ['4-bit samples', () => withTag(tiff(), 258, { value: 4 }), 'raster-sample-format-unsupported'],
    [
      '16-bit floats',
      () => withTag(withTag(tiff(), 258, { value: 16 }), 339, { value: 3 }),
      'raster-sample-format-unsupported',
    ],
    [
      'complex samples',
      () => withTag(tiff({ sampleType: 'float32' }), 339, { value: 6 }),
      'raster-sample-format-unsupported',
    ],
    ['LERC', () => withTag(tiff(), 259, { value: 34_887 }), 'raster-compression-unsupported'],
    ['an unknown compression', () => withTag(tiff(), 259, { value: 9 }), 'raster-compression-unsupported'],
    ['JPEG of 16 bits', () => tiff({ sampleType: 'uint16', compressionCode: 7 }), 'raster-compression-unsupported'],
    [
      'predictor 3 of integers',
      () => withTag(tiff({ predictor: 2 }), 317, { value: 3 }),
      'raster-predictor-unsupported',
    ],
    ['predictor 2 of doubles', () => tiff({ sampleType: 'float64', predictor: 2 }), 'raster-predictor-unsupported'],
    ['CMYK', () => withTag(tiff({ bands: 4 }), 262, { value: 5 }), 'raster-photometric-unsupported'],
    ['YCbCr without JPEG', () => withTag(tiff({ bands: 3 }), 262, { value: 6 }), 'raster-photometric-unsupported'],
    [
      'a palette of 16 bits',
      () => tiff({ sampleType: 'uint16', palette: new Uint8Array(768) }),
      'raster-photometric-unsupported',
    ],
    ['a palette without colours', () => tiff({ photometric: 'palette' }), 'raster-header-corrupt'],
    ['no CRS', () => tiff({ epsg: null }), 'raster-crs-missing'],
    ['an unknown EPSG code', () => tiff({ epsg: 9 }), 'raster-crs-unknown'],
    ['a user-defined CRS', () => tiff({ epsg: 32_767 }), 'raster-crs-unknown'],
    ['no georeference', () => tiff({ origin: null }), 'raster-transform-missing'],
    ['control points alone', () => withTag(tiff(), 33550, { id: 65_000 }), 'raster-transform-missing'],
    ['pixels without size', () => tiff({ resolution: 0 }), 'raster-zero-area'],
    ['pixels on a line', () => tiff({ transform: [1, 2, 0, 2, 4, 0] }), 'raster-zero-area'],
    ['a georeference that is not a number', () => tiff({ origin: [NaN, 0] }), 'raster-header-corrupt'],
    ['no-data that is no number', () => tiff({ nodata: 'none' }), 'raster-header-corrupt'],
    ['BigTIFF with offsets of four bytes', () => tiff({ bigTiff: true }).with(4, 4), 'raster-header-corrupt'],
    ['only reduced images', () => withTag(tiff(), 254, { value: 1 }), 'raster-header-corrupt'],
  ] as [name: string, make: () => Uint8Array, code: string][])('refuses %s', async (_name, make, code) => {
    await expect(open(make())).rejects.toMatchObject(refused(code));
  });

  it('names the compression that is not supported', async () => {
    await expect(open(withTag(tiff(), 259, { value: 34_887 }))).rejects.toThrow(
      'LERC compression (34887) is not supported.',
    );
  });

  it('names the width and height of a level that is too large', async () => {
    const bytes = withTag(withTag(tiff({ tileSize: 16 }), 256, { value: 2 ** 21 }), 257, { value: 2 ** 21 });
    await expect(open(bytes)).rejects.toMatchObject({
      ...refused('raster-too-large'),
      actual: 2 ** 42,
      limit: 2 ** 40,
    });
  });
});

describe('readBlock of a broken file', () => {
  const readFirst = async (bytes: Uint8Array): Promise<unknown> => (await open(bytes)).levels[0]!.readBlock(0, 0);
  const strip = { rowsPerStrip: 30 } as const;

  it('refuses a block that ends outside of the file', async () => {
    const bytes = tiff({ ...strip, compression: 'deflate' });
    await expect(readFirst(bytes.subarray(0, bytes.length - 40))).rejects.toMatchObject(refused('raster-truncated'));
  });

  it('refuses a block that begins outside of the file, without asking for it', async () => {
    const reader = memoryReader(withTag(tiff(strip), 273, { value: 2 ** 31 }));
    const raster = await openRaster(reader);
    await expect(raster.levels[0]!.readBlock(0, 0)).rejects.toMatchObject(refused('raster-truncated'));
    expect(reader.reads).toHaveLength(1);
  });

  it('refuses a block of more than 64 MiB', async () => {
    const bytes = withTag(tiff(strip), 279, { value: 65 * 2 ** 20 });
    await expect(readFirst(bytes)).rejects.toMatchObject(refused('raster-block-too-large'));
  });

  it.each(['deflate', 'lzw', 'packbits', 'zstd', 'none'] as const)(
    'refuses a short block of %s',
    async (compression) => {
      // Half of the rows are there: the same block with fewer rows is what the file holds.
      const half = tiff({ height: 15, rowsPerStrip: 15, compression });
      const bytes = withTag(withTag(half, 257, { value: 30 }), 278, { value: 30 });
      await expect(readFirst(bytes)).rejects.toMatchObject(refused('raster-block-corrupt'));
    },
  );

  it.each(['deflate', 'zstd'] as const)('does not inflate a bomb of %s', async (compression) => {
    const bytes = withTag(
      withTag(tiff({ width: 800, height: 800, rowsPerStrip: 800, compression, value: () => 0 }), 256, { value: 4 }),
      257,
      { value: 4 },
    );
    await expect(readFirst(bytes)).rejects.toMatchObject(refused('raster-block-corrupt'));
  });

  it.each(['deflate', 'lzw', 'zstd'] as const)('refuses bytes that are not %s', async (compression) => {
    const bytes = tiff({ ...strip, compression, value: () => 0, encodeBlock: () => new Uint8Array(64).fill(0xa7) });
    await expect(readFirst(bytes)).rejects.toMatchObject(refused('raster-block-corrupt'));
  });

  it.each([
    ['nothing', []],
    ['no frame', [0xff, 0xd8, 0xff, 0xd9]],
    ['a segment that is cut off', [0xff, 0xd8, 0xff, 0xdb, 0xff, 0xff]],
    ['bytes between segments', [0xff, 0xd8, 0x00, 0x00, 0x00]],
    ['65,535 pixels squared', [0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0xff, 0xff, 0xff, 0xff, 1, 1, 0x11, 0]],
    ['a scan without a frame', [0xff, 0xd8, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]],
  ])('refuses a JPEG of %s', async (_name, stream) => {
    const bytes = tiff({ ...strip, compressionCode: 7, encodeBlock: () => Uint8Array.from([...stream, 0]) });
    await expect(readFirst(bytes)).rejects.toMatchObject(refused('raster-block-corrupt'));
  });
});

describe('openRaster of any bytes', () => {
  const sound = tiff({
    bands: 3,
    tileSize: 16,
    compression: 'lzw',
    predictor: 2,
    overviews: 1,
    mask: (column) => column > 3,
  });

  it('reads a file with changed bytes, or refuses it by a final LonghaulError', async () => {
    const changes = fc.array(fc.tuple(fc.nat(sound.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => {
        const bytes = sound.slice();
        // Most of what is interesting stands in the directories, at the start.
        for (const [at, value] of list) bytes[at % 2 === 0 ? at % 1200 : at] = value;
        await readsOrRefuses(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('reads a file that is cut anywhere, or refuses it', async () => {
    for (let length = 0; length < sound.length; length += 37) await readsOrRefuses(sound.slice(0, length));
  });
});

async function readsOrRefuses(bytes: Uint8Array): Promise<void> {
  try {
    const raster = await open(bytes);
    for (const level of raster.levels) await level.readBlock(0, 0);
  } catch (error) {
    expect(error).toBeInstanceOf(LonghaulError);
    expect((error as LonghaulError).retryable).toBe(false);
  }
}

function tiffWithFirst(offset: number): Uint8Array {
  const bytes = tiff();
  new DataView(bytes.buffer).setUint32(4, offset, true);
  return bytes;
}

function withNext(offset: number): Uint8Array {
  const bytes = tiff();
  new DataView(bytes.buffer).setUint32(nextPointer(bytes), offset, true);
  return bytes;
}

/** Turns the tag of the sample format into a private one with many values from `offset` on. */
function withPrivateTag(offset: number): Uint8Array {
  return withTag(tiff(), 339, { id: 65_000, type: LONG, count: 100, value: offset });
}

function withTagCount(count: number): Uint8Array {
  const bytes = tiff();
  new DataView(bytes.buffer).setUint16(8, count, true);
  return bytes;
}

/** One strip that would hold all rows of a very tall image. */
function tallStrip(): Uint8Array {
  const bytes = withTag(tiff({ rowsPerStrip: 30 }), 257, { value: 50_000_000 });
  return withTag(bytes, 278, { value: 50_000_000 });
}
