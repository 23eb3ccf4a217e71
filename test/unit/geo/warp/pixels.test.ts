import { describe, expect, it } from 'vitest';
import { dropAlpha, opacity } from '../../../../shared/geo/warp/pixels.ts';

const image = (channels: 1 | 2 | 3 | 4, ...data: number[]) => ({
  width: data.length / channels,
  height: 1,
  channels,
  data: Uint8Array.from(data),
});

describe('pixels', () => {
  it.each([
    [image(3, 0, 0, 0), 'opaque'],
    [image(4, 1, 2, 3, 255, 4, 5, 6, 255), 'opaque'],
    [image(2, 9, 0, 9, 0), 'transparent'],
    [image(2, 9, 255, 9, 0), 'mixed'],
    [image(4, 1, 2, 3, 128), 'mixed'],
  ])('tells how much of %o is there', (pixels, expected) => {
    expect(opacity(pixels)).toBe(expected);
  });

  it('drops alpha and nothing else', () => {
    expect(dropAlpha(image(4, 1, 2, 3, 255, 4, 5, 6, 255))).toEqual(image(3, 1, 2, 3, 4, 5, 6));
    expect(dropAlpha(image(2, 1, 255, 2, 255))).toEqual(image(1, 1, 2));
  });
});
