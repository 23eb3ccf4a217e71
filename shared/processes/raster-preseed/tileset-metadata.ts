import type { PlannedDataset } from '../../jobs/process.ts';
import type { RasterDetail } from './detail.ts';
import type { RasterPreseedInputs } from './inputs.ts';
import { PROCESS_ID, PROCESS_VERSION } from './version.ts';

/**
 * The metadata of an archive (PMTiles v3, section 5; keys of TileJSON where it has them). Nothing in it varies between
 * runs, and nothing of the source's URL but the file name: a query may hold a secret.
 */
export function tilesetMetadata(
  { id, detail }: PlannedDataset<RasterDetail>,
  inputs: RasterPreseedInputs,
  bounds: readonly number[],
): Record<string, unknown> {
  return {
    name: id,
    type: 'overlay',
    format: inputs.format,
    bounds: bounds.join(','),
    minzoom: detail.minzoom,
    maxzoom: detail.maxzoom,
    tileSize: inputs.tileSize,
    resampling: inputs.resampling,
    source: new URL(detail.source).pathname.split('/').at(-1) ?? '',
    bands: detail.bands,
    rescale: detail.rescale,
    rescaleEstimated: detail.rescaleEstimated,
    plannedTiles: Object.fromEntries(detail.tiles.map(({ zoom, tiles }) => [zoom, tiles])),
    generator: `longhaul ${PROCESS_ID} ${PROCESS_VERSION}`,
  };
}
