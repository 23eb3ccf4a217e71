import type { Geometry } from '../../features/geometry.ts';
import { CLOSE_PARENTHESIS, COMMA, isSpace, SPACE } from '../text/characters.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { outOfRange, tooManyVertices } from '../text/geometry-defects.ts';
import { MAX_VERTICES } from '../text/limits.ts';
import { NOT_A_NUMBER, readNumber } from '../text/read-number.ts';
import { wktSyntax, type Dimensions, type WktScanner } from './wkt-scanner.ts';

/** Reads the positions of well-known text into a geometry. */
export class PositionParser {
  dimensions: Dimensions = 'shown';
  readonly #scanner: WktScanner;
  readonly #ordinate = new Float64Array(1);

  constructor(scanner: WktScanner) {
    this.#scanner = scanner;
  }

  /** Positions in parentheses: the position behind them. */
  positions(at: number, geometry: Geometry): number {
    const { bytes } = this.#scanner;
    let next = this.#scanner.open(at);
    for (;;) {
      next = this.position(next, geometry);
      if (bytes[next]! <= SPACE) next = this.#scanner.space(next);
      if (bytes[next] === CLOSE_PARENTHESIS) return next + 1;
      if (bytes[next] !== COMMA) throw wktSyntax('a comma or a closing parenthesis is missing');
      next += 1;
    }
  }

  /** @throws FeatureDefect for what is no position, or not of as many numbers as it should be */
  position(at: number, geometry: Geometry): number {
    const { bytes } = this.#scanner;
    const index = geometry.vertices;
    if (index === MAX_VERTICES) throw tooManyVertices();
    geometry.reserve(index + 1);
    const { xy } = geometry;
    let next = bytes[at]! <= SPACE ? this.#scanner.space(at) : at;
    next = readNumber(bytes, next, xy, 2 * index, true);
    if (next === NOT_A_NUMBER || !isSpace(bytes[next]!)) throw notAPosition();
    next = bytes[next + 1]! <= SPACE ? this.#scanner.space(next + 1) : next + 1;
    next = readNumber(bytes, next, xy, 2 * index + 1, true);
    if (next === NOT_A_NUMBER) throw notAPosition();
    if (!Number.isFinite(xy[2 * index]!) || !Number.isFinite(xy[2 * index + 1]!)) throw outOfRange();
    geometry.vertices = index + 1;
    if (geometry.hasZ) geometry.z[index] = NaN;
    if (geometry.hasM) geometry.m[index] = NaN;
    const isFlat = bytes[next] === COMMA || bytes[next] === CLOSE_PARENTHESIS;
    return isFlat && this.dimensions === 'shown' ? next : this.#furtherOrdinates(next, geometry);
  }

  #furtherOrdinates(at: number, geometry: Geometry): number {
    const scanner = this.#scanner;
    const { dimensions } = this;
    let count = 0;
    let next = scanner.space(at);
    while (scanner.bytes[next] !== COMMA && scanner.bytes[next] !== CLOSE_PARENTHESIS) {
      next = scanner.space(this.#readOrdinate(next));
      const value = this.#ordinate[0]!;
      if (count === 0 && dimensions !== 'M') geometry.setZ(value);
      else if (count === (dimensions === 'M' ? 0 : 1) && dimensions !== 'Z') geometry.setM(value);
      else throw wrongDimensions();
      count += 1;
    }
    if (dimensions !== 'shown' && count !== dimensions.length) throw wrongDimensions();
    return next;
  }

  /** A height or measure, which may be missing: `nan`. */
  #readOrdinate(at: number): number {
    const scanner = this.#scanner;
    const end = readNumber(scanner.bytes, at, this.#ordinate, 0, true);
    if (end !== NOT_A_NUMBER) {
      if (!Number.isFinite(this.#ordinate[0]!)) throw outOfRange();
      return end;
    }
    const wordEnd = scanner.word(at);
    if (scanner.text(at, wordEnd) !== 'NAN') throw wktSyntax('a coordinate is no number');
    this.#ordinate[0] = NaN;
    return wordEnd;
  }
}

function notAPosition(): FeatureDefect {
  return wktSyntax('a position is not two numbers or more');
}

function wrongDimensions(): FeatureDefect {
  return new FeatureDefect('wkt-dimensions', 'A position does not have as many numbers as its geometry says.');
}
