import { GEOMETRY_TYPES, Geometry } from '../../features/geometry.ts';
import { shapeInvalid } from './errors.ts';
import { readVertices, type PartLayout } from './read-vertices.ts';

/** Types of parts (ESRI Shapefile Technical Description, MultiPatch). */
const PART = { triangleStrip: 0, triangleFan: 1, outerRing: 2, innerRing: 3, firstRing: 4, ring: 5 } as const;

/**
 * Makes a MultiPolygon of a multipatch: a polygon of each triangle of a strip or fan, and of each outer or first ring with
 * the rings that follow it.
 * @throws FeatureError `shapefile-shape-invalid`
 */
export function readMultiPatch(layout: PartLayout, geometry: Geometry): void {
  const source = new Geometry();
  source.begin(GEOMETRY_TYPES.multiPoint);
  readVertices(layout, true, false, source);
  geometry.begin(GEOMETRY_TYPES.multiPolygon);
  const { view, parts, partStarts, points } = layout;
  let isOpen = false;
  for (let part = 0; part < parts; part++) {
    const first = view.getInt32(partStarts + 4 * part, true);
    const end = part + 1 < parts ? view.getInt32(partStarts + 4 * (part + 1), true) : points;
    const type = view.getInt32(partStarts + 4 * (parts + part), true);
    const continues = type === PART.innerRing || type === PART.ring;
    if (isOpen && !continues) geometry.endPolygon();
    if (!isOpen && continues) throw shapeInvalid(`its part ${part} is a ring within none`);
    isOpen = continues || type === PART.outerRing || type === PART.firstRing;
    if (isOpen) addRing(source, first, end, geometry);
    else if (type === PART.triangleStrip)
      addTriangles(source, first, end, geometry, (index) => [index, index + 1, index + 2]);
    else if (type === PART.triangleFan)
      addTriangles(source, first, end, geometry, (index) => [first, index + 1, index + 2]);
    else throw shapeInvalid(`its part ${part} is of type ${type}`);
  }
  if (isOpen) geometry.endPolygon();
}

function addRing(source: Geometry, first: number, end: number, geometry: Geometry): void {
  if (first === end) throw shapeInvalid('a ring of it has no points');
  for (let index = first; index < end; index++) copyVertex(source, index, geometry);
  geometry.endLine();
}

function addTriangles(
  source: Geometry,
  first: number,
  end: number,
  geometry: Geometry,
  corners: (index: number) => [number, number, number],
): void {
  for (let index = first; index + 2 < end; index++) {
    const [a, b, c] = corners(index);
    for (const corner of [a, b, c, a]) copyVertex(source, corner, geometry);
    geometry.endLine();
    geometry.endPolygon();
  }
}

function copyVertex({ xy, z, m, hasM }: Geometry, index: number, geometry: Geometry): void {
  geometry.addVertex(xy[2 * index]!, xy[2 * index + 1]!);
  geometry.setZ(z[index]!);
  if (hasM) geometry.setM(m[index]!);
}
