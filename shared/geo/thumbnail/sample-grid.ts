/** What a sample holds; a pixel holds the sum of its samples, from which the number of each can be told. */
export const NOTHING = 0;
export const AREA = 1;
export const EDGE = 5;

/** A polygon's edge passes the row of this sample left of its middle: the inside begins or ends here. */
const CROSSED = 0x80;

/**
 * A grid of samples, a byte each, that shapes are drawn on. Columns and rows are counted from the upper left; the middle of a
 * sample is half a column and half a row behind its corner. What is drawn must stay within the grid.
 */
export class SampleGrid {
  readonly columns: number;
  readonly rows: number;
  readonly samples: Uint8Array;
  /** What the crossings that are not filled yet span. */
  #left = Infinity;
  #right = -Infinity;
  #top = Infinity;
  #bottom = -Infinity;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.samples = new Uint8Array(columns * rows);
  }

  /** Draws a square around a position. */
  stamp(x: number, y: number, side: number, value: number): void {
    const { samples, columns } = this;
    const reach = side >> 1;
    const first = (Math.floor(y) - reach) * columns + Math.floor(x) - reach;
    for (let start = first; start < first + side * columns; start += columns) {
      for (let index = start; index < start + side; index++) if (samples[index]! < value) samples[index] = value;
    }
  }

  /** Draws a rectangle, the samples of its edges with it. */
  rectangle(left: number, top: number, right: number, bottom: number, value: number): void {
    const { samples, columns } = this;
    const width = Math.floor(right) - Math.floor(left) + 1;
    const end = Math.floor(bottom) * columns + Math.floor(left);
    for (let start = Math.floor(top) * columns + Math.floor(left); start <= end; start += columns) {
      for (let index = start; index < start + width; index++) if (samples[index]! < value) samples[index] = value;
    }
  }

  /** Whether something is drawn in the middle of a rectangle and in the middles of its quarters. */
  isCovered(left: number, top: number, right: number, bottom: number): boolean {
    const { samples, columns } = this;
    const at = (across: number, down: number): number =>
      samples[Math.floor(top + down * (bottom - top)) * columns + Math.floor(left + across * (right - left))]!;
    return (
      at(0.5, 0.5) > NOTHING &&
      at(0.25, 0.25) > NOTHING &&
      at(0.75, 0.25) > NOTHING &&
      at(0.25, 0.75) > NOTHING &&
      at(0.75, 0.75) > NOTHING
    );
  }

  /**
   * Draws a segment.
   * @returns how many squares it took
   */
  segment(x: number, y: number, toX: number, toY: number, side: number, value: number): number {
    const steps = Math.ceil(Math.max(Math.abs(toX - x), Math.abs(toY - y), 1));
    const dx = (toX - x) / steps;
    const dy = (toY - y) / steps;
    for (let step = 0; step <= steps; step++) this.stamp(x + step * dx, y + step * dy, side, value);
    return steps;
  }

  /**
   * Notes where an edge of a polygon passes the middles of rows, for `fill`.
   * @returns how many rows it passes
   */
  cross(x: number, y: number, toX: number, toY: number): number {
    const { samples, columns } = this;
    // A middle is passed that lies at the upper end, and not one at the lower: two edges that meet pass it once.
    const first = Math.ceil(Math.min(y, toY) - 0.5);
    const end = Math.ceil(Math.max(y, toY) - 0.5);
    if (first >= end) return 0;
    const slope = (toX - x) / (toY - y);
    for (let row = first; row < end; row++) {
      const column = Math.ceil(x + (row + 0.5 - y) * slope - 0.5);
      samples[row * columns + column]! ^= CROSSED;
      if (column < this.#left) this.#left = column;
      if (column > this.#right) this.#right = column;
    }
    if (first < this.#top) this.#top = first;
    if (end > this.#bottom) this.#bottom = end;
    return end - first;
  }

  /**
   * Draws what lies within the edges that were crossed since it was called last, by the even-odd rule: holes stay empty.
   * @returns how many samples it looked at
   */
  fill(value: number): number {
    if (this.#left > this.#right) return 0;
    const { samples, columns } = this;
    const width = this.#right - this.#left + 1;
    for (let row = this.#top; row < this.#bottom; row++) {
      const start = row * columns + this.#left;
      let isInside = 0;
      for (let index = start; index < start + width; index++) {
        const sample = samples[index]!;
        isInside ^= sample & CROSSED;
        const held = sample & ~CROSSED;
        samples[index] = isInside !== 0 && held < value ? value : held;
      }
    }
    const looked = width * (this.#bottom - this.#top);
    this.#left = this.#top = Infinity;
    this.#right = this.#bottom = -Infinity;
    return looked;
  }
}
