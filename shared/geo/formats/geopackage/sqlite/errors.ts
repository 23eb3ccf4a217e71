import { LonghaulError } from '../../../../errors/longhaul-error.ts';
import { FeatureError } from '../../feature-error.ts';

const REBUILD = 'Write the file again, for instance with `ogr2ogr` or with `VACUUM INTO` of the sqlite3 shell.';

/** The file, or what is asked of it, ends behind its last byte. */
export function databaseTruncated(what: string, end: number, size: number): LonghaulError {
  return new LonghaulError({
    code: 'sqlite-truncated',
    retryable: false,
    detail: `The database is cut off: ${what} would end at byte ${end}, and the file has ${size}.`,
    remedy: 'Check that the file was written and uploaded completely.',
    limit: size,
    actual: end,
  });
}

export function notADatabase(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'not-a-geopackage',
    retryable: false,
    detail: `The source is not a GeoPackage: ${reason}.`,
    remedy: 'Give a GeoPackage that is not encrypted.',
  });
}

export function headerCorrupt(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'sqlite-header-corrupt',
    retryable: false,
    detail: `The header of the database is not valid: ${reason}.`,
    remedy: REBUILD,
  });
}

export function pageOutOfRange(page: number, from: number, pages: number): LonghaulError {
  return new LonghaulError({
    code: 'sqlite-page-out-of-range',
    retryable: false,
    detail: `Page ${from} of the database leads to page ${page}, and there are ${pages}.`,
    remedy: REBUILD,
    limit: pages,
    actual: page,
  });
}

export function pageCorrupt(page: number, reason: string): LonghaulError {
  return new LonghaulError({
    code: 'sqlite-page-corrupt',
    retryable: false,
    detail: `Page ${page} of the database is not valid: ${reason}.`,
    remedy: REBUILD,
  });
}

/** Pages that lead to each other, or more pages than the file has: some are met twice. */
export function pageLoop(page: number): LonghaulError {
  return new LonghaulError({
    code: 'sqlite-page-loop',
    retryable: false,
    detail: `Page ${page} of the database is met a second time while one table is read.`,
    remedy: REBUILD,
  });
}

export function tooManyRows(table: string, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'sqlite-too-many-rows',
    retryable: false,
    detail: `The table ${table}, which describes the file, has more than ${limit} rows.`,
    remedy: 'Split the file into several.',
    limit,
  });
}

export function descriptionTooLarge(table: string, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'sqlite-description-too-large',
    retryable: false,
    detail: `The table ${table}, which describes the file, has more than ${limit} bytes.`,
    remedy: 'Split the file into several.',
    limit,
  });
}

export function schemaUnreadable(table: string, reason: string): LonghaulError {
  return new LonghaulError({
    code: 'sqlite-schema-unreadable',
    retryable: false,
    detail: `The definition of the table ${table} cannot be read: ${reason}.`,
    remedy: REBUILD,
  });
}

export function withoutRowid(table: string): LonghaulError {
  return new LonghaulError({
    code: 'sqlite-without-rowid',
    retryable: false,
    detail: `The table ${table} is one WITHOUT ROWID, which a GeoPackage must not have.`,
    remedy: 'Give the table an INTEGER PRIMARY KEY, for instance by copying it with `ogr2ogr`.',
  });
}

export function recordCorrupt(reason: string): FeatureError {
  return new FeatureError({
    code: 'sqlite-record-corrupt',
    retryable: false,
    detail: `The row cannot be read: ${reason}.`,
    remedy: REBUILD,
  });
}

export function recordTooLarge(bytes: number, limit: number): FeatureError {
  return new FeatureError({
    code: 'sqlite-record-too-large',
    retryable: false,
    detail: `The row has ${bytes} bytes; at most ${limit} are read.`,
    remedy: 'Split its geometry, or leave its largest values out.',
    limit,
    actual: bytes,
  });
}
