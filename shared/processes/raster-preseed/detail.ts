import type { Footprint } from '../../geo/warp/footprint.ts';
import type { ValueRange } from '../../geo/warp/warp-tile.ts';
import type { RasterPreseedInputs } from './inputs.ts';

/** The areas that tiles must touch, as the caller gave them. */
export type Clip = Pick<RasterPreseedInputs, 'bbox' | 'area'>;

/** What a chunk must know of its dataset besides the inputs of the job: JSON, kept with the plan. */
export interface RasterDetail {
  /** URL of the raster. */
  source: string;
  /** Version of the raster that was planned; every chunk reads this one. */
  etag: string;
  /** Where the raster lies. */
  footprint: Footprint;
  /** What of it was asked for. */
  clip: Clip;
  minzoom: number;
  maxzoom: number;
  /** Bands shown, counted from 1. */
  bands: number[];
  /** Given by the caller in place of the file's own. */
  nodata?: number;
  /** One range for each channel. */
  rescale: ValueRange[];
  /** Whether `rescale` was estimated from the source's values. */
  rescaleEstimated: boolean;
  /** Tiles of the whole dataset by zoom, of which a retry makes a part. */
  tiles: { zoom: number; tiles: number }[];
}
