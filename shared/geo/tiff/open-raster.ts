import { Tiff, TiffTag, type TiffImage } from '@cogeotiff/core';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RangeReader } from '../../sources/range-reader.ts';
import { createBlockIndex } from './block-index.ts';
import { checkDirectories } from './check-directories.ts';
import { createCoalescingRead } from './coalescing-reader.ts';
import { compressionName } from './compression.ts';
import { headerCorrupt } from './errors.ts';
import { readCrs, readTransform } from './georeference.ts';
import { readImageLayout, type ImageLayout } from './image-layout.ts';
import { createLevel } from './level.ts';
import { createMask } from './mask.ts';
import { parseNodata } from './nodata.ts';
import { createPagedReader, type PagedReader } from './paged-reader.ts';
import { readPalette } from './palette.ts';
import type { Advisory, Raster, RasterLevel } from './raster.ts';
import { alphaOf, checkEncoding, photometricOf, sampleTypeOf } from './sample-format.ts';
import { selectImages, type ImageSelection } from './select-images.ts';
import { tagNumbers, tagText } from './tag-values.ts';

/** A level at most this wide and high is quick to read whole: a raster without overviews is not slow below it. */
const SMALL_LEVEL_PIXELS = 1024;

/**
 * Opens a GeoTIFF or COG of an untrusted source and reads its header: one to three range reads for a COG. What the
 * file holds is checked here, so that a job is refused before it starts: blocks are read and checked later.
 * @throws LonghaulError (final) `not-a-tiff`, `raster-truncated`, `raster-ifd-loop`, `raster-too-many-ifds`,
 *   `raster-header-corrupt`, `raster-crs-missing`, `raster-crs-unknown`, `raster-transform-missing`,
 *   `raster-zero-area`, `raster-too-large`, `raster-block-too-large`, `raster-…-unsupported`; what the reader throws
 */
export async function openRaster(reader: RangeReader, signal?: AbortSignal): Promise<Raster> {
  const pages = createPagedReader(reader);
  try {
    const tiff = await parseDirectories(reader, pages, signal);
    const selection = await selectImages(tiff.images, async (image) => readImageLayout(image, signal));
    return await describe(reader, pages, tiff, selection, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof LonghaulError) throw error;
    throw headerCorrupt(error instanceof Error ? error.message : String(error), error);
  }
}

async function parseDirectories(reader: RangeReader, pages: PagedReader, signal?: AbortSignal): Promise<Tiff> {
  const defaultReadSize = await checkDirectories(pages, signal);
  const source = {
    url: reader.url,
    metadata: { size: reader.size },
    fetch: async (offset: number, length = reader.size - offset): Promise<ArrayBuffer> =>
      (await pages.read(offset, length, signal)).buffer,
  };
  return Tiff.create(source, { defaultReadSize });
}

async function describe(
  reader: RangeReader,
  pages: PagedReader,
  tiff: Tiff,
  selection: ImageSelection,
  signal?: AbortSignal,
): Promise<Raster> {
  const { image, layout } = selection.full;
  const sampleType = sampleTypeOf(layout);
  const photometric = photometricOf(layout);
  const alpha = alphaOf(layout);
  const crs = readCrs(image);
  const transform = await readTransform(image, signal);
  const compression = compressionName(layout.compression);
  const read = createCoalescingRead(reader);

  const levels: RasterLevel[] = [];
  for (const { data, mask } of selection.levels) {
    compressionName(data.layout.compression);
    checkEncoding(data.layout);
    const indexOf = (of: TiffImage, its: ImageLayout) => createBlockIndex(of, its, pages, tiff.isLittleEndian);
    if (mask !== undefined) compressionName(mask.layout.compression);
    const tables = await tagNumbers(data.image, TiffTag.JpegTables, signal);
    const jpegTables = tables === undefined ? undefined : Uint8Array.from(tables);
    levels.push(
      createLevel({
        format: { layout: data.layout, littleEndian: tiff.isLittleEndian, jpegTables },
        sampleType,
        premultiplied: alpha === 'premultiplied',
        index: indexOf(data.image, data.layout),
        mask: mask && createMask(mask.layout, indexOf(mask.image, mask.layout), read),
        read,
      }),
    );
  }

  return {
    url: reader.url,
    etag: reader.etag,
    byteSize: reader.size,
    width: layout.width,
    height: layout.height,
    bands: layout.samples - (alpha === 'none' ? 0 : 1),
    alpha: alpha !== 'none',
    samples: layout.samples,
    sampleType,
    nodata: parseNodata(await tagText(image, TiffTag.GdalNoData, signal), sampleType),
    photometric,
    palette: photometric === 'palette' ? await readPalette(image, signal) : undefined,
    crs,
    transform,
    levels,
    compression,
    tiled: layout.tiled,
    advisories: advisoriesOf(layout, levels.length, selection.advisories),
  };
}

function advisoriesOf(layout: ImageLayout, levels: number, found: readonly Advisory[]): Advisory[] {
  const advisories = [...found];
  if (levels === 1 && Math.max(layout.width, layout.height) > SMALL_LEVEL_PIXELS) advisories.unshift('no-overviews');
  if (!layout.tiled) advisories.unshift('striped');
  return advisories;
}
