import { ColumnType as FlatGeobufType } from 'flatgeobuf/lib/mjs/flat-geobuf/column-type.js';
import type { ColumnType } from '../../features/column.ts';

/** FlatGeobuf has no type for dates: they are ISO 8601 in a column of dates and times, as GDAL has it. */
export const COLUMN_TYPES: Record<ColumnType, FlatGeobufType> = {
  boolean: FlatGeobufType.Bool,
  int32: FlatGeobufType.Int,
  int64: FlatGeobufType.Long,
  double: FlatGeobufType.Double,
  text: FlatGeobufType.String,
  date: FlatGeobufType.DateTime,
  'date-time': FlatGeobufType.DateTime,
  json: FlatGeobufType.Json,
  binary: FlatGeobufType.Binary,
};
