import { pattern, type TiffOptions } from './make-tiff.ts';
import { applyFloatPredictor, applyHorizontalPredictor, SAMPLE_BYTES, writeSample } from './tiff-block-encoder.ts';

/** One block of one level of a TIFF that is being written. */
export interface BlockLayout {
  level: number;
  /** Size of the level in pixels. */
  width: number;
  height: number;
  column: number;
  row: number;
  blockWidth: number;
  blockHeight: number;
  /** Rows in this block: fewer in the last strip. */
  rows: number;
  /** Samples that the block holds: all of them, or that of its plane. */
  samples: readonly number[];
}

/** Bytes of a block before compression, predictor applied. Beyond the image's edge its last pixel is repeated. */
export function blockBytes(options: TiffOptions, layout: BlockLayout): Uint8Array {
  const type = options.sampleType ?? 'uint8';
  const sampleBytes = SAMPLE_BYTES[type];
  const little = options.bigEndian !== true;
  const stride = layout.samples.length;
  const rowSamples = layout.blockWidth * stride;
  const bytes = new Uint8Array(rowSamples * layout.rows * sampleBytes);
  const view = new DataView(bytes.buffer);
  const value = options.value ?? pattern;
  let offset = 0;
  eachPixel(options, layout, (column, row) => {
    for (const sample of layout.samples) {
      writeSample(view, offset, type, value(column, row, sample, layout.level), little);
      offset += sampleBytes;
    }
  });
  if (options.predictor === 2) applyHorizontalPredictor(bytes, rowSamples, stride, sampleBytes, little);
  if (options.predictor === 3) applyFloatPredictor(bytes, rowSamples, stride, sampleBytes, little);
  return bytes;
}

/** Bytes of a block of a one-bit mask: rows padded to whole bytes, first pixel in the highest bit. */
export function maskBytes(mask: (column: number, row: number) => boolean, layout: BlockLayout): Uint8Array {
  const rowBytes = Math.ceil(layout.blockWidth / 8);
  const bytes = new Uint8Array(rowBytes * layout.rows);
  let pixel = 0;
  eachPixel(undefined, layout, (column, row) => {
    const x = pixel % layout.blockWidth;
    const y = Math.floor(pixel / layout.blockWidth);
    if (mask(column, row)) bytes[y * rowBytes + (x >> 3)]! |= 0x80 >> (x & 7);
    pixel += 1;
  });
  return bytes;
}

/** Visits the block's pixels row by row, each with the column and row of the full resolution that it stands for. */
function eachPixel(
  options: TiffOptions | undefined,
  layout: BlockLayout,
  visit: (column: number, row: number) => void,
): void {
  const scale = 2 ** layout.level;
  const lastColumn = (options?.width ?? layout.width * scale) - 1;
  const lastRow = (options?.height ?? layout.height * scale) - 1;
  for (let y = 0; y < layout.rows; y++) {
    const row = Math.min(layout.row * layout.blockHeight + y, layout.height - 1) * scale;
    for (let x = 0; x < layout.blockWidth; x++) {
      const column = Math.min(layout.column * layout.blockWidth + x, layout.width - 1) * scale;
      visit(Math.min(column, lastColumn), Math.min(row, lastRow));
    }
  }
}
