import { decompress, JPEG_COMPRESSION } from './compression.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { blockCorrupt } from './errors.ts';
import type { ImageLayout } from './image-layout.ts';
import { decodeJpeg } from './jpeg.ts';
import { undoFloatPredictor, undoHorizontalPredictor } from './predictor.ts';

const NO_PREDICTOR = 1;
const HORIZONTAL_PREDICTOR = 2;
const YCBCR = 6;

/** What all blocks of an image share when they are decoded. */
export interface BlockFormat {
  layout: ImageLayout;
  littleEndian: boolean;
  /** The JPEGTables tag. */
  jpegTables: Uint8Array | undefined;
}

/**
 * Decodes the bytes of one block, or of one plane of it, to samples in the machine's byte order (little-endian on
 * every machine that Node runs on).
 * @param rows rows in this block
 * @param stride samples of a pixel that stand together: all, or one in a plane
 * @returns `blockWidth × rows × stride` samples as bytes, aligned for every sample type
 * @throws LonghaulError `raster-block-corrupt` (final); the signal's reason
 */
export async function decodeSamples(
  bytes: Uint8Array,
  format: BlockFormat,
  rows: number,
  stride: number,
  name: string,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  const { layout } = format;
  const sampleBytes = layout.bits / 8;
  const expected = layout.blockWidth * rows * stride * sampleBytes;
  const limit = layout.blockWidth * layout.blockHeight * stride * sampleBytes;
  let decoded: Uint8Array<ArrayBuffer>;
  try {
    decoded =
      layout.compression === JPEG_COMPRESSION
        ? await decodeJpeg({
            bytes,
            tables: format.jpegTables,
            width: layout.blockWidth,
            rows,
            maxRows: layout.blockHeight,
            samples: stride,
            ycbcr: layout.photometric === YCBCR,
          })
        : await decompress(bytes, layout.compression, expected, limit);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof LonghaulError) throw error;
    throw blockCorrupt(name, error instanceof Error ? error.message : String(error), error);
  }
  signal?.throwIfAborted();
  if (decoded.length < expected) {
    throw blockCorrupt(name, `it holds ${decoded.length} bytes of ${expected}`);
  }
  const samples = aligned(decoded.subarray(0, expected), sampleBytes);
  if (layout.predictor === NO_PREDICTOR || layout.compression === JPEG_COMPRESSION) {
    if (!format.littleEndian) swapBytes(samples, sampleBytes);
    return samples;
  }
  if (layout.predictor === HORIZONTAL_PREDICTOR) {
    if (!format.littleEndian) swapBytes(samples, sampleBytes);
    undoHorizontalPredictor(integers(samples, sampleBytes), layout.blockWidth, stride);
    return samples;
  }
  return undoFloatPredictor(samples, layout.blockWidth, stride, sampleBytes === 8 ? 8 : 4);
}

function aligned(bytes: Uint8Array<ArrayBuffer>, sampleBytes: number): Uint8Array<ArrayBuffer> {
  return bytes.byteOffset % sampleBytes === 0 ? bytes : new Uint8Array(bytes);
}

function integers(bytes: Uint8Array<ArrayBuffer>, sampleBytes: number): Uint8Array | Uint16Array | Uint32Array {
  if (sampleBytes === 1) return bytes;
  const length = bytes.length / sampleBytes;
  return sampleBytes === 2
    ? new Uint16Array(bytes.buffer, bytes.byteOffset, length)
    : new Uint32Array(bytes.buffer, bytes.byteOffset, length);
}

function swapBytes(bytes: Uint8Array<ArrayBuffer>, sampleBytes: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (sampleBytes === 2) buffer.swap16();
  else if (sampleBytes === 4) buffer.swap32();
  else if (sampleBytes === 8) buffer.swap64();
}
