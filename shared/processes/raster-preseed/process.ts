import { areaFromGeoJson } from '../../geo/tiles/area-from-geo-json.ts';
import { defineProcess } from '../../jobs/process.ts';
import { datasetCoverage } from './dataset-coverage.ts';
import type { RasterDetail } from './detail.ts';
import { rasterPreseedInputs } from './inputs.ts';
import { LIMITS } from './limits.ts';
import { tilesetsOutput } from './outputs.ts';
import { PROCESS_ID, PROCESS_VERSION } from './version.ts';

export default defineProcess<typeof rasterPreseedInputs, RasterDetail>({
  id: PROCESS_ID,
  version: PROCESS_VERSION,
  title: 'Raster preseed',
  description:
    'Cuts georeferenced rasters into Web Mercator map tiles, reprojected pixel by pixel, and publishes each as one ' +
    'PMTiles archive.',
  keywords: ['raster', 'tiles', 'GeoTIFF', 'COG', 'PMTiles', 'WebMercatorQuad'],
  inputs: rasterPreseedInputs,
  outputs: { tilesets: tilesetsOutput },
  sourceInputs: ['/datasets/*/source'],
  jobControlOptions: ['async-execute'],
  limits: LIMITS,
  nativeModules: ['sharp'],
  estimate: async (context, inputs) => (await import('./estimate.ts')).estimateRasterPreseed(context, inputs),
  plan: async (context, inputs) => (await import('#worker/raster-preseed/plan.ts')).planRasterPreseed(context, inputs),
  runChunk: async (context, work) =>
    (await import('#worker/raster-preseed/run-chunk.ts')).runRasterChunk(context, work),
  finish: async (context, work) =>
    (await import('#worker/raster-preseed/finish.ts')).finishRasterPreseed(context, work),
  selectUnits: ({ detail }, area) => datasetCoverage(detail).select(areaFromGeoJson(area, '/area')),
});
