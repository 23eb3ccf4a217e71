import type { FeatureProblem } from '../feature-sink.ts';
import type { Geometry } from '../geometry.ts';
import { NOTES } from './problems.ts';
import { doubleArea, reverseVertices } from './vertices.ts';

/** Lets the first ring of each polygon run counter-clockwise and the others clockwise (RFC 7946, 3.1.6). */
export function windRings(geometry: Geometry, notes: Set<FeatureProblem>): void {
  const { lineEnds, polygonEnds, polygons } = geometry;
  for (let polygon = 0, ring = 0, start = 0; polygon < polygons; polygon++) {
    for (let sign = 1; ring < polygonEnds[polygon]!; ring++, sign = -1) {
      const end = lineEnds[ring]!;
      const area = sign * doubleArea(geometry, start, end);
      if (area === 0) notes.add(NOTES.ringWithoutArea);
      if (area < 0) {
        reverseVertices(geometry, start, end);
        notes.add(NOTES.winding);
      }
      start = end;
    }
  }
}
