import { LonghaulError } from '../../errors/longhaul-error.ts';

const SOURCE_FIELD = '/inputs/source';

const SHOWN_NAMES = 10;
const SHOWN_NOTES = 5;

export function archiveWithoutSource(names: readonly string[]): LonghaulError {
  const shown = names.slice(0, SHOWN_NAMES).join(', ');
  return new LonghaulError({
    code: 'archive-without-source',
    retryable: false,
    detail: `The archive has no file that features are read from; it has ${names.length} files: ${shown}.`,
    remedy: 'Pack files that end in .shp, .geojson, .csv, .kml, .gpx, .gml, .gpkg, .fgb or .parquet.',
    field: SOURCE_FIELD,
    actual: names.length,
  });
}

export function archiveWithin(name: string): LonghaulError {
  return new LonghaulError({
    code: 'archive-within-archive',
    retryable: false,
    detail: `${name} is an archive within another one, which is not opened.`,
    remedy: 'Unpack it, and give its content.',
    field: SOURCE_FIELD,
  });
}

export function layersMissing(missing: readonly string[], there: readonly string[]): LonghaulError {
  return new LonghaulError({
    code: 'layer-missing',
    retryable: false,
    detail: `The source has no layer ${missing.join(', ')}; it has ${there.slice(0, SHOWN_NAMES).join(', ')}.`,
    remedy: 'Name layers that are there, or leave layers out to read all.',
    field: '/inputs/layers',
  });
}

export function tooManyLayers(layers: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'too-many-layers',
    retryable: false,
    detail: `The source has ${layers} layers, and one job publishes at most ${limit}.`,
    remedy: 'Name some of the layers in each of several jobs.',
    field: '/inputs/layers',
    limit,
    actual: layers,
  });
}

/** @param notes why, one sentence each */
export function sourceWithoutLayers(notes: readonly string[]): LonghaulError {
  const why = notes
    .map((note) => ` ${note}`)
    .slice(0, SHOWN_NOTES)
    .join('');
  return new LonghaulError({
    code: 'source-without-layers',
    retryable: false,
    detail: `The source has no layer of features.${why}`,
    remedy: 'Look into the file, for instance with `ogrinfo`; of a KML that links to others, give these.',
    field: SOURCE_FIELD,
  });
}

export function outputNeedsCrs84(output: string, crs: string, field: string): LonghaulError {
  return new LonghaulError({
    code: 'output-needs-crs84',
    retryable: false,
    detail: `The output ${output} is written in longitude and latitude (OGC:CRS84), and ${crs} was asked for.`,
    remedy: 'Leave targetCrs out, or ask for flatgeobuf or geoparquet.',
    field,
  });
}

export function targetCrsUnknown(crs: string): LonghaulError {
  return new LonghaulError({
    code: 'crs-unknown',
    retryable: false,
    detail: `Nothing can be written in ${crs}: it is no two-dimensional CRS of the EPSG register that can be computed.`,
    remedy: 'Ask for another CRS, such as EPSG:3857, or leave targetCrs out for longitude and latitude.',
    field: '/inputs/targetCrs',
  });
}

export function layerWithoutCrs(layer: string): LonghaulError {
  return new LonghaulError({
    code: 'crs-missing',
    retryable: false,
    detail: `The layer "${layer}" does not say in which coordinate reference system it is.`,
    remedy: 'Say it: set sourceCrs, for instance to EPSG:25832, or to OGC:CRS84 for longitude and latitude.',
    field: '/inputs/sourceCrs',
  });
}

export function datasetWithoutFeatures(dataset: string, mediaTypes: readonly string[]): LonghaulError {
  return new LonghaulError({
    code: 'dataset-without-features',
    retryable: false,
    detail: `The dataset "${dataset}" is published as ${mediaTypes.join(', ')}, which features cannot be read from.`,
    remedy: 'Choose another dataset id, or the mode replace.',
    field: '/inputs/mode',
  });
}

export function keyColumnMissing(
  column: string,
  layer: string,
  there: readonly string[],
  index: number,
): LonghaulError {
  return new LonghaulError({
    code: 'key-column-missing',
    retryable: false,
    detail: `The layer "${layer}" has no column ${column}; it has ${there.slice(0, SHOWN_NAMES).join(', ')}.`,
    remedy: 'Name columns of the source in key, as the source writes them.',
    field: `/inputs/key/${index}`,
  });
}
