import { GEOMETRY_NAMES } from '../../features/geometry.ts';
import type { GeometryStatistics } from '../../features/geometry-statistics.ts';
import { isCrs84, type OutputCrs } from '../../features/output-crs.ts';
import { geoParquetNeedsProjjson } from './errors.ts';

export const GEOMETRY_COLUMN = 'geometry';
export const BBOX_COLUMN = 'bbox';

/**
 * The value of the key `geo` (GeoParquet 1.1.0, "File metadata"). OGC:CRS84 is the CRS when none is told. Types are left open
 * where a geometry has m, for which 1.1 has no names.
 * @throws LonghaulError `geoparquet-needs-projjson` (final)
 */
export function geoMetadata(geometry: GeometryStatistics, crs: OutputCrs): string {
  if (!isCrs84(crs) && crs.projjson === undefined) throw geoParquetNeedsProjjson(`${crs.authority}:${crs.code}`);
  return JSON.stringify({
    version: '1.1.0',
    primary_column: GEOMETRY_COLUMN,
    columns: {
      [GEOMETRY_COLUMN]: {
        encoding: 'WKB',
        geometry_types: geometry.hasM ? [] : typeNames(geometry),
        ...(isCrs84(crs) ? {} : { crs: crs.projjson }),
        ...(geometry.hasExtent ? { bbox: bbox(geometry) } : {}),
        covering: {
          bbox: {
            xmin: [BBOX_COLUMN, 'xmin'],
            ymin: [BBOX_COLUMN, 'ymin'],
            xmax: [BBOX_COLUMN, 'xmax'],
            ymax: [BBOX_COLUMN, 'ymax'],
          },
        },
      },
    },
  });
}

function typeNames({ types, typesWithZ }: GeometryStatistics): string[] {
  return GEOMETRY_NAMES.flatMap((name, code) => {
    if (code === 0) return [];
    const hasFlat = types[code]! > typesWithZ[code]!;
    return [...(hasFlat ? [name] : []), ...(typesWithZ[code]! > 0 ? [`${name} Z`] : [])];
  });
}

function bbox({ extent, zMin, zMax }: GeometryStatistics): number[] {
  const [minX, minY, maxX, maxY] = extent;
  return zMin <= zMax ? [minX, minY, zMin, maxX, maxY, zMax] : extent;
}
