import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodeIndexedPng, type Rgba } from '../../../../shared/geo/encode/encode-indexed-png.ts';

const PALETTE: Rgba[] = [
  [0, 0, 0, 0],
  [255, 0, 0, 255],
  [0, 128, 255, 100],
];

describe('an indexed PNG', () => {
  it.each([1, 2, 3, 8])('is read by libvips as it was, with rows of %i pixels', async (width) => {
    const height = 3;
    const indices = Uint8Array.from({ length: width * height }, (_, index) => index % 3);
    const { data, info } = await sharp(encodeIndexedPng({ width, height, indices, palette: PALETTE }))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width, height, channels: 4 });
    expect([...data]).toEqual([...indices].flatMap((index) => [...PALETTE[index]!]));
  });
});
