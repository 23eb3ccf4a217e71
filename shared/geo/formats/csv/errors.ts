import { LonghaulError } from '../../../errors/longhaul-error.ts';

const NAME_COLUMNS =
  'Name the columns of the coordinates with csv.x and csv.y, or that of the geometries with csv.geometry.';

export function notCsv(reason: string): LonghaulError {
  return new LonghaulError({
    code: 'not-csv',
    retryable: false,
    detail: `The source is no CSV: ${reason}.`,
    remedy: 'Give a text file with one row to a line and the same number of cells in each.',
  });
}

export function csvDelimiterInvalid(delimiter: string): LonghaulError {
  return new LonghaulError({
    code: 'csv-delimiter-invalid',
    retryable: false,
    detail: `${JSON.stringify(delimiter.slice(0, 10))} cannot be a delimiter.`,
    remedy: 'Give one character of ASCII that is neither a quote nor a line break.',
  });
}

export function csvTooManyColumns(actual: number, limit: number): LonghaulError {
  return new LonghaulError({
    code: 'csv-too-many-columns',
    retryable: false,
    detail: `The first row has ${actual} cells; at most ${limit} columns are read.`,
    remedy: 'Keep the columns that are needed, or turn columns into rows.',
    limit,
    actual,
  });
}

export function csvQuoteOpen(offset: number): LonghaulError {
  return new LonghaulError({
    code: 'csv-quote-open',
    retryable: false,
    detail: `The cell that begins with a quote at byte ${offset} does not end.`,
    remedy: 'Close it with a quote, and double the quotes within it.',
  });
}

export function csvColumnMissing(option: string, column: string): LonghaulError {
  return new LonghaulError({
    code: 'csv-column-missing',
    retryable: false,
    detail: `There is no column ${column.slice(0, 100)}, which ${option} names.`,
    remedy: 'Name a column as it stands in the first row; columns without a name are field_1, field_2 and so on.',
  });
}

export function csvCoordinateIncomplete(): LonghaulError {
  return new LonghaulError({
    code: 'csv-coordinate-incomplete',
    retryable: false,
    detail: 'Only one of csv.x and csv.y is given.',
    remedy: NAME_COLUMNS,
  });
}

export function csvGeometryMissing(columns: readonly string[]): LonghaulError {
  const shown = columns.slice(0, 10).join(', ').slice(0, 200);
  return new LonghaulError({
    code: 'csv-geometry-missing',
    retryable: false,
    detail: `No column is known for a geometry or coordinates among ${shown}.`,
    remedy: NAME_COLUMNS,
  });
}
