/** An image of 8 bits per channel, as it is encoded. */
export interface Pixels {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** 1: grey, 2: grey and alpha, 3: red, green, blue, 4: red, green, blue, alpha. Alpha is not premultiplied. */
  readonly channels: 1 | 2 | 3 | 4;
  /** Pixel-interleaved, row by row from the top: `width × height × channels` values. */
  readonly data: Uint8Array;
}

export function hasAlpha(pixels: Pixels): boolean {
  return pixels.channels === 2 || pixels.channels === 4;
}

/** How much of an image is there: decides whether a tile is written, and whether it needs its alpha channel. */
export function opacity({ data, channels }: Pixels): 'opaque' | 'transparent' | 'mixed' {
  if (channels === 1 || channels === 3) return 'opaque';
  const first = data[channels - 1];
  if (first !== 0 && first !== 255) return 'mixed';
  for (let offset = channels - 1; offset < data.length; offset += channels) {
    if (data[offset] !== first) return 'mixed';
  }
  return first === 255 ? 'opaque' : 'transparent';
}

/** The same image without its alpha channel. */
export function dropAlpha(pixels: Pixels): Pixels {
  const { data, channels, width, height } = pixels;
  if (channels === 1 || channels === 3) return pixels;
  const colours = channels === 4 ? 3 : 1;
  const result = new Uint8Array(width * height * colours);
  for (let from = 0, to = 0; to < result.length; from += channels, to += colours) {
    for (let channel = 0; channel < colours; channel++) result[to + channel] = data[from + channel]!;
  }
  return { width, height, channels: colours, data: result };
}
