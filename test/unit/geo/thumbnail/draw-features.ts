import sharp from 'sharp';
import { mergeSummaries } from '../../../../shared/geo/features/merge-summaries.ts';
import { writeFeatures } from '../../../../shared/geo/features/feature-writer.ts';
import { Thumbnail } from '../../../../shared/geo/thumbnail/thumbnail.ts';
import type { TestFeature, TestGeometry } from '../../../helpers/features/test-feature.ts';
import { inBlocks, memoryBlock } from '../../../helpers/features/write-dataset.ts';

export const feature = (geometry: TestGeometry | null): TestFeature => ({ geometry, properties: {} });

export const polygon = (...rings: number[][][]): TestGeometry => ({
  type: 'Polygon',
  hasZ: false,
  hasM: false,
  coordinates: rings,
});

/** A ring around a rectangle. */
export const rectangle = (west: number, south: number, east: number, north: number): number[][] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];

export interface DrawOptions {
  /** Features of a block. */
  blockFeatures?: number;
  geographic?: boolean;
}

/** The PNG of the features' thumbnail. */
export async function drawPng(
  features: readonly TestFeature[],
  { blockFeatures = 1_000_000, geographic = false }: DrawOptions = {},
): Promise<Uint8Array> {
  const merged = await mergeSummaries(inBlocks(features, blockFeatures).map(memoryBlock));
  const thumbnail = new Thumbnail({ extent: merged.geometry.extent, features: merged.features, geographic });
  await writeFeatures(merged, [], { observers: [thumbnail] });
  return thumbnail.encode();
}

export interface Drawn {
  width: number;
  height: number;
  /** Opacity of a pixel: 0 … 255. */
  alpha: (column: number, row: number) => number;
  /** Pixels on which something is drawn. */
  covered: number;
}

export async function draw(features: readonly TestFeature[], options: DrawOptions = {}): Promise<Drawn> {
  const image = sharp(await drawPng(features, options))
    .ensureAlpha()
    .raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const alphas = Array.from({ length: width * height }, (_, index) => data[4 * index + 3]!);
  return {
    width,
    height,
    alpha: (column, row) => alphas[row * width + column]!,
    covered: alphas.filter((alpha) => alpha > 0).length,
  };
}
