import { createPmtilesWriter } from '../../geo/pmtiles/pmtiles-writer.ts';
import type { Artifact, FinishedDataset, FinishResult, FinishWork, ProcessContext } from '../../jobs/process.ts';
import type { RasterDetail } from './detail.ts';
import type { RasterPreseedInputs } from './inputs.ts';
import { mergeLayers } from './merge-layers.ts';
import { tilesetBounds } from './tileset-bounds.ts';
import { tilesetMetadata } from './tileset-metadata.ts';

export const PMTILES_MEDIA_TYPE = 'application/vnd.pmtiles';

/** One entry of the output `tilesets`. */
export interface Tileset {
  dataset: string;
  /** The archive. */
  href: URL;
  type: typeof PMTILES_MEDIA_TYPE;
  /** Size of the archive. */
  bytes: number;
  /** Tiles in it. */
  tiles: number;
  /** West, south, east, north in degrees. */
  bounds: [number, number, number, number];
  minzoom: number;
  maxzoom: number;
}

/** Writes one PMTiles archive for each dataset, one after the other, from the stored chunks. */
export async function finishRasterPreseed(
  { signal }: ProcessContext,
  work: FinishWork<RasterPreseedInputs, RasterDetail>,
): Promise<FinishResult> {
  const tilesets: Tileset[] = [];
  for (const dataset of work.datasets) tilesets.push(await writeTileset(work, dataset, signal));
  const artifacts = tilesets.map(({ dataset, href, type, bytes }): Artifact => {
    return { dataset, url: href, mediaType: type, bytes };
  });
  return { results: { tilesets }, artifacts };
}

async function writeTileset(
  work: FinishWork<RasterPreseedInputs, RasterDetail>,
  { plan, counts, layers }: FinishedDataset<RasterDetail>,
  signal: AbortSignal,
): Promise<Tileset> {
  const { inputs } = work;
  const { minzoom, maxzoom, tiles: planned } = plan.detail;
  const bounds = tilesetBounds(plan.detail);
  const total = planned.reduce((sum, { tiles }) => sum + tiles, 0);
  const upload = await work.createOutput(`${plan.id}.pmtiles`, PMTILES_MEDIA_TYPE);
  const writer = createPmtilesWriter({
    sink: upload,
    tileType: inputs.format,
    tileCompression: 'none',
    metadata: tilesetMetadata(plan, inputs, bounds),
    bounds,
    minzoom,
    maxzoom,
    center: { longitude: (bounds[0] + bounds[2]) / 2, latitude: (bounds[1] + bounds[3]) / 2, zoom: minzoom },
    // A retry makes a part of the tiles: the whole has about the same bytes for each.
    expectedBytes: Math.ceil((counts.bytes / Math.max(1, counts.done + counts.skipped)) * total),
    signal,
  });
  try {
    for await (const { tileId, bytes } of mergeLayers(layers)) {
      signal.throwIfAborted();
      if (bytes.length > 0) await writer.add(tileId, bytes);
    }
    const { bytes, addressedTiles: tiles } = await writer.finish();
    return { dataset: plan.id, href: upload.url, type: PMTILES_MEDIA_TYPE, bytes, tiles, bounds, minzoom, maxzoom };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
