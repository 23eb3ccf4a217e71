/** JPEG markers (ITU-T T.81, table B.1). */
/** Frame headers of Huffman-coded baseline, extended and progressive streams. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const JFIF = 0xe0;
const ADOBE = 0xee;

/** APP14 segment "Adobe": its last byte says whether three components are RGB (0) or YCbCr (1). */
const ADOBE_SEGMENT = [0xff, ADOBE, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0] as const;

export interface JpegBlock {
  bytes: Uint8Array;
  /** The JPEGTables tag: quantisation and Huffman tables that all blocks share. */
  tables: Uint8Array | undefined;
  width: number;
  /** Rows that are wanted. */
  rows: number;
  /** Rows that there may be: some writers fill the last strip up. */
  maxRows: number;
  samples: number;
  /** Whether the components are YCbCr, to be turned to RGB, or the samples as they are. */
  ycbcr: boolean;
}

/**
 * Decodes a JPEG block (TIFF technical note 2) to 8-bit samples, pixel-interleaved.
 * @throws Error what is wrong with the stream, also when it has another size than the block
 */
export async function decodeJpeg(block: JpegBlock): Promise<Uint8Array<ArrayBuffer>> {
  const stream = joinStreams(block);
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  const { data, info } = await sharp(stream, { failOn: 'error' })
    .toColourspace(block.samples === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.width !== block.width || info.channels !== block.samples) {
    throw new RangeError(`its JPEG was decoded to ${info.channels} samples`);
  }
  const samples = new Uint8Array(block.width * block.rows * block.samples);
  samples.set(data.subarray(0, samples.length));
  return samples;
}

/**
 * One whole stream of the shared tables and the block, which says by itself what its components are: a decoder
 * guesses that from JFIF and Adobe segments, and TIFF says it in PhotometricInterpretation alone.
 */
function joinStreams(block: JpegBlock): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0xff, START_OF_IMAGE)];
  if (block.samples === 3) parts.push(Uint8Array.from([...ADOBE_SEGMENT, block.ycbcr ? 1 : 0]));
  if (block.tables !== undefined) parts.push(...segments(block.tables, block));
  parts.push(...segments(block.bytes, block));
  return Buffer.concat(parts);
}

/** The stream's segments but for SOI, JFIF and Adobe; from the first scan on, everything that follows. */
function segments(stream: Uint8Array, block: JpegBlock): Uint8Array[] {
  const kept: Uint8Array[] = [];
  if (stream[0] !== 0xff || stream[1] !== START_OF_IMAGE) throw new RangeError('it does not begin like a JPEG stream');
  for (let at = 2; at + 1 < stream.length;) {
    const marker = stream[at + 1]!;
    if (stream[at] !== 0xff) throw new RangeError('its JPEG stream has bytes outside of a segment');
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === END_OF_IMAGE) break;
    if (marker === START_OF_SCAN) return [...kept, stream.subarray(at)];
    const length = ((stream[at + 2] ?? 0) << 8) | (stream[at + 3] ?? 0);
    const end = at + 2 + length;
    if (length < 2 || end > stream.length) throw new RangeError('its JPEG stream has a segment that is cut off');
    if (FRAMES.has(marker)) checkFrame(stream.subarray(at, end), block);
    if (marker !== JFIF && marker !== ADOBE) kept.push(stream.subarray(at, end));
    at = end;
  }
  return kept;
}

/** Checks size and components before anything is allocated for them (ITU-T T.81, B.2.2). */
function checkFrame(frame: Uint8Array, { width, rows, maxRows, samples }: JpegBlock): void {
  const [, , , , bits = 0, high = 0, low = 0, left = 0, right = 0, components = 0] = frame;
  const frameRows = (high << 8) | low;
  const frameWidth = (left << 8) | right;
  const fits = frameWidth === width && frameRows >= rows && frameRows <= maxRows;
  if (fits && bits === 8 && components === samples) return;
  throw new RangeError(
    `its JPEG has ${frameWidth} × ${frameRows} pixels of ${components} samples of ${bits} bits, ` +
      `not ${width} × ${rows} of ${samples} of 8`,
  );
}
