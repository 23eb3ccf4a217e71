import { GEOMETRY_NAMES, GEOMETRY_TYPES, type Geometry, type GeometryType } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { lineTooShort, outerRingEmpty, outOfRange, ringTooShort, tooManyVertices } from '../text/geometry-defects.ts';
import { MAX_VERTICES } from '../text/limits.ts';
import { NOT_A_NUMBER, readNumber } from '../text/read-number.ts';
import { CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE } from '../text/characters.ts';
import type { JsonScanner } from './json-scanner.ts';

/** Least positions of a line and of a ring (RFC 7946, 3.1.4 and 3.1.6). */
const LEAST_OF_LINE = 2;
const LEAST_OF_RING = 4;
/** Positions in a row whose number has no bound. */
const ANY = 0;

/** Reads the coordinates of geometries (RFC 7946, 3.1.1) from bytes: no string and no array is made on the way. */
export class CoordinatesParser {
  /** Positions had more than three numbers: those behind the third are left out, as RFC 7946 (3.1.1) says. */
  hasExtraNumbers = false;
  /** A multi geometry had parts without positions: they are left out. */
  hasEmptyParts = false;
  readonly #scanner: JsonScanner;
  readonly #number = new Float64Array(1);

  constructor(scanner: JsonScanner) {
    this.#scanner = scanner;
  }

  /**
   * Reads the coordinates of a type into a geometry, which it empties first.
   * @returns the position behind them
   * @throws FeatureDefect, InputEnds
   */
  parse(at: number, type: GeometryType, geometry: Geometry): number {
    geometry.begin(type);
    switch (type) {
      case GEOMETRY_TYPES.point:
        return this.#point(at, geometry);
      case GEOMETRY_TYPES.multiPoint:
        return this.#positions(at, geometry, ANY);
      case GEOMETRY_TYPES.lineString: {
        const end = this.#positions(at, geometry, LEAST_OF_LINE);
        if (geometry.vertices > 0) geometry.endLine();
        return end;
      }
      case GEOMETRY_TYPES.multiLineString:
        return this.#lines(at, geometry, LEAST_OF_LINE);
      case GEOMETRY_TYPES.polygon: {
        const end = this.#lines(at, geometry, LEAST_OF_RING);
        if (geometry.lines > 0) geometry.endPolygon();
        return end;
      }
      case GEOMETRY_TYPES.multiPolygon:
        return this.#polygons(at, geometry);
      default:
        throw new FeatureDefect('geojson-geometry-type', 'The type of a geometry is none of RFC 7946.');
    }
  }

  #polygons(at: number, geometry: Geometry): number {
    let next = this.#open(at, geometry);
    if (this.#scanner.bytes[next] === CLOSE_BRACKET) return next + 1;
    for (;;) {
      const before = geometry.lines;
      next = this.#lines(next, geometry, LEAST_OF_RING);
      if (geometry.lines > before) geometry.endPolygon();
      else this.hasEmptyParts = true;
      next = this.#afterElement(next);
      if (this.#scanner.bytes[next] === CLOSE_BRACKET) return next + 1;
    }
  }

  #lines(at: number, geometry: Geometry, least: number): number {
    const firstLine = geometry.lines;
    let isFirstEmpty = false;
    let next = this.#open(at, geometry);
    if (this.#scanner.bytes[next] === CLOSE_BRACKET) return next + 1;
    for (;;) {
      const before = geometry.vertices;
      next = this.#positions(next, geometry, least);
      if (geometry.vertices > before) geometry.endLine();
      else {
        this.hasEmptyParts = true;
        isFirstEmpty ||= geometry.lines === firstLine;
      }
      next = this.#afterElement(next);
      if (this.#scanner.bytes[next] === CLOSE_BRACKET) break;
    }
    // The ring within it would become the outer one.
    if (isFirstEmpty && least === LEAST_OF_RING && geometry.lines > firstLine) throw outerRingEmpty();
    return next + 1;
  }

  #positions(at: number, geometry: Geometry, least: number): number {
    const { bytes } = this.#scanner;
    const before = geometry.vertices;
    let next = this.#open(at, geometry);
    if (bytes[next] === CLOSE_BRACKET) return next + 1;
    for (;;) {
      next = this.#position(next, geometry);
      // Most files have no white space here.
      if (bytes[next] === COMMA && bytes[next + 1] === OPEN_BRACKET) {
        next += 1;
        continue;
      }
      next = this.#afterElement(next);
      if (bytes[next] === CLOSE_BRACKET) break;
    }
    const count = geometry.vertices - before;
    if (count < least) throw least === LEAST_OF_RING ? ringTooShort(count) : lineTooShort(count);
    return next + 1;
  }

  #point(at: number, geometry: Geometry): number {
    const next = this.#open(at, geometry);
    return this.#scanner.bytes[next] === CLOSE_BRACKET ? next + 1 : this.#position(at, geometry);
  }

