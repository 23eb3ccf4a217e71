import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';

export interface GeoParquetOptions {
  columns: ColumnSource[];
  /** Metadata `geo`; an object, or any text; null writes none [WKB in `geometry`]. */
  geo?: object | string | null;
  rowGroupSize?: number;
  pageSize?: number;
  metadata?: { key: string; value: string }[];
}

/** A GeoParquet by hyparquet-writer, with the metadata `geo` that is wanted. */
export function makeGeoParquet({
  columns,
  geo,
  metadata = [],
  ...options
}: GeoParquetOptions): Uint8Array<ArrayBuffer> {
  const value = typeof geo === 'string' ? geo : JSON.stringify(geo ?? geoMetadata());
  const kvMetadata = geo === null ? metadata : [{ key: 'geo', value }, ...metadata];
  return new Uint8Array(parquetWriteBuffer({ columnData: columns, kvMetadata, ...options }));
}

/** Metadata of GeoParquet 1.1 for a column of WKB named `geometry`. */
export function geoMetadata(column: object = {}): object {
  return {
    version: '1.1.0',
    primary_column: 'geometry',
    columns: { geometry: { encoding: 'WKB', geometry_types: [], ...column } },
  };
}

export const geometryColumn = (data: (Uint8Array | null)[], name = 'geometry'): ColumnSource => ({
  name,
  data,
  type: 'BYTE_ARRAY',
});
