import { LonghaulError } from '../../errors/longhaul-error.ts';

export function duplicateDatasetId(id: string, field: string): LonghaulError {
  return new LonghaulError({
    code: 'dataset-id-duplicate',
    retryable: false,
    detail: `Two datasets of this job have the id "${id}".`,
    remedy: 'Give each dataset an id of its own.',
    field,
  });
}

export function bandMissing(band: number, bands: number, field: string): LonghaulError {
  return new LonghaulError({
    code: 'band-missing',
    retryable: false,
    detail: `Band ${band} was asked for, and the source has ${bands}.`,
    remedy: `Choose bands from 1 to ${bands}.`,
    field,
    limit: bands,
    actual: band,
  });
}

export function rescaleMismatch(ranges: number, channels: number, field: string): LonghaulError {
  return new LonghaulError({
    code: 'rescale-mismatch',
    retryable: false,
    detail: `${ranges} value ranges were given for ${channels} ${channels === 1 ? 'band' : 'bands'}.`,
    remedy: 'Give one [min, max] for all bands, or one for each.',
    field,
    limit: channels,
    actual: ranges,
  });
}

export function rescaleOfPalette(field: string): LonghaulError {
  return new LonghaulError({
    code: 'rescale-of-palette',
    retryable: false,
    detail: 'The source has a palette: its values are colours, which have no range.',
    remedy: 'Leave rescale out.',
    field,
  });
}

export function coverageEmpty(dataset: string, field: string): LonghaulError {
  return new LonghaulError({
    code: 'coverage-empty',
    retryable: false,
    detail: `No tile touches both the source of dataset "${dataset}" and the area that was asked for.`,
    remedy: 'Choose a bbox or an area that the source covers, or leave them out.',
    field,
  });
}

export function tooManyTiles(tiles: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'too-many-tiles',
    retryable: false,
    detail: `The job would have about ${tiles} tiles; at most ${limit} are planned.`,
    remedy: 'Lower maxzoom, choose a smaller area, or split the datasets over several jobs.',
    field: '/inputs/maxzoom',
    limit,
    actual: tiles,
  });
}

export function overviewsMissing(
  zoom: number,
  lowestZoom: number,
  pixels: number,
  limit: number,
  field: string,
): LonghaulError {
  return new LonghaulError({
    code: 'raster-overviews-missing',
    retryable: false,
    detail: `A tile of zoom ${zoom} would be made from ${pixels} pixels of the source, whose overviews do not reach that far.`,
    remedy: `Add overviews, for instance with \`gdaladdo\`, or set minzoom to at least ${lowestZoom}.`,
    field,
    limit,
    actual: pixels,
  });
}

export function resolutionUnknown(field: string): LonghaulError {
  return new LonghaulError({
    code: 'raster-resolution-unknown',
    retryable: false,
    detail: 'The middle of the source has no place in Web Mercator: its coordinates do not fit its CRS.',
    remedy: 'Correct the georeference of the file.',
    field,
  });
}

/** A stored payload that is not in the form in which `runChunk` writes it. */
export function payloadCorrupt(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'tile-payload-corrupt',
    retryable: false,
    detail: `A stored chunk of tiles is not valid: ${reason}.`,
    remedy: 'Look who else writes to the work folder; submit the job again.',
  });
}
