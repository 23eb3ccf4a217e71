import type { BlockIndex } from './block-index.ts';
import { decompress, JPEG_COMPRESSION } from './compression.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { blockCorrupt, unsupported } from './errors.ts';
import type { ImageLayout } from './image-layout.ts';

/** Decoded mask blocks that are kept: the strips of mask and image need not have the same height. */
const KEPT_BLOCKS = 8;
const VALID = 255;

/** Reads the mask of a window of pixels: 0 or 255 for each, zero outside of the image; undefined when all are valid. */
export type ReadMask = (window: MaskWindow, signal?: AbortSignal) => Promise<Uint8Array | undefined>;

export interface MaskWindow {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * Reads an internal mask: a one-bit image beside the data, 1 where a pixel is valid (TIFF 6.0 section 8,
 * PhotometricInterpretation 4).
 * @throws LonghaulError `raster-mask-unsupported` (final)
 */
export function createMask(
  layout: ImageLayout,
  index: BlockIndex,
  read: (offset: number, length: number, signal?: AbortSignal) => Promise<Uint8Array>,
): ReadMask {
  if (layout.bits !== 1 || layout.samples !== 1 || layout.compression === JPEG_COMPRESSION || layout.predictor !== 1) {
    throw unsupported('mask', `A mask of ${layout.bits} bits and ${layout.samples} samples is not supported.`);
  }
  const rowBytes = Math.ceil(layout.blockWidth / 8);
  const kept = new Map<number, Uint8Array | undefined>();

  async function blockBits(number: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    if (kept.has(number)) return kept.get(number);
    const bits = await decodeBlock(number, signal);
    kept.set(number, bits);
    for (const old of kept.keys()) {
      if (kept.size <= KEPT_BLOCKS) break;
      kept.delete(old);
    }
    return bits;
  }

  async function decodeBlock(number: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const location = await index(number, signal);
    if (location === undefined) return undefined;
    const bytes = await read(location.offset, location.bytes, signal);
    const top = Math.floor(number / layout.blocksAcross) * layout.blockHeight;
    const rows = layout.tiled ? layout.blockHeight : Math.min(layout.blockHeight, layout.height - top);
    const name = `Mask block ${number}`;
    try {
      const bits = await decompress(bytes, layout.compression, rowBytes * rows, rowBytes * layout.blockHeight);
      signal?.throwIfAborted();
      if (bits.length < rowBytes * rows)
        throw blockCorrupt(name, `it holds ${bits.length} bytes of ${rowBytes * rows}`);
      return bits;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof LonghaulError) throw error;
      throw blockCorrupt(name, error instanceof Error ? error.message : String(error), error);
    }
  }

  return async ({ left, top, width, height }, signal) => {
    const mask = new Uint8Array(width * height);
    const right = Math.min(left + width, layout.width);
    const bottom = Math.min(top + height, layout.height);
    let invalid = 0;
    for (let blockRow = Math.floor(top / layout.blockHeight); blockRow * layout.blockHeight < bottom; blockRow++) {
      for (let column = Math.floor(left / layout.blockWidth); column * layout.blockWidth < right; column++) {
        const bits = await blockBits(blockRow * layout.blocksAcross + column, signal);
        const x0 = column * layout.blockWidth;
        const y0 = blockRow * layout.blockHeight;
        const x1 = Math.min(x0 + layout.blockWidth, right);
        for (let y = Math.max(y0, top); y < Math.min(y0 + layout.blockHeight, bottom); y++) {
          const from = (y - y0) * rowBytes;
          const to = (y - top) * width - left;
          for (let x = Math.max(x0, left); x < x1; x++) {
            const bit = bits === undefined ? 0 : (bits[from + ((x - x0) >> 3)]! >> (7 - ((x - x0) & 7))) & 1;
            if (bit === 1) mask[to + x] = VALID;
            else invalid += 1;
          }
        }
      }
    }
    return invalid === 0 ? undefined : mask;
  };
}
