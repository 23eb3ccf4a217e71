import { COMMA, DOT, isSpace } from '../text/characters.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { outOfRange } from '../text/geometry-defects.ts';
import { readNumber } from '../text/read-number.ts';

/** Digits of longer cells are no coordinate. */
const MAX_COORDINATE_BYTES = 512;

/** Reads coordinates of cells, of their own columns. */
export class CoordinateCell {
  value = 0;
  /** The number was written with a comma for its point. */
  hasDecimalComma = false;
  readonly #copy = Buffer.alloc(MAX_COORDINATE_BYTES + 1);
  readonly #number = new Float64Array(1);

  /**
   * @returns false for a cell of white space
   * @throws FeatureDefect for what is no finite number
   */
  read(bytes: Buffer, start: number, end: number): boolean {
    let first = start;
    let last = end;
    while (first < last && isSpace(bytes[first]!)) first += 1;
    while (last > first && isSpace(bytes[last - 1]!)) last -= 1;
    if (first === last) return false;
    const length = last - first;
    if (length > MAX_COORDINATE_BYTES) throw notANumber();
    bytes.copy(this.#copy, 0, first, last);
    this.#copy[length] = 0;
    let isWhole = readNumber(this.#copy, 0, this.#number, 0, true) === length;
    this.hasDecimalComma = false;
    const comma = isWhole ? -1 : this.#copy.subarray(0, length).indexOf(COMMA);
    if (comma >= 0) {
      this.#copy[comma] = DOT;
      isWhole = readNumber(this.#copy, 0, this.#number, 0, true) === length;
      this.hasDecimalComma = isWhole;
    }
    if (!isWhole) throw notANumber();
    this.value = this.#number[0]!;
    if (!Number.isFinite(this.value)) throw outOfRange();
    return true;
  }
}

function notANumber(): FeatureDefect {
  return new FeatureDefect('csv-coordinate-not-a-number', 'A coordinate is no number.');
}
