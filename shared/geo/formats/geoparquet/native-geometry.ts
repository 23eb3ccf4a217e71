import { GEOMETRY_TYPES, type Geometry, type GeometryType } from '../../features/geometry.ts';
import { geometryInvalid } from './read-errors.ts';
import type { GeometryEncoding } from './read-geo-metadata.ts';

type NativeEncoding = Exclude<GeometryEncoding, 'WKB'>;

/** Lists around the coordinates of each encoding of GeoArrow, and the type that they make. */
const ENCODINGS: Readonly<Record<NativeEncoding, { type: GeometryType; depth: number }>> = {
  point: { type: GEOMETRY_TYPES.point, depth: 0 },
  linestring: { type: GEOMETRY_TYPES.lineString, depth: 1 },
  multipoint: { type: GEOMETRY_TYPES.multiPoint, depth: 1 },
  polygon: { type: GEOMETRY_TYPES.polygon, depth: 2 },
  multilinestring: { type: GEOMETRY_TYPES.multiLineString, depth: 2 },
  multipolygon: { type: GEOMETRY_TYPES.multiPolygon, depth: 3 },
};

/**
 * Fills a geometry from lists of structures with x, y, and where they have them z and m.
 * @throws FeatureError `geoparquet-geometry-invalid`
 */
export function fillNative(geometry: Geometry, value: unknown, encoding: NativeEncoding): void {
  const { type, depth } = ENCODINGS[encoding];
  geometry.begin(type);
  if (depth === 0) {
    addPoint(geometry, value);
    return;
  }
  switch (type) {
    case GEOMETRY_TYPES.multiPoint:
      for (const position of listOf(value)) addPosition(geometry, position);
      return;
    case GEOMETRY_TYPES.lineString:
      addLine(geometry, value);
      return;
    case GEOMETRY_TYPES.multiLineString:
      for (const line of listOf(value)) addLine(geometry, line);
      return;
    case GEOMETRY_TYPES.polygon:
      addPolygon(geometry, value);
      return;
    default:
      for (const polygon of listOf(value)) addPolygon(geometry, polygon);
  }
}

function addPolygon(geometry: Geometry, value: unknown): void {
  const { lines } = geometry;
  for (const [index, ring] of listOf(value).entries()) {
    addLine(geometry, ring);
    // A ring within would become the outer one.
    if (index > 0 && geometry.lines > lines && listOf(listOf(value)[0]).length === 0) {
      throw geometryInvalid('the outer ring of its polygon is empty');
    }
  }
  if (geometry.lines > lines) geometry.endPolygon();
}

function addLine(geometry: Geometry, value: unknown): void {
  const { vertices } = geometry;
  for (const position of listOf(value)) addPosition(geometry, position);
  if (geometry.vertices > vertices) geometry.endLine();
}

/** A point of which x and y are no numbers is empty. */
function addPoint(geometry: Geometry, value: unknown): void {
  addPosition(geometry, value);
  if (Number.isNaN(geometry.xy[0]) && Number.isNaN(geometry.xy[1])) geometry.vertices = 0;
}

function addPosition(geometry: Geometry, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw geometryInvalid('a position is null');
  const { x, y, z, m } = value as Record<string, unknown>;
  if (typeof x !== 'number' || typeof y !== 'number') throw geometryInvalid('a position has no x and y');
  geometry.addVertex(x, y);
  if (typeof z === 'number') geometry.setZ(z);
  if (typeof m === 'number') geometry.setM(m);
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw geometryInvalid('a list of its positions is null');
}
