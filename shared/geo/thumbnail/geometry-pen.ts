import type { StoredGeometry } from '../features/stored-geometry.ts';
import { AREA, EDGE, SampleGrid } from './sample-grid.ts';
import { SAMPLES, type ThumbnailFrame } from './thumbnail-frame.ts';

/** Largest dot, in samples. */
export const MAX_DOT = 6;

/** Samples at the edges of the grid that nothing is drawn around: half of the largest dot, and one. */
const EDGE_SAMPLES = MAX_DOT / 2 + 1;

/** Samples that a polygon spans at least to have its edge drawn; a smaller one would be nothing but edge. */
const EDGED_SAMPLES = 16;

/** Vertices of one line or ring, and points of one feature, that are looked at: of more, every second, third … is. */
const MAX_LINE_VERTICES = 8_192;
const MAX_POINTS = 65_536;

/** What things are drawn with, in samples. */
export interface Nib {
  dot: number;
  line: number;
}

/** Draws the parts of stored geometries; each method gives what it cost, in vertices and samples that were looked at. */
export class GeometryPen {
  readonly grid: SampleGrid;
  readonly #dot: number;
  readonly #line: number;
  readonly #scaleX: number;
  readonly #scaleY: number;
  readonly #originX: number;
  readonly #originY: number;

  constructor({ width, height, scaleX, scaleY, originX, originY }: ThumbnailFrame, { dot, line }: Nib) {
    this.grid = new SampleGrid(width * SAMPLES, height * SAMPLES);
    this.#dot = dot;
    this.#line = line;
    this.#scaleX = scaleX;
    this.#scaleY = scaleY;
    this.#originX = originX;
    this.#originY = originY;
  }

  dot(x: number, y: number, value: number): number {
    this.grid.stamp(this.#columnOf(x), this.#rowOf(y), this.#dot, value);
    return 1;
  }

  rectangle(minX: number, minY: number, maxX: number, maxY: number): void {
    this.grid.rectangle(this.#columnOf(minX), this.#rowOf(maxY), this.#columnOf(maxX), this.#rowOf(minY), AREA);
  }

  /** Whether an extent is drawn on already, as far as a few samples of it tell. */
  isCovered(minX: number, minY: number, maxX: number, maxY: number): boolean {
    return this.grid.isCovered(this.#columnOf(minX), this.#rowOf(maxY), this.#columnOf(maxX), this.#rowOf(minY));
  }

  points({ views: { float64 }, xy, vertices }: StoredGeometry): number {
    const stride = Math.ceil(vertices / MAX_POINTS);
    for (let at = xy; at < xy + 2 * vertices; at += 2 * stride) this.dot(float64[at]!, float64[at + 1]!, EDGE);
    return Math.ceil(vertices / stride);
  }

  /** Draws the line from vertex `start` to before vertex `end`. */
  line(geometry: StoredGeometry, start: number, end: number): number {
    return this.#follow(geometry, start, end, this.#line);
  }

  /** Fills the rings from `start` to before `end`, holes left out, and draws their edges where they are large enough. */
  polygon(geometry: StoredGeometry, start: number, end: number): number {
    const { lineEnds, views } = geometry;
    const first = start === 0 ? 0 : views.uint32[lineEnds + start - 1]!;
    let cost = 0;
    let isLarge = false;
    for (let ring = start, vertex = first; ring < end; ring++) {
      const ringEnd = views.uint32[lineEnds + ring]!;
      const passed = this.#crossRing(geometry, vertex, ringEnd);
      // A ring passes each of its rows twice at least.
      isLarge ||= passed >= 2 * EDGED_SAMPLES;
      cost += 1 + passed + Math.min(ringEnd - vertex, MAX_LINE_VERTICES);
      vertex = ringEnd;
    }
    cost += this.grid.fill(AREA);
    for (let ring = start, vertex = first; ring < end && isLarge; ring++) {
      const ringEnd = views.uint32[lineEnds + ring]!;
      cost += this.#follow(geometry, vertex, ringEnd, 1);
      vertex = ringEnd;
    }
    return cost;
  }

  #crossRing({ views: { float64 }, xy }: StoredGeometry, start: number, end: number): number {
    if (start === end) return 0;
    const stride = 2 * strideOf(end - start);
    const last = xy + 2 * (end - 1);
    const lastX = this.#columnOf(float64[last]!);
    const lastY = this.#rowOf(float64[last + 1]!);
    let [x, y] = [lastX, lastY];
    let passed = 0;
    for (let at = xy + 2 * start; at < last; at += stride) {
      const toX = this.#columnOf(float64[at]!);
      const toY = this.#rowOf(float64[at + 1]!);
      passed += this.grid.cross(x, y, toX, toY);
      x = toX;
      y = toY;
    }
    return passed + this.grid.cross(x, y, lastX, lastY);
  }

  /** Draws segments from vertex to vertex, to the last one in any case. */
  #follow({ views: { float64 }, xy }: StoredGeometry, start: number, end: number, side: number): number {
    if (start === end) return 0;
    const stride = 2 * strideOf(end - start);
    const last = xy + 2 * (end - 1);
    let x = this.#columnOf(float64[xy + 2 * start]!);
    let y = this.#rowOf(float64[xy + 2 * start + 1]!);
    let cost = 0;
    for (let at = Math.min(xy + 2 * start + stride, last); ; at = Math.min(at + stride, last)) {
      const toX = this.#columnOf(float64[at]!);
      const toY = this.#rowOf(float64[at + 1]!);
      cost += 1 + this.grid.segment(x, y, toX, toY, side, EDGE);
      if (at === last) return cost;
      x = toX;
      y = toY;
    }
  }

  #columnOf(x: number): number {
    return within(x * this.#scaleX + this.#originX, this.grid.columns);
  }

  #rowOf(y: number): number {
    return within(y * this.#scaleY + this.#originY, this.grid.rows);
  }
}

/** Keeps what is drawn on the grid, also of a block whose summary does not tell the truth. */
function within(position: number, samples: number): number {
  if (!(position > EDGE_SAMPLES)) return EDGE_SAMPLES;
  return position < samples - EDGE_SAMPLES ? position : samples - EDGE_SAMPLES;
}

const strideOf = (vertices: number): number => Math.ceil(vertices / MAX_LINE_VERTICES);
