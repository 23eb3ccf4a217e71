import type { Geometry } from '../../features/geometry.ts';
import { tooManyVertices } from '../text/geometry-defects.ts';
import { MAX_VERTICES } from '../text/limits.ts';

const FIRST_POSITIONS = 256;

/** Positions in x, y, z order, kept from one geometry to the next; z is NaN where there is none. */
export class PositionList {
  values = new Float64Array(3 * FIRST_POSITIONS);
  count = 0;

  add(x: number, y: number, z: number): void {
    const at = 3 * this.count++;
    if (at === this.values.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[at] = x;
    this.values[at + 1] = y;
    this.values[at + 2] = z;
  }

  /** Adds positions of another list; the first of them is left out where it is the last of this one. */
  join(other: PositionList): void {
    const { values, count } = other;
    const skipsFirst = count > 0 && this.count > 0 && this.#endsAt(values[0]!, values[1]!);
    for (let index = skipsFirst ? 1 : 0; index < count; index++) {
      this.add(values[3 * index]!, values[3 * index + 1]!, values[3 * index + 2]!);
    }
  }

  /** Adds the vertices of a geometry that has heights, as `join` does. */
  joinVertices({ xy, z, vertices }: Geometry): void {
    const skipsFirst = vertices > 0 && this.count > 0 && this.#endsAt(xy[0]!, xy[1]!);
    for (let index = skipsFirst ? 1 : 0; index < vertices; index++) {
      this.add(xy[2 * index]!, xy[2 * index + 1]!, z[index]!);
    }
  }

  reverse(): void {
    const { values, count } = this;
    for (let low = 0, high = count - 1; low < high; low++, high--) {
      for (let axis = 0; axis < 3; axis++) {
        const value = values[3 * low + axis]!;
        values[3 * low + axis] = values[3 * high + axis]!;
        values[3 * high + axis] = value;
      }
    }
  }

  /** Adds all as vertices. @throws FeatureDefect `geometry-too-many-vertices`: a few bytes of arcs become many of them */
  addTo(geometry: Geometry): void {
    const { values, count } = this;
    if (geometry.vertices + count > MAX_VERTICES) throw tooManyVertices();
    geometry.reserve(geometry.vertices + count);
    for (let at = 0; at < 3 * count; at += 3) {
      geometry.addVertex(values[at]!, values[at + 1]!);
      const z = values[at + 2]!;
      if (!Number.isNaN(z)) geometry.setZ(z);
    }
  }

  #endsAt(x: number, y: number): boolean {
    const at = 3 * (this.count - 1);
    return this.values[at] === x && this.values[at + 1] === y;
  }
}
