import { Builder } from 'flatbuffers';
import { Column } from 'flatgeobuf/lib/mjs/flat-geobuf/column.js';
import { ColumnType } from 'flatgeobuf/lib/mjs/flat-geobuf/column-type.js';
import { Crs } from 'flatgeobuf/lib/mjs/flat-geobuf/crs.js';
import { Feature } from 'flatgeobuf/lib/mjs/flat-geobuf/feature.js';
import { Geometry } from 'flatgeobuf/lib/mjs/flat-geobuf/geometry.js';
import { Header } from 'flatgeobuf/lib/mjs/flat-geobuf/header.js';
import type { PlainGeometry } from './write-wkb.ts';

export type ColumnTypeName = keyof typeof ColumnType;

export interface FlatGeobufColumn {
  name: string;
  type: ColumnTypeName;
  title?: string;
}

export interface FlatGeobufFeature {
  geometry?: PlainGeometry | null;
  /** Written in place of `geometry`: code of the type and xy; a collection that has it so many times, by one place. */
  raw?: { type: number; xy: number[]; ends?: number[]; copies?: number };
  /** Values by number of the column, in order; bytes are written as they are. */
  properties?: readonly (readonly [column: number, value: Uint8Array])[];
  columns?: readonly FlatGeobufColumn[];
}

export interface FlatGeobufOptions {
  name?: string;
  geometryType?: number;
  columns?: readonly FlatGeobufColumn[];
  crs?: { org?: string; code?: number; wkt?: string; codeString?: string };
  features: readonly FlatGeobufFeature[];
  /** [as many as there are; 0 leaves it unsaid] */
  featuresCount?: number;
  /** Write an index with nodes of so many children. */
  indexNodeSize?: number;
  /** Offset of each leaf, in place of the true one. */
  leafOffset?: (offset: number, leaf: number) => number;
}

/** A FlatGeobuf by the tables that the package generates from the format's schema. Its index has no boxes. */
export function makeFlatGeobuf(options: FlatGeobufOptions): Uint8Array<ArrayBuffer> {
  const { features, indexNodeSize = 0 } = options;
  const bodies = features.map(encodeFeature);
  const header = encodeHeader(options, options.featuresCount ?? features.length, indexNodeSize);
  const index =
    indexNodeSize === 0 || bodies.length === 0
      ? Buffer.alloc(0)
      : encodeIndex(bodies, indexNodeSize, options.leafOffset);
  return Uint8Array.from(Buffer.concat([Buffer.from('fgb\u0003fgb\u0001'), header, index, ...bodies]));
}

/** The value of a property as FlatGeobuf stores it. */
export function propertyBytes(
  type: ColumnTypeName,
  value: number | bigint | string | boolean | Uint8Array,
): Uint8Array {
  const number = Buffer.alloc(8);
  switch (type) {
    case 'Bool':
    case 'UByte':
      return Uint8Array.of(Number(value));
    case 'Byte':
      return Uint8Array.from(Int8Array.of(Number(value)));
    case 'Short':
      number.writeInt16LE(Number(value));
      return number.subarray(0, 2);
    case 'UShort':
      number.writeUInt16LE(Number(value));
      return number.subarray(0, 2);
    case 'Int':
      number.writeInt32LE(Number(value));
      return number.subarray(0, 4);
    case 'UInt':
      number.writeUInt32LE(Number(value));
      return number.subarray(0, 4);
    case 'Long':
      number.writeBigInt64LE(BigInt(value as bigint));
      return number;
    case 'ULong':
      number.writeBigUInt64LE(BigInt(value as bigint));
      return number;
    case 'Float':
      number.writeFloatLE(Number(value));
      return number.subarray(0, 4);
    case 'Double':
      number.writeDoubleLE(Number(value));
      return number;
    default: {
      const bytes = typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array);
      number.writeUInt32LE(bytes.length);
      return Buffer.concat([number.subarray(0, 4), bytes]);
    }
  }
}

function encodeHeader(options: FlatGeobufOptions, featuresCount: number, indexNodeSize: number): Uint8Array {
  const builder = new Builder(1024);
  const columns = encodeColumns(builder, options.columns ?? [], (list) => Header.createColumnsVector(builder, list));
  const crs = options.crs === undefined ? 0 : encodeCrs(builder, options.crs);
  const name = options.name === undefined ? 0 : builder.createString(options.name);
  Header.startHeader(builder);
  if (name !== 0) Header.addName(builder, name);
  Header.addGeometryType(builder, options.geometryType ?? 0);
  Header.addColumns(builder, columns);
  Header.addFeaturesCount(builder, BigInt(featuresCount));
  Header.addIndexNodeSize(builder, indexNodeSize);
  if (crs !== 0) Header.addCrs(builder, crs);
  builder.finishSizePrefixed(Header.endHeader(builder));
  return builder.asUint8Array();
}

function encodeColumns(builder: Builder, columns: readonly FlatGeobufColumn[], vector: (list: number[]) => number) {
  return vector(
    columns.map(({ name, type, title }) => {
      const nameOffset = builder.createString(name);
      const titleOffset = title === undefined ? 0 : builder.createString(title);
      Column.startColumn(builder);
      Column.addName(builder, nameOffset);
      Column.addType(builder, ColumnType[type]);
      if (titleOffset !== 0) Column.addTitle(builder, titleOffset);
      return Column.endColumn(builder);
    }),
  );
}

