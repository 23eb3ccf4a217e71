import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodeTile, type TileFormat } from '../../../../shared/geo/encode/encode-tile.ts';
import type { Pixels } from '../../../../shared/geo/warp/pixels.ts';

const SIZE = 64;

function image(channels: Pixels['channels'], alpha: (pixel: number) => number = () => 255): Pixels {
  const data = new Uint8Array(SIZE * SIZE * channels);
  for (let index = 0; index < data.length; index++) {
    const pixel = Math.floor(index / channels);
    const isAlpha = channels % 2 === 0 && index % channels === channels - 1;
    data[index] = isAlpha ? alpha(pixel) : (pixel * 3 + (index % channels) * 50) & 255;
  }
  return { width: SIZE, height: SIZE, channels, data };
}

const halfThere = (pixel: number) => (pixel % SIZE < SIZE / 2 ? 0 : 255);

/** Red, green, blue and alpha of an encoded image. */
async function decode(bytes: Uint8Array | undefined) {
  const data = await sharp(bytes).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  const metadata = await sharp(bytes).metadata();
  return { data: new Uint8Array(data), channels: metadata.channels, metadata };
}

/** The same of an image that is not encoded. */
function rgba({ data, channels, width, height }: Pixels): Uint8Array {
  const colour = (channel: number) => (channels >= 3 ? channel : 0);
  return Uint8Array.from({ length: width * height * 4 }, (_, index) => {
    const pixel = Math.floor(index / 4) * channels;
    if (index % 4 === 3) return channels % 2 === 0 ? data[pixel + channels - 1]! : 255;
    return data[pixel + colour(index % 4)]!;
  });
}

describe('encodeTile', () => {
  it.each([1, 2, 3, 4] as const)('keeps every value of %i channels in PNG', async (channels) => {
    const pixels = image(channels, halfThere);
    const decoded = await decode(await encodeTile(pixels, 'png', { quality: 80 }));
    expect(decoded.metadata).toMatchObject({ format: 'png', width: SIZE, height: SIZE, channels });
    expect(decoded.data).toEqual(rgba(pixels));
  });

  it.each([
    [2, 1],
    [4, 3],
  ] as const)('leaves the alpha of an opaque image of %i channels out', async (channels, expected) => {
    const decoded = await decode(await encodeTile(image(channels), 'png', { quality: 80 }));
    expect(decoded.channels).toBe(expected);
  });

  it.each(['png', 'webp', 'jpeg'] as const)('gives no %s for an image that is transparent', async (format) => {
    const transparent = image(4, () => 0);
    expect(await encodeTile(transparent, format, { quality: 80 })).toBeUndefined();
  });

  it('keeps the alpha of WebP', async () => {
    const { metadata } = await decode(await encodeTile(image(4, halfThere), 'webp', { quality: 80 }));
    expect(metadata).toMatchObject({ format: 'webp', hasAlpha: true });
  });

  it('shows white where a JPEG would be transparent', async () => {
    const { data, metadata } = await decode(await encodeTile(image(4, halfThere), 'jpeg', { quality: 95 }));
    expect(metadata.format).toBe('jpeg');
    expect(Math.min(...data.subarray(0, 30))).toBeGreaterThan(245);
  });

  it('keeps a grey JPEG grey', async () => {
    const { channels } = await decode(await encodeTile(image(1), 'jpeg', { quality: 80 }));
    expect(channels).toBe(1);
  });

  it.each(['png', 'webp', 'jpeg'] satisfies TileFormat[])(
    'gives the same bytes for the same pixels (%s)',
    async (format) => {
      const [one, two] = await Promise.all([1, 2].map(() => encodeTile(image(3), format, { quality: 80 })));
      expect(one).toEqual(two);
    },
  );

  it.each(['webp', 'jpeg'] as const)('makes %s smaller with less quality', async (format) => {
    const [high, low] = await Promise.all([95, 30].map((quality) => encodeTile(image(3), format, { quality })));
    expect(low!.length).toBeLessThan(high!.length);
  });
});
