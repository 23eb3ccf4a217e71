import type { Region, TargetPlacement } from './control-grid.ts';
import type { SourceProjection } from './source-projection.ts';

/** The region is measured over PROBES × PROBES quadrilaterals. */
const PROBES = 4;

/**
 * Source pixels for each target pixel, along one side: the root of the ratio of areas, so that it holds for
 * any rotation. Infinite when no part of the region has a place in the source.
 */
export function sourceScale(project: SourceProjection, placement: TargetPlacement, region: Region): number {
  const points: { u: number; v: number }[] = [];
  for (let row = 0; row <= PROBES; row++) {
    for (let column = 0; column <= PROBES; column++) {
      const point = { u: 0, v: 0 };
      const x = placement.left + (region.column + (region.width * column) / PROBES) * placement.step;
      const y = placement.top - (region.row + (region.height * row) / PROBES) * placement.step;
      project(x, y, point);
      points.push(point);
    }
  }
  let sourceArea = 0;
  let quadrilaterals = 0;
  for (let row = 0; row < PROBES; row++) {
    for (let column = 0; column < PROBES; column++) {
      const first = row * (PROBES + 1) + column;
      const [p00, p10] = [points[first]!, points[first + 1]!];
      const [p01, p11] = [points[first + PROBES + 1]!, points[first + PROBES + 2]!];
      const area = Math.abs((p11.u - p00.u) * (p01.v - p10.v) - (p01.u - p10.u) * (p11.v - p00.v)) / 2;
      if (!Number.isFinite(area)) continue;
      sourceArea += area;
      quadrilaterals++;
    }
  }
  if (quadrilaterals === 0) return Infinity;
  const targetArea = (quadrilaterals * region.width * region.height) / (PROBES * PROBES);
  return Math.sqrt(sourceArea / targetArea);
}
