import { GEOMETRY_NAMES, Geometry, type GeometryType } from '../../shared/geo/features/geometry.ts';
import type { PlainGeometry } from './write-wkb.ts';

type Position = readonly number[];

/** A `Geometry` of an object of RFC 7946; positions are [x, y], [x, y, z] or [x, y, z, m]. */
export function geometryOf(plain: PlainGeometry): Geometry {
  const geometry = new Geometry();
  fill(geometry, plain);
  return geometry;
}

function fill(geometry: Geometry, plain: PlainGeometry): void {
  geometry.begin(GEOMETRY_NAMES.findIndex((name) => name === plain.type) as GeometryType);
  const { coordinates } = plain;
  const polygon = (rings: Position[][]) => {
    for (const ring of rings) addLine(geometry, ring);
    geometry.endPolygon();
  };
  switch (plain.type) {
    case 'Point':
      add(geometry, coordinates as Position);
      break;
    case 'MultiPoint':
      for (const position of coordinates as Position[]) add(geometry, position);
      break;
    case 'LineString':
      addLine(geometry, coordinates as Position[]);
      break;
    case 'MultiLineString':
      for (const line of coordinates as Position[][]) addLine(geometry, line);
      break;
    case 'Polygon':
      polygon(coordinates as Position[][]);
      break;
    case 'MultiPolygon':
      for (const rings of coordinates as Position[][][]) polygon(rings);
      break;
    case 'GeometryCollection':
      for (const member of plain.geometries ?? []) fill(geometry.addMember(0), member);
      break;
    default:
      throw new RangeError(`a ${plain.type} is none of RFC 7946`);
  }
}

function addLine(geometry: Geometry, positions: readonly Position[]): void {
  for (const position of positions) add(geometry, position);
  geometry.endLine();
}

function add(geometry: Geometry, [x = NaN, y = NaN, z, m]: Position): void {
  geometry.addVertex(x, y);
  if (z !== undefined) geometry.setZ(z);
  if (m !== undefined) geometry.setM(m);
}
