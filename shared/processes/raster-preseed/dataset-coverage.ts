import { createHash } from 'node:crypto';
import type { Area } from '../../geo/tiles/area.ts';
import { areaFromBbox } from '../../geo/tiles/area-from-bbox.ts';
import { areaFromGeoJson } from '../../geo/tiles/area-from-geo-json.ts';
import { buildCoverage, type Coverage } from '../../geo/tiles/coverage.ts';
import type { Clip, RasterDetail } from './detail.ts';

/** Coverages kept: those of the datasets that a worker has had chunks of lately. A complex one has some ten MB. */
const MAX_KEPT = 4;

/** JSON pointers of the inputs that a coverage depends on. */
export const COVERAGE_FIELDS = {
  minzoom: '/inputs/minzoom',
  maxzoom: '/inputs/maxzoom',
  area: '/inputs/area',
} as const;

/**
 * The areas that the caller asked for, of which a tile must touch each.
 * @throws LonghaulError `area-invalid`, `area-empty`, `area-too-complex` (final)
 */
export function clipAreas({ bbox, area }: Clip): Area[] {
  const areas: Area[] = [];
  if (bbox !== undefined) {
    const [west, south, east, north] = bbox as [number, number, number, number];
    areas.push(areaFromBbox(west, south, east, north, '/inputs/bbox'));
  }
  if (area !== undefined) areas.push(areaFromGeoJson(area, COVERAGE_FIELDS.area));
  return areas;
}

/** What the numbering of a dataset's units depends on. */
export interface CoverageDetail extends Pick<RasterDetail, 'minzoom' | 'maxzoom' | 'clip'> {
  footprint: Pick<RasterDetail['footprint'], 'area'>;
}

/** Fingerprint of the numbering: two datasets with the same one have the same tiles under the same numbers. */
export function numberingOf({ footprint, minzoom, maxzoom, clip }: CoverageDetail): string {
  const what = [footprint.area, minzoom, maxzoom, clip.bbox ?? null, clip.area ?? null];
  return createHash('sha256').update(JSON.stringify(what)).digest('base64url');
}

const kept = new Map<string, Coverage>();

/**
 * The numbering of a dataset's tiles. Builds it once for all the chunks that a worker runs.
 * @throws LonghaulError as `buildCoverage` and `clipAreas`
 */
export function datasetCoverage(detail: CoverageDetail, signal?: AbortSignal): Coverage {
  const key = numberingOf(detail);
  const coverage =
    kept.get(key) ??
    buildCoverage({
      area: [detail.footprint.area, ...clipAreas(detail.clip)],
      minzoom: detail.minzoom,
      maxzoom: detail.maxzoom,
      fields: COVERAGE_FIELDS,
      ...(signal === undefined ? {} : { signal }),
    });
  kept.delete(key);
  kept.set(key, coverage);
  if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value!);
  return coverage;
}
