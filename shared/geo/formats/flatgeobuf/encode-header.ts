import { Builder } from 'flatbuffers';
import { Column } from 'flatgeobuf/lib/mjs/flat-geobuf/column.js';
import { Crs } from 'flatgeobuf/lib/mjs/flat-geobuf/crs.js';
import { Header } from 'flatgeobuf/lib/mjs/flat-geobuf/header.js';
import type { Column as OutputColumn } from '../../features/column.ts';
import type { Extent } from '../../features/geometry-statistics.ts';
import { isCrs84, type OutputCrs } from '../../features/output-crs.ts';
import { COLUMN_TYPES } from './column-types.ts';

/** "fgb", major version 3, "fgb", patch version 0. */
export const MAGIC_BYTES = Uint8Array.of(0x66, 0x67, 0x62, 0x03, 0x66, 0x67, 0x62, 0x00);

/** What stands before the features of a FlatGeobuf file. */
export interface HeaderFields {
  name: string;
  title?: string;
  crs: OutputCrs;
  columns: readonly OutputColumn[];
  /** Code of the type of all geometries; 0 when they are of several. */
  geometryType: number;
  hasZ: boolean;
  hasM: boolean;
  /** Absent when no feature has a vertex. */
  extent?: Extent;
  features: number;
  /** Children of a node of the index; 0 when there is none. */
  indexNodeSize: number;
}

/**
 * Magic bytes and header, a multiple of 8 bytes. OGC:CRS84 is told as EPSG:4326, which every reader knows; coordinates of a
 * FlatGeobuf are x and y whatever the order of the axes of their CRS is.
 */
export function encodeHeader(fields: HeaderFields): Uint8Array {
  const builder = new Builder(1024);
  const columns = Header.createColumnsVector(
    builder,
    fields.columns.map((column) => encodeColumn(builder, column)),
  );
  const envelope = fields.extent === undefined ? 0 : Header.createEnvelopeVector(builder, fields.extent);
  const crs = encodeCrs(builder, fields.crs);
  const name = builder.createString(fields.name);
  const title = fields.title === undefined ? 0 : builder.createString(fields.title);
  Header.startHeader(builder);
  Header.addName(builder, name);
  if (envelope !== 0) Header.addEnvelope(builder, envelope);
  Header.addGeometryType(builder, fields.geometryType);
  Header.addHasZ(builder, fields.hasZ);
  Header.addHasM(builder, fields.hasM);
  Header.addColumns(builder, columns);
  Header.addFeaturesCount(builder, BigInt(fields.features));
  Header.addIndexNodeSize(builder, fields.indexNodeSize);
  Header.addCrs(builder, crs);
  if (title !== 0) Header.addTitle(builder, title);
  builder.finishSizePrefixed(Header.endHeader(builder));
  return Buffer.concat([MAGIC_BYTES, builder.asUint8Array()]);
}

function encodeColumn(builder: Builder, column: OutputColumn): number {
  const name = builder.createString(column.name);
  const title = column.title === undefined ? 0 : builder.createString(column.title);
  Column.startColumn(builder);
  Column.addName(builder, name);
  Column.addType(builder, COLUMN_TYPES[column.type]);
  if (title !== 0) Column.addTitle(builder, title);
  Column.addNullable(builder, column.nullable);
  return Column.endColumn(builder);
}

function encodeCrs(builder: Builder, crs: OutputCrs): number {
  const isWgs84 = isCrs84(crs);
  const org = builder.createString('EPSG');
  const name = builder.createString(isWgs84 ? 'WGS 84' : crs.name);
  Crs.startCrs(builder);
  Crs.addOrg(builder, org);
  Crs.addCode(builder, isWgs84 ? 4326 : Number(crs.code));
  Crs.addName(builder, name);
  return Crs.endCrs(builder);
}
