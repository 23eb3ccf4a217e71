import type { FeatureSource } from '../../shared/geo/features/feature-format.ts';
import { memoryReader, type MemoryReader } from './memory-reader.ts';
import { writeDbf, writeShapefile, type PlainDbfField, type PlainShape } from './write-shapefile.ts';

/** Files of a shapefile by extension; `undefined` for one that is not there. */
export type ShapefileFiles = { shp: Uint8Array } & Partial<
  Record<'shx' | 'dbf' | 'prj' | 'cpg', Uint8Array | undefined>
>;

export const NUMBER: PlainDbfField = { name: 'number', type: 'N', length: 9 };

/** A shapefile whose rows have the number of their record. */
export function shapefileFiles(type: number, shapes: readonly PlainShape[]): Record<'shp' | 'shx' | 'dbf', Buffer> {
  const rows = shapes.map((_, index) => [String(index)]);
  return { ...writeShapefile(type, shapes), dbf: writeDbf([NUMBER], rows) };
}

export function shapefileSource({
  shp,
  ...others
}: ShapefileFiles): FeatureSource & { readers: Map<string, MemoryReader> } {
  const readers = new Map<string, MemoryReader>();
  for (const [extension, bytes] of Object.entries(others)) {
    if (bytes !== undefined) readers.set(extension, memoryReader(bytes));
  }
  const file = memoryReader(shp);
  return { file, companions: readers, readers: new Map([...readers, ['shp', file]]) };
}
