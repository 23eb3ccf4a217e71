import type { FileMetaData, RowGroup, SchemaElement, SchemaTree } from 'hyparquet';
import { parquetSchema } from 'hyparquet/src/metadata.js';
import type { DeclaredField } from '../../features/feature-format.ts';
import type { Leaf } from './decode-page.ts';
import { NESTED_PARSERS } from './nested-values.ts';
import { parquetCorrupt, parquetTooLarge } from './read-errors.ts';
import { readGeoMetadata, type GeoMetadata } from './read-geo-metadata.ts';
import { MAX_COLUMNS } from './read-limits.ts';
import { valueKind, type WriteValue } from './write-value.ts';

/** A column at the top of the schema, which becomes a property. */
export interface PropertyColumn {
  name: string;
  tree: SchemaTree;
  /** Absent for lists, maps and structures, which become JSON. */
  write?: WriteValue;
}

/** How the columns of a file are read. */
export interface ParquetLayout {
  geo: GeoMetadata;
  geometry: SchemaTree;
  properties: PropertyColumn[];
  fields: DeclaredField[];
}

/** @throws LonghaulError as `readGeoMetadata`; `parquet-corrupt`, `parquet-too-large`, `parquet-unsupported` (final) */
export function readLayout(metadata: FileMetaData): ParquetLayout {
  const { children } = parquetSchema(metadata);
  if (children.length > MAX_COLUMNS) throw parquetTooLarge('columns', children.length, MAX_COLUMNS);
  const names = new Set(children.map(({ element }) => element.name));
  if (names.size < children.length) throw parquetCorrupt('two of its columns have one name');
  const geo = readGeoMetadata(
    metadata,
    children.map(({ element }) => element),
  );
  const geometry = children.find(({ element }) => element.name === geo.column)!;
  if (geo.encoding === 'WKB' && geometry.element.type !== 'BYTE_ARRAY')
    throw parquetCorrupt('its geometries are no bytes');
  const leftOut = new Set([geo.column, ...geo.coverings]);
  const columns = children.filter(({ element }) => !leftOut.has(element.name)).map(columnOf);
  return {
    geo,
    geometry,
    properties: columns.map(({ property }) => property),
    fields: columns.map(({ field }) => field),
  };
}

function columnOf(tree: SchemaTree): { property: PropertyColumn; field: DeclaredField } {
  const { element } = tree;
  const { name } = element;
  if (!isSingle(tree)) return { property: { name, tree }, field: { name, type: 'json' } };
  const { type, write } = valueKind(element);
  return { property: { name, tree, write }, field: { name, type } };
}

/** Whether a column has one value in a row. */
export const isSingle = ({ element, children }: SchemaTree): boolean =>
  children.length === 0 && element.repetition_type !== 'REPEATED';

/** The leaves of a column, with the chunk of each in a row group. */
export function leavesOf(tree: SchemaTree, root: SchemaTree, group: RowGroup): { leaf: Leaf; chunk: ColumnMeta }[] {
  const found: { leaf: Leaf; chunk: ColumnMeta }[] = [];
  const visit = (node: SchemaTree, path: SchemaTree[]): void => {
    if (node.children.length > 0) for (const child of node.children) visit(child, [...path, child]);
    else found.push(leafOf(node.element, path, group));
  };
  visit(tree, [root, tree]);
  return found;
}

type ColumnMeta = NonNullable<RowGroup['columns'][number]['meta_data']>;

function leafOf(element: SchemaElement, schemaPath: SchemaTree[], { columns }: RowGroup) {
  const path = schemaPath.at(-1)!.path;
  const chunk = columns.find(({ meta_data: meta }) => isSamePath(meta?.path_in_schema, path))?.meta_data;
  if (chunk === undefined) throw parquetCorrupt(`a row group has no column ${path.join('.')}`);
  if (chunk.type !== element.type) throw parquetCorrupt(`the column ${path.join('.')} has another type in a row group`);
  const leaf: Leaf = {
    pathInSchema: path,
    type: chunk.type,
    element,
    schemaPath,
    codec: chunk.codec,
    parsers: NESTED_PARSERS,
    // Bytes that are no text stay bytes.
    utf8: false,
  };
  return { leaf, chunk };
}

const isSamePath = (a: readonly string[] | undefined, b: readonly string[]): boolean =>
  a !== undefined && a.length === b.length && a.every((part, index) => part === b[index]);
