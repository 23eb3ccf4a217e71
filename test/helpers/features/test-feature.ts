import type { FeatureRow, FeatureSink } from '../../../shared/geo/features/feature-sink.ts';
import { GEOMETRY_NAMES, type Geometry, type GeometryType } from '../../../shared/geo/features/geometry.ts';

/** x and y, then z and m where the geometry has them. */
export type Position = number[];

/** A geometry as a tree of arrays, nested as in RFC 7946; a position may have an m. */
export type TestGeometry =
  | { type: 'Point'; hasZ: boolean; hasM: boolean; coordinates: Position }
  | { type: 'LineString' | 'MultiPoint'; hasZ: boolean; hasM: boolean; coordinates: Position[] }
  | { type: 'Polygon' | 'MultiLineString'; hasZ: boolean; hasM: boolean; coordinates: Position[][] }
  | { type: 'MultiPolygon'; hasZ: boolean; hasM: boolean; coordinates: Position[][][] }
  | { type: 'GeometryCollection'; geometries: TestGeometry[] };

export type TestValue =
  | { kind: 'text' | 'lexical' | 'date' | 'dateTime' | 'json'; value: string }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'integer' | 'double'; value: number }
  | { kind: 'bigInteger'; value: bigint }
  | { kind: 'binary'; value: Uint8Array };

export interface TestFeature {
  geometry: TestGeometry | null;
  properties: Record<string, TestValue>;
}

/** Gives a feature to a sink, as a reader does. */
export function addFeature(sink: FeatureSink, feature: TestFeature, offset = 0): void {
  if (feature.geometry === null) sink.geometry.begin(0);
  else fillGeometry(sink.geometry, feature.geometry);
  for (const [name, value] of Object.entries(feature.properties)) addValue(sink.row, sink.field(name), value);
  sink.add({ offset });
}

function addValue(row: FeatureRow, field: number, { kind, value }: TestValue): void {
  switch (kind) {
    case 'boolean':
      row.boolean(field, value);
      break;
    case 'integer':
      row.integer(field, value);
      break;
    case 'double':
      row.double(field, value);
      break;
    case 'bigInteger':
      row.bigInteger(field, value);
      break;
    case 'binary':
      row.binary(field, value);
      break;
    default:
      row[kind](field, value);
  }
}

export function fillGeometry(geometry: Geometry, source: TestGeometry): void {
  geometry.begin(GEOMETRY_NAMES.indexOf(source.type) as GeometryType);
  switch (source.type) {
    case 'Point':
      if (source.coordinates.length > 0) addPosition(geometry, source.coordinates, source);
      break;
    case 'MultiPoint':
      for (const position of source.coordinates) addPosition(geometry, position, source);
      break;
    case 'LineString':
      if (source.coordinates.length > 0) addLine(geometry, source.coordinates, source);
      break;
    case 'MultiLineString':
      for (const line of source.coordinates) addLine(geometry, line, source);
      break;
    case 'Polygon':
      for (const ring of source.coordinates) addLine(geometry, ring, source);
      if (source.coordinates.length > 0) geometry.endPolygon();
      break;
    case 'MultiPolygon':
      for (const polygon of source.coordinates) {
        for (const ring of polygon) addLine(geometry, ring, source);
        geometry.endPolygon();
      }
      break;
    case 'GeometryCollection':
      for (const member of source.geometries) {
        fillGeometry(geometry.addMember(GEOMETRY_NAMES.indexOf(member.type) as GeometryType), member);
      }
  }
}

interface Dimensions {
  hasZ: boolean;
  hasM: boolean;
}

function addLine(geometry: Geometry, line: readonly Position[], dimensions: Dimensions): void {
  for (const position of line) addPosition(geometry, position, dimensions);
  geometry.endLine();
}

function addPosition(geometry: Geometry, [x, y, ...rest]: Position, { hasZ, hasM }: Dimensions): void {
  geometry.addVertex(x!, y!);
  if (hasZ) geometry.setZ(rest[0]!);
  if (hasM) geometry.setM(rest.at(-1)!);
}

/** The geometry with every position of the given dimensions: NaN for what it does not have, and nothing else left out. */
export function withDimensions(geometry: TestGeometry, hasZ: boolean, hasM: boolean): unknown {
  if (geometry.type === 'GeometryCollection') {
    return { type: geometry.type, geometries: geometry.geometries.map((member) => withDimensions(member, hasZ, hasM)) };
  }
  const convert = (value: unknown[]): unknown => {
    if (Array.isArray(value[0]) || value.length === 0) return value.map((inner) => convert(inner as unknown[]));
    const [x, y, ...rest] = value as number[];
    const z = geometry.hasZ ? rest[0]! : NaN;
    const m = geometry.hasM ? rest.at(-1)! : NaN;
    return [x, y, ...(hasZ ? [z] : []), ...(hasM ? [m] : [])];
  };
  return { type: geometry.type, coordinates: convert(geometry.coordinates) };
}

/** Whether a vertex has z, and m: a geometry without vertices has neither. */
export function dimensionsOf(geometry: TestGeometry | null): Dimensions {
  if (geometry === null) return { hasZ: false, hasM: false };
  if (geometry.type !== 'GeometryCollection') {
    const hasVertex = geometry.coordinates.flat(3).length > 0;
    return { hasZ: hasVertex && geometry.hasZ, hasM: hasVertex && geometry.hasM };
  }
  const members = geometry.geometries.map(dimensionsOf);
  return { hasZ: members.some(({ hasZ }) => hasZ), hasM: members.some(({ hasM }) => hasM) };
}
