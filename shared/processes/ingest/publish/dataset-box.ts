import type { Extent } from '../../../geo/features/geometry-statistics.ts';
import type { LongitudeGap } from '../../../geo/features/longitude-gap.ts';
import { extentInDegrees, type DegreesBox } from '../../../geo/projections/extent-in-degrees.ts';
import { featureTransform } from '../../../geo/projections/feature-transform.ts';
import { computableCrs, declaredCrs } from '../crs.ts';
import type { IngestInputs } from '../inputs.ts';

/** The box in longitude and latitude that the features of a dataset lie in. */
export function datasetBox(extent: Extent, gap: LongitudeGap, targetCrs: IngestInputs['targetCrs']): DegreesBox {
  const crs = computableCrs(declaredCrs(targetCrs));
  if (!crs.geographic) return extentInDegrees(extent, crs);
  const [minX, minY, maxX, maxY] = extent;
  const [west, east] = withoutEdges(gap.box(extent)) ?? [minX, maxX];
  if (featureTransform(crs).isIdentity) return [west, minY, east, maxY];
  // Other datums are shifted by metres: a box of theirs is a box.
  const turned: Extent = [west, minY, east < west ? east + 360 : east, maxY];
  return extentInDegrees(turned, crs);
}

/** A box that ends at the antimeridian does not cross it. */
function withoutEdges(box: [west: number, east: number] | undefined): [west: number, east: number] | undefined {
  if (box?.[1] === -180) return [box[0], 180];
  return box?.[0] === 180 ? [-180, box[1]] : box;
}
