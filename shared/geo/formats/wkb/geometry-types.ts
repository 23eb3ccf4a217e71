import { GEOMETRY_TYPES, type GeometryType } from '../../features/geometry.ts';

/** Codes of WKB without those for dimensions (OGC 06-103r4, 8.2.8, and ISO/IEC 13249-3 for the curves); FlatGeobuf's are the same. */
export const WKB = {
  point: 1,
  lineString: 2,
  polygon: 3,
  multiPoint: 4,
  multiLineString: 5,
  multiPolygon: 6,
  geometryCollection: 7,
  circularString: 8,
  compoundCurve: 9,
  curvePolygon: 10,
  multiCurve: 11,
  multiSurface: 12,
  polyhedralSurface: 15,
  tin: 16,
  triangle: 17,
} as const;

/** What each type becomes; types that are not here are unknown or, as 13 and 14, abstract. */
export const LINEAR_TYPES: ReadonlyMap<number, GeometryType> = new Map([
  [WKB.point, GEOMETRY_TYPES.point],
  [WKB.lineString, GEOMETRY_TYPES.lineString],
  [WKB.polygon, GEOMETRY_TYPES.polygon],
  [WKB.multiPoint, GEOMETRY_TYPES.multiPoint],
  [WKB.multiLineString, GEOMETRY_TYPES.multiLineString],
  [WKB.multiPolygon, GEOMETRY_TYPES.multiPolygon],
  [WKB.geometryCollection, GEOMETRY_TYPES.geometryCollection],
  [WKB.circularString, GEOMETRY_TYPES.lineString],
  [WKB.compoundCurve, GEOMETRY_TYPES.lineString],
  [WKB.curvePolygon, GEOMETRY_TYPES.polygon],
  [WKB.multiCurve, GEOMETRY_TYPES.multiLineString],
  [WKB.multiSurface, GEOMETRY_TYPES.multiPolygon],
  [WKB.polyhedralSurface, GEOMETRY_TYPES.multiPolygon],
  [WKB.tin, GEOMETRY_TYPES.multiPolygon],
  [WKB.triangle, GEOMETRY_TYPES.polygon],
]);
