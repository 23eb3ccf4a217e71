import type { Column, ColumnType, Schema } from './column.ts';
import type { FieldStatistics } from './field-statistics.ts';
import { GEOMETRY_NAMES } from './geometry.ts';
import type { Extent } from './geometry-statistics.ts';
import type { MergedBlocks } from './merge-summaries.ts';
import { PROPERTY_TAGS as TAGS } from './property-tags.ts';

/** What is told of a dataset; JSON. */
export interface DatasetStatistics {
  features: number;
  rejected: number;
  /** West, south, east and north in the CRS of the outputs; absent when no feature has a vertex. */
  extent?: Extent;
  /** Least and greatest height. */
  heights?: [number, number];
  /** Features by type of geometry; with ` Z` where they have heights. */
  geometryTypes: Record<string, number>;
  /** Features without geometry. */
  withoutGeometry: number;
  /** Features with a geometry that has no vertex. */
  emptyGeometries: number;
  withMeasures: number;
  fields: ColumnStatistics[];
}

export interface ColumnStatistics {
  name: string;
  type: ColumnType;
  /** Share of the features that have no value, 0 … 1. */
  nullShare: number;
  /** Different values, about: ±3 % as a standard error. */
  distinct: number;
  /**
   * Least and greatest value: integers beyond 53 bits as text; of texts the first 32 bytes; of times the whole second.
   * Absent for JSON, binary and values of several types, and where there is none.
   */
  min?: number | string | boolean;
  max?: number | string | boolean;
  /** Values that are NaN or infinite. */
  nonFinite?: number;
}

/** Tells of a dataset what its blocks saw. */
export function datasetStatistics(merged: MergedBlocks, { columns }: Schema): DatasetStatistics {
  const { features, rejected, geometry } = merged;
  return {
    features,
    rejected,
    ...(geometry.hasExtent ? { extent: geometry.extent } : {}),
    ...(geometry.zMin <= geometry.zMax ? { heights: [geometry.zMin, geometry.zMax] } : {}),
    geometryTypes: countTypes(merged),
    withoutGeometry: geometry.types[0]!,
    emptyGeometries: geometry.empty,
    withMeasures: geometry.withM,
    fields: columns.map((column, index) => columnStatistics(column, merged.fields[index]!.statistics, features)),
  };
}

function countTypes({ geometry }: MergedBlocks): Record<string, number> {
  const counts: [string, number][] = [];
  for (const [code, name] of GEOMETRY_NAMES.entries()) {
    const withZ = geometry.typesWithZ[code]!;
    const without = geometry.types[code]! - withZ;
    if (code === 0) continue;
    if (without > 0) counts.push([name, without]);
    if (withZ > 0) counts.push([`${name} Z`, withZ]);
  }
  return Object.fromEntries(counts);
}

function columnStatistics({ name, type }: Column, statistics: FieldStatistics, features: number): ColumnStatistics {
  const values = statistics.counts.reduce((sum, count) => sum + count, 0);
  return {
    name,
    type,
    nullShare: features === 0 ? 0 : (features - values) / features,
    distinct: Math.min(values, statistics.sketch.estimate()),
    ...range(type, statistics, values),
    ...(statistics.nonFinite > 0 ? { nonFinite: statistics.nonFinite } : {}),
  };
}

function range(type: ColumnType, statistics: FieldStatistics, values: number): Pick<ColumnStatistics, 'min' | 'max'> {
  if (values === 0) return {};
  switch (type) {
    case 'boolean':
      return { min: statistics.trues === values, max: statistics.trues > 0 };
    case 'int32':
    case 'int64':
      return { min: tell(statistics.integerMin), max: tell(statistics.integerMax) };
    case 'double': {
      const min = Math.min(Number(statistics.integerMin), statistics.doubleMin);
      const max = Math.max(Number(statistics.integerMax), statistics.doubleMax);
      return min <= max ? { min, max } : {};
    }
    case 'date-time':
      return { min: tellTime(statistics.secondsMin, statistics), max: tellTime(statistics.secondsMax, statistics) };
    case 'text':
    case 'date': {
      const { textMin, textMax } = statistics;
      if (textMin.length < 0 || !hasOnlyTexts(statistics)) return {};
      return { min: textMin.toString(), max: textMax.toString() };
    }
    case 'json':
    case 'binary':
      return {};
  }
}

function tell(value: number | bigint): number | string {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** An ISO 8601 date and time to the second, in UTC where the values say their offset. */
function tellTime(seconds: number, { zoned }: FieldStatistics): string {
  const text = new Date(seconds * 1000).toISOString().slice(0, -'.000Z'.length);
  return zoned > 0 ? `${text}Z` : text;
}

function hasOnlyTexts({ counts }: FieldStatistics): boolean {
  const others = [TAGS.boolean, TAGS.int32, TAGS.int64, TAGS.double, TAGS.json, TAGS.binary];
  return others.every((tag) => counts[tag] === 0);
}
