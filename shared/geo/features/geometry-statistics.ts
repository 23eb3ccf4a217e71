import { GEOMETRY_NAMES, GEOMETRY_TYPES, type GeometryType } from './geometry.ts';
import type { GeometrySpan } from './geometry-span.ts';

export type Extent = [minX: number, minY: number, maxX: number, maxY: number];

/** What was seen of the geometries of a dataset. */
export class GeometryStatistics {
  /** Features by the code of their geometry's type, whether empty or not; `none` are those without one. */
  readonly types = new Float64Array(GEOMETRY_NAMES.length);
  /** Of these, the ones with z. */
  readonly typesWithZ = new Float64Array(GEOMETRY_NAMES.length);
  /** Features with m. */
  withM = 0;
  /** Features whose geometry has a type and no vertex. */
  empty = 0;
  minX = Infinity;
  minY = Infinity;
  maxX = -Infinity;
  maxY = -Infinity;
  zMin = Infinity;
  zMax = -Infinity;

  /** False while no vertex was seen. */
  get hasExtent(): boolean {
    return this.minX <= this.maxX;
  }

  get extent(): Extent {
    return [this.minX, this.minY, this.maxX, this.maxY];
  }

  get hasZ(): boolean {
    return this.typesWithZ.some((features) => features > 0);
  }

  get hasM(): boolean {
    return this.withM > 0;
  }

  /** Counts a geometry that was measured. */
  count(type: GeometryType, span: GeometrySpan): void {
    this.types[type]!++;
    if (span.hasZ) this.typesWithZ[type]!++;
    if (span.hasM) this.withM++;
    if (type === GEOMETRY_TYPES.none) return;
    if (!span.hasExtent) this.empty++;
    this.spanExtent(span.minX, span.minY, span.maxX, span.maxY);
    if (span.minZ < this.zMin) this.zMin = span.minZ;
    if (span.maxZ > this.zMax) this.zMax = span.maxZ;
  }

  spanExtent(minX: number, minY: number, maxX: number, maxY: number): void {
    if (minX < this.minX) this.minX = minX;
    if (minY < this.minY) this.minY = minY;
    if (maxX > this.maxX) this.maxX = maxX;
    if (maxY > this.maxY) this.maxY = maxY;
  }

  merge(other: GeometryStatistics): void {
    for (let type = 0; type < this.types.length; type++) {
      this.types[type]! += other.types[type]!;
      this.typesWithZ[type]! += other.typesWithZ[type]!;
    }
    this.withM += other.withM;
    this.empty += other.empty;
    this.spanExtent(other.minX, other.minY, other.maxX, other.maxY);
    this.zMin = Math.min(this.zMin, other.zMin);
    this.zMax = Math.max(this.zMax, other.zMax);
  }
}