function encodeCrs(builder: Builder, { org, code, wkt, codeString }: NonNullable<FlatGeobufOptions['crs']>): number {
  const [orgOffset, wktOffset, codeOffset] = [org, wkt, codeString].map((text) =>
    text === undefined ? 0 : builder.createString(text),
  );
  Crs.startCrs(builder);
  if (orgOffset) Crs.addOrg(builder, orgOffset);
  if (code !== undefined) Crs.addCode(builder, code);
  if (wktOffset) Crs.addWkt(builder, wktOffset);
  if (codeOffset) Crs.addCodeString(builder, codeOffset);
  return Crs.endCrs(builder);
}

function encodeFeature({ geometry, raw, properties, columns }: FlatGeobufFeature): Uint8Array {
  const builder = new Builder(256);
  const own =
    columns === undefined ? 0 : encodeColumns(builder, columns, (list) => Feature.createColumnsVector(builder, list));
  const parts = (properties ?? []).map(([column, value]) =>
    Buffer.concat([Uint8Array.of(column & 0xff, column >> 8), value]),
  );
  const propertiesOffset = properties === undefined ? 0 : Feature.createPropertiesVector(builder, Buffer.concat(parts));
  const geometryOffset = raw !== undefined ? encodeRaw(builder, raw) : geometry ? encodeGeometry(builder, geometry) : 0;
  Feature.startFeature(builder);
  if (geometryOffset !== 0) Feature.addGeometry(builder, geometryOffset);
  if (propertiesOffset !== 0) Feature.addProperties(builder, propertiesOffset);
  if (own !== 0) Feature.addColumns(builder, own);
  builder.finishSizePrefixed(Feature.endFeature(builder));
  return builder.asUint8Array();
}

function encodeRaw(builder: Builder, { type, xy, ends, copies }: NonNullable<FlatGeobufFeature['raw']>): number {
  const part = encodeSimple(builder, type, chunked(xy), ends);
  if (copies === undefined) return part;
  return encodeParts(
    builder,
    CODES.GeometryCollection,
    Array.from({ length: copies }, () => part),
  );
}

const CODES = {
  Point: 1,
  LineString: 2,
  Polygon: 3,
  MultiPoint: 4,
  MultiLineString: 5,
  MultiPolygon: 6,
  GeometryCollection: 7,
};

function encodeGeometry(builder: Builder, { type, coordinates, geometries = [] }: PlainGeometry): number {
  const code = CODES[type as keyof typeof CODES];
  switch (type) {
    case 'GeometryCollection':
      return encodeParts(
        builder,
        code,
        geometries.map((part) => encodeGeometry(builder, part)),
      );
    case 'MultiPolygon':
      return encodeParts(
        builder,
        code,
        (coordinates as number[][][][]).map((part) => encodeGeometry(builder, { type: 'Polygon', coordinates: part })),
      );
    case 'Point':
      return encodeSimple(
        builder,
        code,
        [coordinates as number[]].filter((position) => position.length > 0),
      );
    case 'Polygon':
    case 'MultiLineString': {
      const lines = coordinates as number[][][];
      let end = 0;
      const ends = lines.map((line) => (end += line.length));
      return encodeSimple(builder, code, lines.flat(), ends.length > 1 ? ends : undefined);
    }
    default:
      return encodeSimple(builder, code, coordinates as number[][]);
  }
}

function encodeParts(builder: Builder, code: number, parts: number[]): number {
  const vector = Geometry.createPartsVector(builder, parts);
  Geometry.startGeometry(builder);
  Geometry.addType(builder, code);
  Geometry.addParts(builder, vector);
  return Geometry.endGeometry(builder);
}

function encodeSimple(builder: Builder, code: number, positions: number[][], ends?: number[]): number {
  const [first = []] = positions;
  const xy = Geometry.createXyVector(
    builder,
    positions.flatMap(([x = NaN, y = NaN]) => [x, y]),
  );
  // A z that is NaN stands for none, where there is an m.
  const hasZ = first.length > 2 && positions.some((position) => !Number.isNaN(position[2]));
  const z = hasZ
    ? Geometry.createZVector(
        builder,
        positions.map((position) => position[2]!),
      )
    : 0;
  const m =
    first.length > 3
      ? Geometry.createMVector(
          builder,
          positions.map((position) => position[3]!),
        )
      : 0;
  const endsOffset = ends === undefined ? 0 : Geometry.createEndsVector(builder, ends);
  Geometry.startGeometry(builder);
  Geometry.addType(builder, code);
  Geometry.addXy(builder, xy);
  if (z !== 0) Geometry.addZ(builder, z);
  if (m !== 0) Geometry.addM(builder, m);
  if (endsOffset !== 0) Geometry.addEnds(builder, endsOffset);
  return Geometry.endGeometry(builder);
}

/** Levels from the root to the leaves; only the leaves lead to features. */
function encodeIndex(
  bodies: readonly Uint8Array[],
  nodeSize: number,
  leafOffset: (offset: number, leaf: number) => number = (offset) => offset,
): Buffer {
  let nodes = bodies.length;
  let level = bodies.length;
  do {
    level = Math.ceil(level / nodeSize);
    nodes += level;
  } while (level > 1);
  const index = Buffer.alloc(40 * nodes);
  let offset = 0;
  for (const [leaf, body] of bodies.entries()) {
    const told = leafOffset(offset, leaf);
    index.writeBigUInt64LE(BigInt(told), 40 * (nodes - bodies.length + leaf) + 32);
    offset += body.length;
  }
  return index;
}

const chunked = (xy: readonly number[]): number[][] =>
  Array.from({ length: xy.length / 2 }, (_, index) => [xy[2 * index]!, xy[2 * index + 1]!]);
