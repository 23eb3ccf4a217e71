import type { TiffImage } from '@cogeotiff/core';
import { headerCorrupt } from './errors.ts';
import type { ImageLayout } from './image-layout.ts';
import type { Advisory } from './raster.ts';

export interface LaidOutImage {
  image: TiffImage;
  layout: ImageLayout;
}

/** Which directories of a file are the levels of its raster. */
export interface ImageSelection {
  full: LaidOutImage;
  /** Full resolution first, then overviews by decreasing size; each with its mask. */
  levels: { data: LaidOutImage; mask: LaidOutImage | undefined }[];
  advisories: Advisory[];
}

/**
 * Sorts directories into full resolution (the first that is neither reduced nor a mask), overviews and masks.
 * @throws LonghaulError `raster-header-corrupt` (final) when no directory is of full resolution
 */
export async function selectImages(
  images: readonly TiffImage[],
  layoutOf: (image: TiffImage) => Promise<ImageLayout>,
): Promise<ImageSelection> {
  const all: LaidOutImage[] = [];
  for (const image of images) all.push({ image, layout: await layoutOf(image) });
  const pages = all.filter(({ layout }) => !layout.reduced && !layout.mask);
  const full = pages[0];
  if (full === undefined) throw headerCorrupt('no image of it is of full resolution');

  const reduced = all.filter(({ layout }) => layout.reduced && !layout.mask);
  const overviews = reduced.filter(({ layout }) => isOverviewOf(layout, full.layout));
  const data = [full, ...overviews.toSorted((a, b) => b.layout.width - a.layout.width)];
  const masks = all.filter(({ layout }) => layout.mask);

  const advisories: Advisory[] = [];
  if (overviews.length < reduced.length) advisories.push('overview-ignored');
  if (pages.length > 1) advisories.push('several-images');
  return {
    full,
    levels: data.map((level) => ({
      data: level,
      mask: masks.find(({ layout }) => layout.width === level.layout.width && layout.height === level.layout.height),
    })),
    advisories,
  };
}

/** Whether a reduced image shows the same samples in the same shape; a thumbnail does not. */
function isOverviewOf(layout: ImageLayout, full: ImageLayout): boolean {
  const across = scales(full.width, layout.width);
  const down = scales(full.height, layout.height);
  return (
    layout.width * layout.height < full.width * full.height &&
    layout.samples === full.samples &&
    layout.bits === full.bits &&
    layout.format === full.format &&
    across.min <= down.max &&
    down.min <= across.max
  );
}

/** Factors that make `full` pixels `reduced` pixels, rounded up or down. */
function scales(full: number, reduced: number): { min: number; max: number } {
  return { min: full / (reduced + 1), max: full / (reduced - 1) };
}
