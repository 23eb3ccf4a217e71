import type { DeclaredField, InspectedLayer, InspectOptions } from '../../features/feature-format.ts';
import type { RangeReader } from '../../../sources/range-reader.ts';
import { isGeometryType, storedColumns, type StoredColumn } from './column.ts';
import { readContents, type Content, type Contents } from './contents.ts';
import type { TableDefinition } from './create-table/parse-create-table.ts';
import { cutTable } from './cut-table.ts';
import { noLayers } from './errors.ts';
import type { GeoPackageDetail } from './layer-detail.ts';
import { parseTable } from './parse-table.ts';
import { readDatabase, type Database } from './sqlite/database.ts';
import { notADatabase } from './sqlite/errors.ts';
import { Pager } from './sqlite/pager.ts';
import { readSchema, type SchemaEntry } from './sqlite/schema.ts';

/** `GPKG`, `GP10` and `GP11` as numbers. */
const APPLICATION_IDS = new Set([0x4750_4b47, 0x4750_3130, 0x4750_3131]);

/** Names in one note. */
const MAX_NAMES = 10;

/** Tables of the standard, its extensions and SQLite, which describe or index others. */
const SYSTEM_TABLE = /^(gpkg|rtree|sqlite|gpkgext|idx|st_spatial|nga)_|^(ogr_empty_table|layer_styles)$/i;

/**
 * Finds every layer of a GeoPackage and cuts it into blocks.
 * @throws LonghaulError `not-a-geopackage`, `geopackage-…`, `sqlite-…` (final); as `RangeReader.read`
 */
export async function inspectLayers(
  file: RangeReader,
  { blockBytes, signal }: InspectOptions,
): Promise<InspectedLayer<GeoPackageDetail>[]> {
  const database = await readDatabase(file, signal);
  using pager = new Pager(file, layoutOf(database), signal);
  const schema = await readSchema(pager);
  if (!schema.has('gpkg_contents')) throw notADatabase('it is a SQLite database without the table gpkg_contents');
  const contents = await readContents(pager, schema);
  if (contents.layers.length === 0) throw noLayers();
  const layers: InspectedLayer<GeoPackageDetail>[] = [];
  for (const content of contents.layers) {
    layers.push(await inspectLayer(pager, content, schema.get(content.table.toLowerCase()), contents, blockBytes));
  }
  const notes = notesOf(database, schema, contents);
  if (notes.length > 0) layers[0]!.notes = [...notes, ...(layers[0]!.notes ?? [])];
  return layers;
}

const layoutOf = ({ pageSize, usable, pages, encoding }: Database) => ({ pageSize, usable, pages, encoding });

/** What is to be noted of the file as a whole. */
function notesOf(database: Database, schema: ReadonlyMap<string, SchemaEntry>, contents: Contents): string[] {
  const notes: string[] = [];
  if (!APPLICATION_IDS.has(database.applicationId)) {
    notes.push('The application id of the file is not that of a GeoPackage; it was read as one for its tables.');
  }
  if (database.isWriteAhead) {
    notes.push('The file is in write-ahead mode: changes that stood in a -wal file beside it are not in it.');
  }
  if (contents.others.length > 0) {
    const names = contents.others.map(({ table, type }) => `${table} (${type})`);
    notes.push(`Tables that are neither features nor attributes were left out: ${listed(names)}.`);
  }
  const registered = new Set([...contents.layers, ...contents.others].map(({ table }) => table.toLowerCase()));
  const unregistered = [...schema.values()].filter(({ name, root }) => {
    return root > 0 && !SYSTEM_TABLE.test(name) && !registered.has(name.toLowerCase());
  });
  if (unregistered.length > 0) {
    const names = unregistered.map(({ name }) => name);
    notes.push(`Tables that are not in gpkg_contents were left out: ${listed(names)}.`);
  }
  return notes;
}

function listed(names: readonly string[]): string {
  const rest = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

async function inspectLayer(
  pager: Pager,
  content: Content,
  entry: SchemaEntry | undefined,
  { crs }: Contents,
  blockBytes: number,
): Promise<InspectedLayer<GeoPackageDetail>> {
  if (entry === undefined || entry.root === 0) {
    const what = entry === undefined ? 'not in the file' : entry.kind === 'view' ? 'a view' : 'a virtual table';
    const reason = `The table ${content.table} is ${what}: it has no rows that could be read.`;
    const detail: GeoPackageDetail = { kind: 'unread', reason };
    return { name: content.table, hasGeometries: false, blocks: 1, detail, notes: [reason] };
  }
  const definition = parseTable(entry);
  const columns = storedColumns(definition);
  const geometry = content.hasFeatures ? geometryColumn(content, definition, columns) : undefined;
  const declared = geometry === undefined || content.srsId === undefined ? undefined : crs.get(content.srsId);
  const cuts = await cutTable(pager, entry.root, blockBytes);
  const notes = layerNotes(content, definition, geometry);
  return {
    name: content.table,
    ...(declared !== undefined && { crs: declared }),
    ...(geometry === undefined && { hasGeometries: false }),
    fields: fieldsOf(columns, geometry, content.titles),
    ...(content.features !== undefined && { features: content.features }),
    blocks: cuts.length + 1,
    detail: {
      kind: 'table',
      database: pager.layout,
      root: entry.root,
      columns,
      ...(geometry !== undefined && { geometry }),
      ...(geometry !== undefined && content.srsId !== undefined && { srsId: content.srsId }),
      cuts: cuts.map(String),
    },
    ...(notes.length > 0 && { notes }),
  };
}

/** The column that gpkg_geometry_columns names; without it the only one of a geometry type. */
function geometryColumn(
  content: Content,
  { columns: defined }: TableDefinition,
  columns: readonly StoredColumn[],
): number | undefined {
  const candidates = defined.filter(({ type }) => isGeometryType(type));
  const name = content.geometryColumn ?? (candidates.length === 1 ? candidates[0]!.name : undefined);
  const number = columns.findIndex((column) => column.name.toLowerCase() === name?.toLowerCase());
  return number < 0 ? undefined : number;
}

function layerNotes(content: Content, definition: TableDefinition, geometry: number | undefined): string[] {
  const notes: string[] = [];
  if (content.hasFeatures && geometry === undefined) {
    notes.push(`The table ${content.table} has no column of geometries that the file names.`);
  } else if (content.hasFeatures && content.geometryColumn === undefined) {
    notes.push(
      `The column of geometries of ${content.table} is not in gpkg_geometry_columns; it was told by its type.`,
    );
  }
  const virtual = definition.columns.filter(({ generated }) => generated === 'virtual').map(({ name }) => name);
  if (virtual.length > 0) {
    notes.push(`Columns that are computed by an expression and not stored were left out: ${listed(virtual)}.`);
  }
  return notes;
}

function fieldsOf(
  columns: readonly StoredColumn[],
  geometry: number | undefined,
  titles: ReadonlyMap<string, string>,
): DeclaredField[] {
  return columns
    .filter((_, number) => number !== geometry)
    .map(({ name, type }) => {
      const title = titles.get(name.toLowerCase());
      return { name, ...(type !== undefined && { type }), ...(title !== undefined && { title }) };
    });
}
