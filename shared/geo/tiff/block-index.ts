import { TiffTag, TiffTagValueType, type TiffImage } from '@cogeotiff/core';
import { blockTooLarge, headerCorrupt, rasterTruncated } from './errors.ts';
import { MAX_BLOCK_BYTES, type ImageLayout } from './image-layout.ts';
import type { PagedReader } from './paged-reader.ts';

/** Where one encoded block lies in the file. */
export interface BlockLocation {
  offset: number;
  bytes: number;
}

/** Finds the block of a number, counted in file order: by plane, then row, then column. */
export type BlockIndex = (number: number, signal?: AbortSignal) => Promise<BlockLocation | undefined>;

type ValueAt = (index: number, signal?: AbortSignal) => Promise<number>;

/**
 * The offsets and sizes of an image's blocks. They are read where they are needed, a page at a time: a raster of 10⁶
 * blocks is opened without reading 16 MB.
 * @throws LonghaulError `raster-header-corrupt` (final) when there are fewer blocks than the image's size needs
 */
export function createBlockIndex(
  image: TiffImage,
  layout: ImageLayout,
  pages: PagedReader,
  littleEndian: boolean,
): BlockIndex {
  const needed = layout.blocksAcross * layout.blocksDown * (layout.bandInterleaved ? layout.samples : 1);
  const read = (tag: TiffTag): ValueAt => valuesOf(image, tag, needed, pages, littleEndian);
  // Some writers use the tags of strips for tiles.
  const tileTags = layout.tiled && image.tags.has(TiffTag.TileOffsets);
  const offsetAt = read(tileTags ? TiffTag.TileOffsets : TiffTag.StripOffsets);
  const bytesAt = read(tileTags ? TiffTag.TileByteCounts : TiffTag.StripByteCounts);

  return async (number, signal) => {
    const [offset, bytes] = await Promise.all([offsetAt(number, signal), bytesAt(number, signal)]);
    if (offset === 0 || bytes === 0) return undefined;
    if (bytes > MAX_BLOCK_BYTES) throw blockTooLarge(`Block ${number}`, bytes, MAX_BLOCK_BYTES);
    if (offset + bytes > pages.size) throw rasterTruncated(`block ${number}`, offset + bytes, pages.size);
    return { offset, bytes };
  };
}

function valuesOf(image: TiffImage, id: TiffTag, needed: number, pages: PagedReader, little: boolean): ValueAt {
  const tag = image.tags.get(id);
  if (tag === undefined) throw headerCorrupt(`tag ${id} (${TiffTag[id]}) is missing`);
  if (tag.count < needed) {
    throw headerCorrupt(`tag ${id} (${TiffTag[id]}) has ${tag.count} values; an image of this size needs ${needed}`);
  }
  if (tag.type === 'inline') {
    const values = tag.value as ArrayLike<number>;
    return async (index) => values[index]!;
  }
  const { dataOffset, dataType } = tag;
  const size = dataType === TiffTagValueType.Uint64 ? 8 : dataType === TiffTagValueType.Uint32 ? 4 : 2;
  return async (index, signal) => {
    const view = new DataView((await pages.read(dataOffset + index * size, size, signal)).buffer);
    if (size === 8) return Number(view.getBigUint64(0, little));
    return size === 4 ? view.getUint32(0, little) : view.getUint16(0, little);
  };
}
