import { GEOMETRY_TYPES, type Geometry } from './geometry.ts';
import { MAX_COLLECTION_DEPTH } from './limits.ts';

/** What a geometry spans, members of collections included. One object is used again for each. */
export class GeometrySpan {
  minX = Infinity;
  minY = Infinity;
  maxX = -Infinity;
  maxY = -Infinity;
  /** Of the vertices that have one. */
  minZ = Infinity;
  maxZ = -Infinity;
  hasZ = false;
  hasM = false;
  /** Whether every x and y is a finite number, and every z is one or NaN, which is none. */
  isFinite = true;
  /** Whether collections are nested beyond `MAX_COLLECTION_DEPTH`; it is then not measured to the end. */
  isTooDeep = false;

  /** Whether there is a vertex. */
  get hasExtent(): boolean {
    return this.minX <= this.maxX;
  }

  measure(geometry: Geometry): void {
    this.minX = Infinity;
    this.minY = Infinity;
    this.maxX = -Infinity;
    this.maxY = -Infinity;
    this.minZ = Infinity;
    this.maxZ = -Infinity;
    this.hasZ = false;
    this.hasM = false;
    this.isFinite = true;
    this.isTooDeep = false;
    if (geometry.type !== GEOMETRY_TYPES.none) this.#add(geometry, 0);
  }

  #add(geometry: Geometry, depth: number): void {
    if (geometry.type === GEOMETRY_TYPES.geometryCollection) {
      this.isTooDeep ||= depth >= MAX_COLLECTION_DEPTH;
      for (let index = 0; index < geometry.memberCount && !this.isTooDeep; index++) {
        this.#add(geometry.members[index]!, depth + 1);
      }
      return;
    }
    const { xy, vertices } = geometry;
    let { minX, minY, maxX, maxY } = this;
    // Stays 0 unless a number is NaN or infinite.
    let residue = 0;
    for (let index = 0; index < 2 * vertices; index += 2) {
      const x = xy[index]!;
      const y = xy[index + 1]!;
      if (x < minX) minX = x;
      if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      if (y > maxY) maxY = y;
      residue += x - x + (y - y);
    }
    this.minX = minX;
    this.minY = minY;
    this.maxX = maxX;
    this.maxY = maxY;
    if (residue !== 0) this.isFinite = false;
    this.hasM ||= geometry.hasM;
    if (!geometry.hasZ) return;
    this.hasZ = true;
    for (let index = 0; index < vertices; index++) {
      const z = geometry.z[index]!;
      if (z === Infinity || z === -Infinity) this.isFinite = false;
      if (z < this.minZ) this.minZ = z;
      if (z > this.maxZ) this.maxZ = z;
    }
  }
}
