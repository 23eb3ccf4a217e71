import { GEOMETRY_TYPES, type Geometry } from '../geometry.ts';

/** Signs of what a geometry needs, each one bit. */
export const FOUND = {
  notFinite: 1,
  latitude: 2,
  longitude: 4,
  /** Longitudes beyond 180 degrees, or steps of more than half a turn. */
  antimeridian: 8,
  duplicate: 16,
  open: 32,
  short: 64,
  winding: 128,
  withoutArea: 256,
} as const;

/** Longitudes beyond are no turn too many. */
const MAX_LONGITUDE = 540;

/** Degrees by which rounding may pass the ends of longitude and latitude; it is cut off. */
export const ROUNDING_DEGREES = 1e-9;

/** What the vertices of a geometry need, without those of its members: one pass, nothing is changed. */
export function scanGeometry(geometry: Geometry, geographic: boolean): number {
  switch (geometry.type) {
    case GEOMETRY_TYPES.point:
    case GEOMETRY_TYPES.multiPoint:
      return scanPoints(geometry, geographic);
    case GEOMETRY_TYPES.lineString:
    case GEOMETRY_TYPES.multiLineString:
      return scanLines(geometry, geographic);
    case GEOMETRY_TYPES.polygon:
    case GEOMETRY_TYPES.multiPolygon:
      return scanPolygons(geometry, geographic);
    default:
      return 0;
  }
}

/** Called for a position outside of the world, or with a coordinate that is no number. */
function outside(x: number, y: number, geographic: boolean): number {
  if (!Number.isFinite(x) || !Number.isFinite(y)) return FOUND.notFinite;
  if (!geographic) return 0;
  if (Math.abs(y) > 90 + ROUNDING_DEGREES) return FOUND.latitude;
  return Math.abs(x) > MAX_LONGITUDE ? FOUND.longitude : FOUND.antimeridian;
}

function scanPoints({ xy, vertices }: Geometry, geographic: boolean): number {
  const [maxX, maxY] = extremes(geographic);
  let found = 0;
  for (let at = 0; at < 2 * vertices; at += 2) {
    const x = xy[at]!;
    const y = xy[at + 1]!;
    if (!(x >= -maxX && x <= maxX && y >= -maxY && y <= maxY)) found |= outside(x, y, geographic);
  }
  return found;
}

function scanLines(geometry: Geometry, geographic: boolean): number {
  const { xy, lineEnds, lines } = geometry;
  const [maxX, maxY, maxStep] = extremes(geographic);
  let found = 0;
  for (let line = 0, start = 0; line < lines; line++) {
    const end = lineEnds[line]!;
    if (end - start < 2) found |= FOUND.short;
    let previousX = xy[2 * start]!;
    let previousY = NaN;
    for (let at = 2 * start; at < 2 * end; at += 2) {
      const x = xy[at]!;
      const y = xy[at + 1]!;
      if (!(x >= -maxX && x <= maxX && y >= -maxY && y <= maxY)) found |= outside(x, y, geographic);
      if (x === previousX && y === previousY) found |= FOUND.duplicate;
      const step = x - previousX;
      if (step > maxStep || step < -maxStep) found |= FOUND.antimeridian;
      previousX = x;
      previousY = y;
    }
    start = end;
  }
  return found;
}

function scanPolygons(geometry: Geometry, geographic: boolean): number {
  const { xy, lineEnds, polygonEnds, polygons } = geometry;
  const [maxX, maxY, maxStep] = extremes(geographic);
  let found = 0;
  let start = 0;
  let ring = 0;
  for (let polygon = 0; polygon < polygons; polygon++) {
    const ringsEnd = polygonEnds[polygon]!;
    // The first ring is to run counter-clockwise, the others clockwise.
    for (let sign = 1; ring < ringsEnd; ring++, sign = -1) {
      const end = lineEnds[ring]!;
      const firstX = xy[2 * start]!;
      const firstY = xy[2 * start + 1]!;
      let previousX = firstX;
      let previousY = NaN;
      let area = 0;
      for (let at = 2 * start; at < 2 * end; at += 2) {
        const x = xy[at]!;
        const y = xy[at + 1]!;
        if (!(x >= -maxX && x <= maxX && y >= -maxY && y <= maxY)) found |= outside(x, y, geographic);
        if (x === previousX && y === previousY) found |= FOUND.duplicate;
        const step = x - previousX;
        if (step > maxStep || step < -maxStep) found |= FOUND.antimeridian;
        // Relative to the first vertex: far from the origin the products would cancel out.
        if (at > 2 * start) area += (previousX - firstX) * (y - firstY) - (x - firstX) * (previousY - firstY);
        previousX = x;
        previousY = y;
      }
      if (end - start < 4) found |= FOUND.short;
      if (end > start && (previousX !== firstX || previousY !== firstY)) found |= FOUND.open;
      if (!(area * sign > 0)) found |= area === 0 ? FOUND.withoutArea : FOUND.winding;
      start = end;
    }
  }
  return found;
}

/** Largest x, y and step along x that need no second look. */
function extremes(geographic: boolean): [x: number, y: number, step: number] {
  return geographic ? [180, 90, 180] : [Number.MAX_VALUE, Number.MAX_VALUE, Infinity];
}
