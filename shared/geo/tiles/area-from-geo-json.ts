import { MAX_AREA_VERTICES, type Area, type Position, type Ring } from './area.ts';
import { clipToWorld } from './clip-to-world.ts';
import { areaInvalid, areaTooComplex } from './errors.ts';
import { projectRing } from './project-ring.ts';
import { unwrapRing } from './unwrap-ring.ts';

/** RFC 7946 polygon or multipolygon, longitude and latitude in degrees. */
export type GeoJsonArea =
  { type: 'Polygon'; coordinates: number[][][] } | { type: 'MultiPolygon'; coordinates: number[][][][] };

/** Longitudes beyond ±180 continue around the world, up to here. */
const MAX_LONGITUDE = 540;

/** A closed triangle. */
const MIN_RING_POSITIONS = 4;

/**
 * The area of a GeoJSON polygon. Edges are straight in longitude and latitude (RFC 7946, section 3.1.1). An area
 * across the antimeridian may be cut there, run beyond ±180, or jump: an edge of more than 180 and less than 360 degrees
 * of longitude is taken the short way round. Rings around a pole are closed over it; what lies beyond ±85.0511 is cut.
 * Nothing is assumed about the value: it may come from a request.
 * @param field JSON pointer of the geometry, for the errors
 * @throws LonghaulError `area-invalid`, `area-empty`, `area-too-complex` (final)
 */
export function areaFromGeoJson(geometry: GeoJsonArea, field?: string): Area {
  const path = `${field ?? ''}/coordinates`;
  const pathFor = (suffix: string) => (field === undefined ? undefined : `${path}${suffix}`);
  const budget = { vertices: 0, projected: 0, field };
  const { type, coordinates } = (geometry ?? {}) as { type?: unknown; coordinates?: unknown };
  switch (type) {
    case 'Polygon':
      return clipToWorld([readPolygon(coordinates, pathFor, '', budget)], field);
    case 'MultiPolygon': {
      if (!Array.isArray(coordinates)) throw areaInvalid('The coordinates are not an array.', pathFor(''));
      const polygons = coordinates.map((polygon: unknown, index) => readPolygon(polygon, pathFor, `/${index}`, budget));
      return clipToWorld(polygons, field);
    }
    default:
      throw areaInvalid('The area is neither a Polygon nor a MultiPolygon.', field);
  }
}

type PathFor = (suffix: string) => string | undefined;

/** What all rings so far took. */
interface Budget {
  /** Vertices read. */
  vertices: number;
  /** Vertices once long edges are divided. */
  projected: number;
  field: string | undefined;
}

function readPolygon(coordinates: unknown, pathFor: PathFor, path: string, budget: Budget): Ring[] {
  if (!Array.isArray(coordinates) || coordinates.length === 0) {
    throw areaInvalid('A polygon is not an array of at least one ring.', pathFor(path));
  }
  return coordinates.map((ring: unknown, index) => {
    const positions = readRing(ring, pathFor, `${path}/${index}`, budget);
    const unwrapped = unwrapRing(positions, { turn: 360, fullTurn: 'edge', poleY: 90 });
    const projected = projectRing(unwrapped, MAX_AREA_VERTICES - budget.projected);
    if (projected === undefined) throw areaTooComplex(MAX_AREA_VERTICES + 1, MAX_AREA_VERTICES, budget.field);
    budget.projected += projected.length;
    return projected;
  });
}

/** Reads a closed ring and gives it back without the repeated last position. */
function readRing(ring: unknown, pathFor: PathFor, path: string, budget: Budget): Position[] {
  if (!Array.isArray(ring) || ring.length < MIN_RING_POSITIONS) {
    throw areaInvalid(`A ring is not an array of at least ${MIN_RING_POSITIONS} positions.`, pathFor(path));
  }
  budget.vertices += ring.length;
  if (budget.vertices > MAX_AREA_VERTICES) throw areaTooComplex(budget.vertices, MAX_AREA_VERTICES, budget.field);
  const positions = ring.map((position: unknown, index) => readPosition(position, pathFor(`${path}/${index}`)));
  const [first, last] = [positions[0]!, positions.at(-1)!];
  if (first[0] !== last[0] || first[1] !== last[1]) {
    throw areaInvalid('A ring is not closed: its last position is not its first.', pathFor(path));
  }
  return positions.slice(0, -1);
}

function readPosition(position: unknown, field: string | undefined): Position {
  const [longitude, latitude] = Array.isArray(position) ? (position as unknown[]) : [];
  if (typeof longitude !== 'number' || typeof latitude !== 'number') {
    throw areaInvalid('A position is not an array of a longitude and a latitude.', field);
  }
  if (!(Math.abs(longitude) <= MAX_LONGITUDE && Math.abs(latitude) <= 90)) {
    throw areaInvalid(
      `The position [${longitude}, ${latitude}] leaves ±${MAX_LONGITUDE} degrees of longitude or ±90 of latitude.`,
      field,
    );
  }
  return [longitude, latitude];
}
