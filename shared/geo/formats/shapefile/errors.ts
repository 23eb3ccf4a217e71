import { LonghaulError } from '../../../errors/longhaul-error.ts';
import { FeatureError } from '../feature-error.ts';

const REWRITE = 'Write the shapefile again, for instance with `ogr2ogr`.';
const COMPLETE = 'Check that .shp, .shx and .dbf were written and uploaded completely, and belong together.';

export function notAShapefile(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'not-a-shapefile',
    retryable: false,
    detail: `The source is not the main file of a shapefile: ${reason}.`,
    remedy: 'Give the .shp with its .shx, .dbf and .prj, for instance as a zip archive.',
  });
}

/** @param file its extension */
export function shapefileTruncated(file: string, end: number, size: number): LonghaulError {
  return new LonghaulError({
    code: 'shapefile-truncated',
    retryable: false,
    detail: `The .${file} of the shapefile is cut off: a read would end at byte ${end}, and it has ${size}.`,
    remedy: COMPLETE,
    limit: size,
    actual: end,
  });
}

export function tableCorrupt(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'shapefile-table-corrupt',
    retryable: false,
    detail: `The .dbf of the shapefile cannot be read: ${reason}.`,
    remedy: REWRITE,
  });
}

export function encodingUnknown(label: string): LonghaulError {
  return new LonghaulError({
    code: 'shapefile-encoding-unknown',
    retryable: false,
    detail: `The encoding ${label} of the texts of the shapefile is not known.`,
    remedy: 'Give the IANA name of an encoding, such as UTF-8 or windows-1252.',
  });
}

export function recordTruncated(needed: number, left: number): FeatureError {
  return new FeatureError({
    code: 'shapefile-record-truncated',
    retryable: false,
    detail: `The record needs ${needed} bytes, and ${left} are left.`,
    remedy: COMPLETE,
    limit: left,
    actual: needed,
  });
}

export function recordTooLarge(bytes: number, limit: number): FeatureError {
  return new FeatureError({
    code: 'shapefile-record-too-large',
    retryable: false,
    detail: `The record has ${bytes} bytes; at most ${limit} are read.`,
    remedy: 'Split its geometry.',
    limit,
    actual: bytes,
  });
}

/** The record is not where .shx or the record before it says. */
export function recordOutOfStep(reason: string): FeatureError {
  return new FeatureError({
    code: 'shapefile-record-out-of-step',
    retryable: false,
    detail: `The record is not where it should be: ${reason}.`,
    remedy: COMPLETE,
  });
}

export function shapeTypeUnknown(type: number): FeatureError {
  return new FeatureError({
    code: 'shapefile-shape-unknown',
    retryable: false,
    detail: `The record has a shape of type ${type}, which shapefiles do not have.`,
    remedy: REWRITE,
    actual: type,
  });
}

export function shapeInvalid(reason: string): FeatureError {
  return new FeatureError({
    code: 'shapefile-shape-invalid',
    retryable: false,
    detail: `The shape cannot be read: ${reason}.`,
    remedy: REWRITE,
  });
}

export function tooManyRings(rings: number): FeatureError {
  return new FeatureError({
    code: 'shapefile-too-many-rings',
    retryable: false,
    detail: `The ${rings} rings of the polygon take too long to be sorted into outer rings and holes.`,
    remedy: 'Split the polygon into several features.',
    actual: rings,
  });
}

/** A row of the .dbf for which the .shp has no record. */
export function shapeMissing(): FeatureError {
  return new FeatureError({
    code: 'shapefile-shape-missing',
    retryable: false,
    detail: 'The .dbf has a row for which the .shp has no record.',
    remedy: COMPLETE,
  });
}