  /** `[x, y]` or `[x, y, z]`. */
  #position(at: number, geometry: Geometry): number {
    const { bytes } = this.#scanner;
    const index = geometry.vertices;
    if (index === MAX_VERTICES) throw tooManyVertices();
    geometry.reserve(index + 1);
    const { xy } = geometry;
    let next = bytes[at] === OPEN_BRACKET ? at + 1 : this.#open(at, geometry);
    if (bytes[next] === CLOSE_BRACKET) throw positionTooShort();
    next = this.#ordinate(next, xy, 2 * index, geometry);
    if (bytes[next] !== COMMA) next = this.#commaAfterX(next);
    next = this.#ordinate(next + 1, xy, 2 * index + 1, geometry);
    geometry.vertices = index + 1;
    if (bytes[next] !== CLOSE_BRACKET) return this.#furtherOrdinates(next, geometry);
    if (geometry.hasZ) geometry.z[index] = NaN;
    return next + 1;
  }

  #ordinate(at: number, target: Float64Array, index: number, geometry: Geometry): number {
    const { bytes } = this.#scanner;
    const start = bytes[at]! <= SPACE ? this.#scanner.space(at) : at;
    const end = readNumber(bytes, start, target, index);
    if (end === NOT_A_NUMBER) throw this.#noOrdinate(start, geometry);
    if (!Number.isFinite(target[index]!)) throw outOfRange();
    return end;
  }

  #noOrdinate(at: number, { type }: Geometry): Error {
    const byte = this.#scanner.bytes[at]!;
    if (byte === OPEN_BRACKET) return wrongNesting(GEOMETRY_NAMES[type]);
    if (byte !== QUOTE && byte !== OPEN_BRACE) return this.#scanner.notANumber(at, 'a coordinate is no number');
    return new FeatureDefect('geojson-coordinate-type', 'A coordinate is no number.');
  }

  #commaAfterX(at: number): number {
    const next = this.#scanner.space(at);
    if (this.#scanner.bytes[next] === CLOSE_BRACKET) throw positionTooShort();
    if (this.#scanner.bytes[next] !== COMMA) throw this.#scanner.unexpected(next, 'a comma is missing in a position');
    return next;
  }

  #furtherOrdinates(at: number, geometry: Geometry): number {
    const scanner = this.#scanner;
    const { bytes } = scanner;
    let next = bytes[at]! <= SPACE ? scanner.space(at) : at;
    if (bytes[next] === CLOSE_BRACKET) {
      if (geometry.hasZ) geometry.z[geometry.vertices - 1] = NaN;
      return next + 1;
    }
    for (let count = 2; ; count++) {
      if (bytes[next] !== COMMA) throw scanner.unexpected(next, 'a comma is missing in a position');
      next = scanner.space(this.#ordinate(next + 1, this.#number, 0, geometry));
      if (count === 2) geometry.setZ(this.#number[0]!);
      else this.hasExtraNumbers = true;
      if (bytes[next] === CLOSE_BRACKET) return next + 1;
    }
  }

  #open(at: number, { type }: Geometry): number {
    const scanner = this.#scanner;
    const found = scanner.bytes[at]! <= SPACE ? scanner.space(at) : at;
    const byte = scanner.bytes[found]!;
    if (byte === OPEN_BRACKET) return scanner.bytes[found + 1]! <= SPACE ? scanner.space(found + 1) : found + 1;
    // What is no value at all is worse than one of another kind.
    scanner.value(found);
    throw wrongNesting(GEOMETRY_NAMES[type]);
  }

  #afterElement(at: number): number {
    const scanner = this.#scanner;
    const next = scanner.bytes[at]! <= SPACE ? scanner.space(at) : at;
    if (scanner.bytes[next] === CLOSE_BRACKET) return next;
    if (scanner.bytes[next] !== COMMA) throw scanner.unexpected(next, 'a comma or a closing bracket is missing');
    const element = scanner.bytes[next + 1]! <= SPACE ? scanner.space(next + 1) : next + 1;
    if (scanner.bytes[element] === CLOSE_BRACKET) throw scanner.unexpected(element, 'nothing follows a comma');
    return element;
  }
}

export function wrongNesting(name: string): FeatureDefect {
  return new FeatureDefect('geojson-coordinates-nesting', `The coordinates are not nested as those of a ${name}.`);
}

function positionTooShort(): FeatureDefect {
  return new FeatureDefect('geojson-position-too-short', 'A position has fewer than two numbers.');
}
