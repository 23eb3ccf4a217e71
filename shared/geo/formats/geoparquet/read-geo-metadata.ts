import type { FileMetaData, SchemaElement } from 'hyparquet';
import type { DeclaredCrs } from '../../features/feature-format.ts';
import { crsFromName } from '../../projections/crs-from-name.ts';
import { geoMetadataInvalid, geometryColumnMissing, parquetUnsupported } from './read-errors.ts';

/** Encodings of geometries: WKB, and those of GeoArrow (GeoParquet 1.1). */
const ENCODINGS = [
  'WKB',
  ...['point', 'linestring', 'polygon', 'multipoint', 'multilinestring', 'multipolygon'],
] as const;
export type GeometryEncoding = (typeof ENCODINGS)[number];

/** Names by which a column of WKB without metadata is taken for the geometry. */
const USUAL_NAMES: readonly string[] = ['geometry', 'geom', 'wkb_geometry', 'the_geom', 'wkb'];

/** Text of the metadata `geo`: the CRS of every column may be in it. */
const MAX_METADATA_CHARACTERS = 4 * 1024 ** 2;

/** What a file says of its geometries. */
export interface GeoMetadata {
  /** Name of the column. */
  column: string;
  encoding: GeometryEncoding;
  crs?: DeclaredCrs;
  /** Columns of boxes, which follow from the geometries. */
  coverings: string[];
  notes: string[];
}

/**
 * Finds the column of geometries: by the metadata `geo` (GeoParquet 1.0 and 1.1), by the logical types GEOMETRY and
 * GEOGRAPHY, or by a usual name.
 * @throws LonghaulError `geoparquet-geometry-missing`, `geoparquet-metadata-invalid`, `parquet-unsupported` (final)
 */
export function readGeoMetadata(metadata: FileMetaData, topLevel: readonly SchemaElement[]): GeoMetadata {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'geo')?.value;
  if (text !== undefined) return fromGeo(parseObject(text), topLevel);
  const logical = topLevel.find(({ logical_type: type }) => type?.type === 'GEOMETRY' || type?.type === 'GEOGRAPHY');
  if (logical !== undefined) return fromLogicalType(logical, metadata);
  const usual = USUAL_NAMES.map((name) =>
    topLevel.find((element) => element.name.toLowerCase() === name && element.type === 'BYTE_ARRAY'),
  ).find((element) => element !== undefined);
  if (usual === undefined) throw geometryColumnMissing();
  const note = `The file has no metadata of GeoParquet: the column ${usual.name} was taken for geometries in WKB.`;
  return { column: usual.name, encoding: 'WKB', coverings: [], notes: [note] };
}

function fromGeo(geo: Record<string, unknown>, topLevel: readonly SchemaElement[]): GeoMetadata {
  const columns = objectOf(geo['columns'], 'it has no columns');
  const primary = geo['primary_column'];
  if (typeof primary !== 'string') throw geoMetadataInvalid('it names no primary column');
  if (!topLevel.some(({ name }) => name === primary))
    throw geoMetadataInvalid(`there is no column ${JSON.stringify(primary)}`);
  const column = objectOf(
    Object.hasOwn(columns, primary) ? columns[primary] : undefined,
    'its primary column is not described',
  );
  const { encoding: name } = column;
  const encoding = ENCODINGS.find((known) => known === name);
  if (encoding === undefined) throw parquetUnsupported(`has geometries in the encoding ${JSON.stringify(name)}`);
  const { crs, note } = Object.hasOwn(column, 'crs') ? crsOf(column['crs']) : { crs: CRS84 };
  const others = Object.keys(columns).filter((other) => other !== primary);
  return {
    column: primary,
    encoding,
    ...(crs === undefined ? {} : { crs }),
    coverings: coveringsOf(column['covering']),
    notes: [
      ...(note === undefined ? [] : [note]),
      ...(column['edges'] === 'spherical' ? [SPHERICAL] : []),
      ...(others.length === 0 ? [] : [`Other columns of geometries were read as properties: ${others.join(', ')}.`]),
    ],
  };
}

