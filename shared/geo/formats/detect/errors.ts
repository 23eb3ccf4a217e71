import { LonghaulError } from '../../../errors/longhaul-error.ts';

const GIVE = 'Give GeoJSON, GeoJSONSeq, CSV, KML, GPX, GML, GeoPackage, a zipped shapefile, FlatGeobuf or GeoParquet.';

export function sourceEmpty(): LonghaulError {
  return new LonghaulError({
    code: 'source-empty',
    retryable: false,
    detail: 'The file has no content.',
    remedy: 'Check that the file was written and uploaded completely.',
    actual: 0,
  });
}

/** A raster. */
export function rasterGiven(what: string): LonghaulError {
  return new LonghaulError({
    code: 'not-a-vector-format',
    retryable: false,
    detail: `The file is ${what}: it holds a raster, and no features.`,
    remedy: 'Make tiles of a GeoTIFF by the process raster-preseed.',
  });
}

/** Something that is known, and that features are not read from. */
export function formatUnsupported(what: string): LonghaulError {
  return new LonghaulError({
    code: 'vector-format-unsupported',
    retryable: false,
    detail: `The file is ${what}, which features are not read from.`,
    remedy: GIVE,
  });
}

export function formatUnknown(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'vector-format-unknown',
    retryable: false,
    detail: `What the file is cannot be told by its content: ${reason}.`,
    remedy: GIVE,
  });
}
