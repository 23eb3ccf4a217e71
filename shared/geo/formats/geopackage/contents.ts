import type { DeclaredCrs } from '../../features/feature-format.ts';
import { tooManyLayers } from './errors.ts';
import { readTable } from './read-table.ts';
import type { Pager } from './sqlite/pager.ts';
import type { StoredValue } from './sqlite/read-rows.ts';
import type { SchemaEntry } from './sqlite/schema.ts';

/** Layers of one file. */
export const MAX_LAYERS = 10_000;

/** Kinds of tables whose rows are read; `aspatial` is what GDAL called attributes before the standard did. */
const READ_TYPES = new Set(['features', 'attributes', 'aspatial']);

/** A table of the GeoPackage, as its own tables describe it. */
export interface Content {
  table: string;
  hasFeatures: boolean;
  srsId: number | undefined;
  geometryColumn?: string;
  /** Rows, where GDAL has counted them. */
  features?: number;
  /** Titles of columns, by name in lower case. */
  titles: Map<string, string>;
}

export interface Contents {
  /** In the order of gpkg_contents. */
  layers: Content[];
  /** Tables of other kinds, such as tiles. */
  others: { table: string; type: string }[];
  crs: Map<number, DeclaredCrs>;
}

/**
 * Reads what the GeoPackage says of its tables (OGC 12-128r19, 1.1.2, 1.1.3 and 2.1.5).
 * @throws LonghaulError `geopackage-too-many-layers`, `sqlite-…` (final); as `RangeReader.read`
 */
export async function readContents(pager: Pager, schema: ReadonlyMap<string, SchemaEntry>): Promise<Contents> {
  const layers = new Map<string, Content>();
  const others: Contents['others'] = [];
  await readTable(pager, schema.get('gpkg_contents'), (value) => {
    const table = textOf(value('table_name'));
    const type = textOf(value('data_type')) ?? '';
    if (table === undefined) return;
    if (!READ_TYPES.has(type.toLowerCase())) {
      others.push({ table, type });
      return;
    }
    const hasFeatures = type.toLowerCase() === 'features';
    layers.set(table.toLowerCase(), { table, hasFeatures, srsId: numberOf(value('srs_id')), titles: new Map() });
    if (layers.size > MAX_LAYERS) throw tooManyLayers(layers.size, MAX_LAYERS);
  });
  const layerOf = (name: StoredValue | undefined) => layers.get(textOf(name)?.toLowerCase() ?? '');
  await readTable(pager, schema.get('gpkg_geometry_columns'), (value) => {
    const layer = layerOf(value('table_name'));
    const column = textOf(value('column_name'));
    if (layer === undefined || column === undefined) return;
    layer.geometryColumn = column;
    layer.srsId = numberOf(value('srs_id')) ?? layer.srsId;
  });
  await readTable(pager, schema.get('gpkg_ogr_contents'), (value) => {
    const layer = layerOf(value('table_name'));
    const features = numberOf(value('feature_count'));
    if (layer !== undefined && features !== undefined && features >= 0) layer.features = features;
  });
  await readTable(pager, schema.get('gpkg_data_columns'), (value) => {
    const column = textOf(value('column_name'));
    const title = textOf(value('title')) ?? textOf(value('name'));
    if (column !== undefined && title !== undefined) {
      layerOf(value('table_name'))?.titles.set(column.toLowerCase(), title);
    }
  });
  const used = new Set([...layers.values()].map(({ srsId }) => srsId));
  return { layers: [...layers.values()], others, crs: await readReferenceSystems(pager, schema, used) };
}

/** The reference systems that layers use; 0 and −1 are undefined by the standard. */
async function readReferenceSystems(
  pager: Pager,
  schema: ReadonlyMap<string, SchemaEntry>,
  used: ReadonlySet<number | undefined>,
): Promise<Contents['crs']> {
  const systems: Contents['crs'] = new Map();
  await readTable(pager, schema.get('gpkg_spatial_ref_sys'), (value) => {
    const id = numberOf(value('srs_id'));
    if (id === undefined || id <= 0 || !used.has(id)) return;
    const organization = textOf(value('organization'))?.toUpperCase();
    const code = numberOf(value('organization_coordsys_id'));
    const text = wktOf(value('definition_12_063')) ?? wktOf(value('definition'));
    if (organization === 'EPSG' && code !== undefined && code > 0) systems.set(id, { kind: 'epsg', code });
    else if (text !== undefined) systems.set(id, { kind: 'wkt', text });
  });
  return systems;
}

function wktOf(value: StoredValue | undefined): string | undefined {
  const text = textOf(value)?.trim();
  return text === undefined || text === '' || text.toLowerCase() === 'undefined' ? undefined : text;
}

const textOf = (value: StoredValue | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: StoredValue | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;
