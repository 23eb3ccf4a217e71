import { z } from 'zod';
import type { GeoJsonPolygon } from '../../shared/jobs/process.ts';
import { fileUnreadable } from '../errors.ts';
import { readJsonFile } from './read-text-file.ts';

const ring = z.array(z.array(z.number()));
const polygonSchema = z.object({ type: z.literal('Polygon'), coordinates: z.array(ring) });
const multiPolygonSchema = z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring)) });
const geometrySchema = z.discriminatedUnion('type', [polygonSchema, multiPolygonSchema]);
const featureSchema = z.object({ type: z.literal('Feature'), geometry: geometrySchema });
const collectionSchema = z.object({ type: z.literal('FeatureCollection'), features: z.array(featureSchema).min(1) });

const fileSchema = z.discriminatedUnion('type', [polygonSchema, multiPolygonSchema, featureSchema, collectionSchema]);

/** The polygons of a GeoJSON file, as one geometry. @throws UsageError `file-unreadable` */
export async function readArea(path: string, folder: URL): Promise<GeoJsonPolygon> {
  const result = fileSchema.safeParse(await readJsonFile(path, folder));
  if (!result.success) throw fileUnreadable(path, 'it is no GeoJSON with polygons only');
  const content = result.data;
  if (content.type === 'Feature') return content.geometry;
  if (content.type !== 'FeatureCollection') return content;
  return { type: 'MultiPolygon', coordinates: content.features.flatMap(({ geometry }) => polygonsOf(geometry)) };
}

const polygonsOf = (geometry: z.output<typeof geometrySchema>): number[][][][] =>
  geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
