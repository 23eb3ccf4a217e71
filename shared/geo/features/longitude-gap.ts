import type { FeatureObserver } from './feature-writer.ts';
import { GEOMETRY_TYPES as TYPES } from './geometry.ts';
import type { Extent } from './geometry-statistics.ts';
import type { StoredFeature } from './stored-feature.ts';
import type { StoredGeometry } from './stored-geometry.ts';

/**
 * Looks for longitudes around Greenwich at which there is nothing: of features on both sides of the antimeridian, which are cut
 * there, the extent reaches from −180 to 180 degrees, and the box that they lie in (RFC 7946, 5.2) the other way round.
 */
export class LongitudeGap implements FeatureObserver {
  /** Of what lies east of Greenwich the least longitude, and of what lies west of it the greatest. */
  #east = Infinity;
  #west = -Infinity;
  /** Something lies on both sides: there is no gap. */
  #isClosed = false;

  add({ geometry, minX, maxX }: StoredFeature): void {
    if (this.#isClosed || geometry === undefined) return;
    if (minX >= 0 || maxX < 0) this.#take(minX, maxX);
    else if (minX <= maxX) this.#takeParts(geometry);
  }

  /**
   * West and east of the box across the antimeridian, west beyond east; undefined when the extent is the narrower one.
   * @param extent of all features that were taken, in degrees
   */
  box([minX, , maxX]: Extent): [west: number, east: number] | undefined {
    const gap = this.#east - this.#west;
    const isNarrower = !this.#isClosed && Number.isFinite(gap) && gap > 360 - (maxX - minX);
    return isNarrower ? [this.#east, this.#west] : undefined;
  }

  #takeParts(geometry: StoredGeometry): void {
    const { type, vertices, lines, lineEnds, xy, views } = geometry;
    if (type === TYPES.geometryCollection) {
      let member: StoredGeometry | undefined;
      for (let index = 0; index < geometry.members; index++) this.#takeParts((member = geometry.member(member)));
      return;
    }
    if (type === TYPES.point || type === TYPES.multiPoint) {
      for (let at = xy; at < xy + 2 * vertices; at += 2) this.#take(views.float64[at]!, views.float64[at]!);
      return;
    }
    if (type === TYPES.lineString) this.#takeLine(geometry, 0, vertices);
    for (let line = 0, start = 0; line < lines && !this.#isClosed; line++) {
      const end = views.uint32[lineEnds + line]!;
      this.#takeLine(geometry, start, end);
      start = end;
    }
  }

  #takeLine({ xy, views: { float64 } }: StoredGeometry, start: number, end: number): void {
    let west = Infinity;
    let east = -Infinity;
    for (let at = xy + 2 * start; at < xy + 2 * end; at += 2) {
      const longitude = float64[at]!;
      if (longitude < west) west = longitude;
      if (longitude > east) east = longitude;
    }
    if (west <= east) this.#take(west, east);
  }

  #take(west: number, east: number): void {
    if (west >= 0) this.#east = Math.min(this.#east, west);
    else if (east < 0) this.#west = Math.max(this.#west, east);
    else this.#isClosed = true;
  }
}
