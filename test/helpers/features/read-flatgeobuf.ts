import { ByteBuffer } from 'flatbuffers';
import { Feature } from 'flatgeobuf/lib/mjs/flat-geobuf/feature.js';
import type { Geometry } from 'flatgeobuf/lib/mjs/flat-geobuf/geometry.js';
import { Header } from 'flatgeobuf/lib/mjs/flat-geobuf/header.js';
import { GeometryType } from 'flatgeobuf/lib/mjs/flat-geobuf/geometry-type.js';
import { ColumnType } from 'flatgeobuf/lib/mjs/flat-geobuf/column-type.js';
import { calcTreeSize } from 'flatgeobuf/lib/mjs/packedrtree.js';

export interface ReadFeature {
  geometry: unknown;
  properties: Record<string, unknown>;
}

export interface ReadFlatGeobuf {
  header: Header;
  headerBytes: number;
  indexBytes: number;
  features: ReadFeature[];
}

/** Reads a FlatGeobuf by the tables that the package generates from the format's schema: z, m, null and empty geometries, too. */
export function readFlatGeobuf(bytes: Uint8Array): ReadFlatGeobuf {
  const buffer = new ByteBuffer(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  buffer.setPosition(8);
  const header = Header.getSizePrefixedRootAsHeader(buffer);
  const headerBytes = 12 + view.getUint32(8, true);
  const count = Number(header.featuresCount());
  const indexBytes = header.indexNodeSize() === 0 ? 0 : calcTreeSize(count, header.indexNodeSize());
  const features: ReadFeature[] = [];
  for (let offset = headerBytes + indexBytes; offset < bytes.length;) {
    const length = view.getUint32(offset, true);
    // A copy, so that alignment is that of the feature alone.
    const copy = bytes.slice(offset, offset + 4 + length);
    const feature = Feature.getSizePrefixedRootAsFeature(new ByteBuffer(copy));
    features.push({ geometry: readGeometry(feature.geometry(), header), properties: readProperties(feature, header) });
    offset += 4 + length;
  }
  return { header, headerBytes, indexBytes, features };
}

function readGeometry(geometry: Geometry | null, header: Header): unknown {
  if (geometry === null) return null;
  const type = GeometryType[geometry.type()];
  const parts = Array.from({ length: geometry.partsLength() }, (_, index) => geometry.parts(index)!);
  if (type === 'GeometryCollection') return { type, geometries: parts.map((part) => readGeometry(part, header)) };
  if (type === 'MultiPolygon') return { type, coordinates: parts.map((part) => readLines(part, header)) };
  const positions = readPositions(geometry, header);
  if (type === 'Point') return { type, coordinates: positions[0] ?? [] };
  if (type === 'LineString' || type === 'MultiPoint') return { type, coordinates: positions };
  return { type, coordinates: readLines(geometry, header) };
}

function readLines(geometry: Geometry, header: Header): number[][][] {
  const positions = readPositions(geometry, header);
  const ends = geometry.endsArray() ?? (positions.length === 0 ? [] : [positions.length]);
  return Array.from(ends, (end, index) => positions.slice(index === 0 ? 0 : ends[index - 1], end));
}

function readPositions(geometry: Geometry, header: Header): number[][] {
  const xy = geometry.xyArray()!;
  return Array.from({ length: xy.length / 2 }, (_, index) => [
    xy[2 * index]!,
    xy[2 * index + 1]!,
    ...(header.hasZ() ? [geometry.zArray()![index]!] : []),
    ...(header.hasM() ? [geometry.mArray()![index]!] : []),
  ]);
}

function readProperties(feature: Feature, header: Header): Record<string, unknown> {
  const bytes = Buffer.from(feature.propertiesArray() ?? []);
  const properties: Record<string, unknown> = {};
  for (let position = 0; position < bytes.length;) {
    const column = header.columns(bytes.readUInt16LE(position))!;
    position += 2;
    const [value, length] = readValue(bytes, position, column.type());
    properties[column.name()!] = value;
    position += length;
  }
  return properties;
}

function readValue(bytes: Buffer, position: number, type: ColumnType): [unknown, number] {
  switch (type) {
    case ColumnType.Bool:
      return [bytes[position] === 1, 1];
    case ColumnType.Int:
      return [bytes.readInt32LE(position), 4];
    case ColumnType.Long:
      return [bytes.readBigInt64LE(position), 8];
    case ColumnType.Double:
      return [bytes.readDoubleLE(position), 8];
    default: {
      const length = bytes.readUInt32LE(position);
      const value = bytes.subarray(position + 4, position + 4 + length);
      return [type === ColumnType.Binary ? new Uint8Array(value) : value.toString('utf8'), 4 + length];
    }
  }
}