const CRS84: DeclaredCrs = { kind: 'crs84' };
const SPHERICAL = 'Edges run along great circles; they were taken for straight lines.';

/** The first name of each path to an edge of the boxes (GeoParquet 1.1, "covering"). */
function coveringsOf(covering: unknown): string[] {
  const bbox: unknown =
    typeof covering === 'object' && covering !== null && 'bbox' in covering ? covering.bbox : undefined;
  if (typeof bbox !== 'object' || bbox === null) return [];
  const names = Object.values(bbox).flatMap((path: unknown) =>
    Array.isArray(path) && path.length === 2 ? [path[0] as unknown] : [],
  );
  return [...new Set(names.filter((name) => typeof name === 'string'))];
}

/** A CRS as PROJJSON; null stands for one that is not known. */
function crsOf(value: unknown): { crs?: DeclaredCrs; note?: string } {
  if (value === null) return {};
  const projjson = objectOf(value, 'its CRS is no object');
  const { id, name, type } = projjson;
  const { authority, code } = typeof id === 'object' && id !== null ? (id as Record<string, unknown>) : {};
  if (authority === 'EPSG' && Number.isInteger(Number(code))) return { crs: { kind: 'epsg', code: Number(code) } };
  if (authority === 'OGC' && String(code).toUpperCase() === 'CRS84') return { crs: CRS84 };
  const inner =
    type === 'BoundCRS' ? projjson['source_crs'] : type === 'CompoundCRS' ? firstOf(projjson['components']) : undefined;
  if (inner !== undefined && inner !== null) return crsOf(inner);
  const named = typeof name === 'string' ? crsFromName(name) : [];
  // By a name of the register or of Esri, where it is no other's.
  if (named.length === 1) return { crs: { kind: 'epsg', code: named[0]!.epsg } };
  const shown = JSON.stringify(name ?? type ?? null).slice(0, 200);
  return { note: `The CRS ${shown} of the file has no code of the EPSG register.` };
}

/** A logical type names its CRS: OGC:CRS84 by default, a code, or metadata of the file that have PROJJSON. */
function fromLogicalType(element: SchemaElement, metadata: FileMetaData): GeoMetadata {
  const logical = element.logical_type as { type: string; crs?: string };
  const { crs, note } = crsOfText(logical.crs, metadata);
  return {
    column: element.name,
    encoding: 'WKB',
    ...(crs === undefined ? {} : { crs }),
    coverings: [],
    notes: [...(note === undefined ? [] : [note]), ...(logical.type === 'GEOGRAPHY' ? [SPHERICAL] : [])],
  };
}

function crsOfText(text: string | undefined, metadata: FileMetaData): { crs?: DeclaredCrs; note?: string } {
  if (text === undefined || text === '' || /^(OGC:)?CRS84$/i.test(text)) return { crs: CRS84 };
  const code = /^(?:EPSG|srid):(\d+)$/i.exec(text)?.[1];
  if (code !== undefined) return Number(code) > 0 ? { crs: { kind: 'epsg', code: Number(code) } } : {};
  const key = /^projjson:(.+)$/i.exec(text)?.[1];
  const projjson = key === undefined ? text : metadata.key_value_metadata?.find((each) => each.key === key)?.value;
  if (projjson?.trimStart().startsWith('{') === true) return crsOf(parseObject(projjson));
  return { note: `The CRS ${JSON.stringify(text.slice(0, 200))} of the file cannot be told.` };
}

function parseObject(text: string): Record<string, unknown> {
  if (text.length > MAX_METADATA_CHARACTERS) throw geoMetadataInvalid(`it has ${text.length} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw geoMetadataInvalid((error as Error).message.slice(0, 200));
  }
  return objectOf(value, 'it is no object');
}

function objectOf(value: unknown, reason: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw geoMetadataInvalid(reason);
}

const firstOf = (value: unknown): unknown => (Array.isArray(value) ? (value as unknown[])[0] : undefined);
