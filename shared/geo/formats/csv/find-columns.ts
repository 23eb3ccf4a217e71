import type { CsvOptions, DeclaredCrs } from '../../features/feature-format.ts';
import { csvColumnMissing, csvCoordinateIncomplete, csvGeometryMissing } from './errors.ts';

/** What is known of the first rows: texts of cells, of which only the beginning counts. */
export type SampleRows = readonly (readonly string[])[];

/** Where the geometry of a row is: one column, or two. */
export type GeometryColumns = { geometry: number } | { x: number; y: number };

export interface FoundColumns {
  geometry: GeometryColumns;
  crs?: DeclaredCrs;
  note?: string;
}

/** Names of columns that hold geometries, in small letters and without punctuation. */
const GEOMETRY_NAMES = new Set([
  ...['wkt', 'ewkt', 'wkb', 'ewkb', 'hexwkb', 'hexewkb', 'geojson'],
  ...['geom', 'geometry', 'thegeom', 'geomwkt', 'geomwkb', 'wktgeom', 'wktgeometry', 'wkbgeometry', 'geometrywkt'],
  ...['shape', 'geog', 'geography', 'stastext', 'stasgeojson'],
]);

/** Names of columns of coordinates: those of degrees first. */
const DEGREES = [
  ['longitude', 'latitude'],
  ['lon', 'lat'],
  ['long', 'lat'],
  ['lng', 'lat'],
  ['decimallongitude', 'decimallatitude'],
] as const;
const COORDINATES = [
  ...DEGREES,
  ['x', 'y'],
  ['pointx', 'pointy'],
  ['xcoord', 'ycoord'],
  ['coordx', 'coordy'],
  ['xcoordinate', 'ycoordinate'],
  ['easting', 'northing'],
] as const;

const WKT =
  /^\s*(srid=\d+;\s*)?(point|linestring|linearring|polygon|multi(point|linestring|polygon|curve|surface)|geometrycollection|circularstring|compoundcurve|curvepolygon|polyhedralsurface|tin|triangle)\s*(zm|z|m)?\s*(\(|empty)/i;
const WKB = /^\s*0[01][0-9a-f]{8,}$/i;
const GEOJSON = /^\s*\{\s*"/;
const SRID = /^\s*srid=(\d{1,9});/i;

/** Whether a text is that of a geometry, as far as its beginning tells. */
export function isGeometry(text: string): boolean {
  return WKT.test(text) || WKB.test(text) || GEOJSON.test(text);
}

/**
 * Finds the columns of the geometry: those that the caller names, then by their names, then by what is in them.
 * @throws LonghaulError `csv-column-missing`, `csv-coordinate-incomplete`, `csv-geometry-missing` (final)
 */
export function findColumns(names: readonly string[], rows: SampleRows, told: CsvOptions = {}): FoundColumns {
  if (told.geometry !== undefined) return ofGeometry(indexOf(names, 'csv.geometry', told.geometry), rows);
  if (told.x !== undefined || told.y !== undefined) {
    if (told.x === undefined || told.y === undefined) throw csvCoordinateIncomplete();
    return { geometry: { x: indexOf(names, 'csv.x', told.x), y: indexOf(names, 'csv.y', told.y) } };
  }
  const plain = names.map((name) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  const named = plain.findIndex((name, index) => GEOMETRY_NAMES.has(name) && holdsGeometries(rows, index, true));
  if (named >= 0) return ofGeometry(named, rows);
  for (const pair of COORDINATES) {
    const [x, y] = pair;
    if (plain.includes(x) && plain.includes(y)) {
      const geometry = { x: plain.indexOf(x), y: plain.indexOf(y) };
      if (!(DEGREES as readonly (readonly [string, string])[]).includes(pair)) return { geometry };
      const note = `The CRS is taken for WGS 84, since the coordinates are named ${names[geometry.x]} and ${names[geometry.y]}.`;
      return { geometry, crs: { kind: 'crs84' }, note };
    }
  }
  const found = names.findIndex((_, index) => holdsGeometries(rows, index, false));
  if (found < 0) throw csvGeometryMissing(names);
  return ofGeometry(found, rows);
}

function indexOf(names: readonly string[], option: string, name: string): number {
  const exact = names.indexOf(name);
  const index = exact >= 0 ? exact : names.findIndex((each) => each.toLowerCase() === name.toLowerCase());
  if (index < 0) throw csvColumnMissing(option, name);
  return index;
}

function holdsGeometries(rows: SampleRows, index: number, orNothing: boolean): boolean {
  const texts = rows.map((row) => row[index] ?? '').filter((text) => text.trim() !== '');
  if (texts.length === 0) return orNothing;
  return 2 * texts.filter(isGeometry).length > texts.length;
}

/** A column of geometries, with the CRS that the first of them names; GeoJSON has that of its standard. */
function ofGeometry(geometry: number, rows: SampleRows): FoundColumns {
  const texts = rows.map((row) => row[geometry] ?? '');
  const srid = texts.map(sridOf).find((found) => found !== undefined && found > 0);
  if (srid !== undefined) return { geometry: { geometry }, crs: { kind: 'epsg', code: srid } };
  return { geometry: { geometry }, ...(texts.some((text) => GEOJSON.test(text)) ? { crs: { kind: 'crs84' } } : {}) };
}

function sridOf(text: string): number | undefined {
  const [, srid] = SRID.exec(text) ?? [];
  if (srid !== undefined) return Number(srid);
  return WKB.test(text) ? sridOfWkb(text.trim()) : undefined;
}

/** The SRID of extended WKB (PostGIS): behind the byte order and a type that has a flag for it. */
function sridOfWkb(text: string): number | undefined {
  const HEAD_DIGITS = 18;
  const HAS_SRID = 0x2000_0000;
  const head = Buffer.from(text.slice(0, HEAD_DIGITS), 'hex');
  if (head.length < HEAD_DIGITS / 2) return undefined;
  const isLittle = head[0] === 1;
  const type = isLittle ? head.readUInt32LE(1) : head.readUInt32BE(1);
  if ((type & HAS_SRID) === 0) return undefined;
  return isLittle ? head.readInt32LE(5) : head.readInt32BE(5);
}
