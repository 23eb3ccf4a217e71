import type { DeclaredType } from '../../features/feature-format.ts';
import { affinityOf, type Affinity } from './affinity.ts';
import { defaultValue, type DefaultValue } from './create-table/default-value.ts';
import type { TableDefinition } from './create-table/parse-create-table.ts';

/** A column as the rows of its table have it, in their order. JSON: it is stored with the plan. */
export interface StoredColumn {
  name: string;
  type?: DeclaredType;
  affinity: Affinity;
  /** True for the column that stands for the rowid; its own value is null. */
  isRowid?: boolean;
  /** For rows that were written before the column was added; absent for null. */
  default?: DefaultValue;
}

/** Types of columns by OGC 12-128r19, table 1. */
const TYPES: Readonly<Record<string, DeclaredType>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'integer',
  SMALLINT: 'integer',
  MEDIUMINT: 'integer',
  INT: 'integer',
  INTEGER: 'integer',
  FLOAT: 'double',
  DOUBLE: 'double',
  REAL: 'double',
  TEXT: 'text',
  BLOB: 'binary',
  DATE: 'date',
  DATETIME: 'date-time',
};

/** Types of columns that are not in the standard, by their affinity. */
const TYPES_BY_AFFINITY: Partial<Record<Affinity, DeclaredType>> = { integer: 'integer', text: 'text', real: 'double' };

/** Types of geometry columns by OGC 12-128r19, annex G. */
const GEOMETRY_TYPE =
  /^(GEOMETRY|(MULTI)?(POINT|LINESTRING|POLYGON|CURVE|SURFACE)|GEOMCOLLECTION|GEOMETRYCOLLECTION|CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|POLYHEDRALSURFACE|TIN|TRIANGLE)$/i;

export const isGeometryType = (type: string): boolean => GEOMETRY_TYPE.test(type);

export function declaredType(type: string): DeclaredType | undefined {
  const name = type.toUpperCase().replace(/\(.*$/s, '').trim();
  return TYPES[name] ?? TYPES_BY_AFFINITY[affinityOf(type)];
}

/** The columns that stand in rows; virtual ones do not. */
export function storedColumns({ columns, rowidColumn }: TableDefinition): StoredColumn[] {
  return columns.flatMap((column, number) => {
    if (column.generated === 'virtual') return [];
    const affinity = affinityOf(column.type);
    const type = declaredType(column.type);
    const fallback = column.default && defaultValue(column.default, affinity);
    return [
      {
        name: column.name,
        affinity,
        ...(type !== undefined && { type }),
        ...(number === rowidColumn && { isRowid: true }),
        ...(fallback !== undefined && { default: fallback }),
      },
    ];
  });
}
