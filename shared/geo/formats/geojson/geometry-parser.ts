import { GEOMETRY_NAMES, GEOMETRY_TYPES, type Geometry, type GeometryType } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { collectionTooDeep, tooManyMembers } from '../text/geometry-defects.ts';
import { MAX_COLLECTION_DEPTH, MAX_COLLECTION_MEMBERS } from '../text/limits.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE } from '../text/characters.ts';
import { wrongNesting, type CoordinatesParser } from './coordinates-parser.ts';
import type { JsonScanner } from './json-scanner.ts';
import { standsAt } from './stands-at.ts';

const TYPE = Buffer.from('type');
const COORDINATES = Buffer.from('coordinates');
const GEOMETRIES = Buffer.from('geometries');
const TYPES = Object.values(GEOMETRY_TYPES)
  .filter((type) => type !== GEOMETRY_TYPES.none)
  .map((type) => ({ type, name: GEOMETRY_NAMES[type], quoted: Buffer.from(`"${GEOMETRY_NAMES[type]}"`) }));
/** Longer ones are no type of GeoJSON, even where each letter is written with an escape. */
const MAX_TYPE_BYTES = 128;

const NOWHERE = -1;

/** The code of a type by its name in RFC 7946. */
export function geometryTypeOf(name: string): GeometryType | undefined {
  return TYPES.find((known) => known.name === name)?.type;
}

/** Reads geometry objects of GeoJSON (RFC 7946, 3.1) straight into a `Geometry`. */
export class GeometryParser {
  readonly #scanner: JsonScanner;
  readonly #coordinates: CoordinatesParser;
  /** Members of collections so far. */
  #members = 0;

  constructor(scanner: JsonScanner, coordinates: CoordinatesParser) {
    this.#scanner = scanner;
    this.#coordinates = coordinates;
  }

  /**
   * Members may come in any order; of two with one name the last counts.
   * @param at position of the opening brace
   * @returns the position behind the closing one
   * @throws FeatureDefect, InputEnds
   */
  parse(at: number, geometry: Geometry, depth = 0): number {
    if (depth === 0) this.#members = 0;
    if (depth > MAX_COLLECTION_DEPTH) throw collectionTooDeep();
    const scanner = this.#scanner;
    let type: GeometryType = GEOMETRY_TYPES.none;
    let read: GeometryType = GEOMETRY_TYPES.none;
    let coordinates = NOWHERE;
    let geometries = NOWHERE;
    let next = scanner.expect(OPEN_BRACE, at);
    while (scanner.bytes[next] !== CLOSE_BRACE) {
      const value = scanner.key(next);
      if (scanner.keyIs(TYPE)) {
        next = scanner.value(value);
        type = this.#typeOf(value, next);
      } else if (scanner.keyIs(COORDINATES)) {
        coordinates = value;
        const isReadable = type !== GEOMETRY_TYPES.none && type !== GEOMETRY_TYPES.geometryCollection;
        next = isReadable ? this.#coordinates.parse(value, type, geometry) : scanner.value(value);
        read = isReadable ? type : GEOMETRY_TYPES.none;
      } else if (scanner.keyIs(GEOMETRIES)) {
        geometries = value;
        next = scanner.value(value);
      } else {
        next = scanner.value(value);
      }
      next = this.#afterMember(next);
    }
    if (type === GEOMETRY_TYPES.none) throw new FeatureDefect('geojson-geometry-type', 'A geometry has no type.');
    const isCollection = type === GEOMETRY_TYPES.geometryCollection;
    const position = isCollection ? geometries : coordinates;
    if (position === NOWHERE) {
      const missing = isCollection ? 'geometries' : 'coordinates';
      throw new FeatureDefect('geojson-coordinates-missing', `A ${GEOMETRY_NAMES[type]} has no ${missing}.`);
    }
    if (isCollection) this.#geometries(position, geometry, depth);
    else if (read !== type) this.#coordinates.parse(position, type, geometry);
    return next + 1;
  }

  #afterMember(at: number): number {
    const scanner = this.#scanner;
    const next = scanner.bytes[at]! <= SPACE ? scanner.space(at) : at;
    if (scanner.bytes[next] === CLOSE_BRACE) return next;
    const key = scanner.expect(COMMA, next);
    if (scanner.bytes[key] !== QUOTE) throw scanner.unexpected(key, 'a name in quotes is missing');
    return key;
  }

  #typeOf(start: number, end: number): GeometryType {
    const { bytes } = this.#scanner;
    for (const { quoted, type } of TYPES) if (standsAt(bytes, start, end, quoted)) return type;
    // It may be written with escapes.
    const isName = bytes[start] === QUOTE && end - start <= MAX_TYPE_BYTES;
    const name = isName ? (JSON.parse(bytes.toString('utf8', start, end)) as string) : '';
    const type = geometryTypeOf(name);
    if (type === undefined)
      throw new FeatureDefect('geojson-geometry-type', 'The type of a geometry is none of RFC 7946.');
    return type;
  }

  #geometries(at: number, geometry: Geometry, depth: number): void {
    geometry.begin(GEOMETRY_TYPES.geometryCollection);
    const scanner = this.#scanner;
    if (scanner.bytes[at] !== OPEN_BRACKET) throw wrongNesting('GeometryCollection');
    let next = scanner.space(at + 1);
    while (scanner.bytes[next] !== CLOSE_BRACKET) {
      if (scanner.bytes[next] !== OPEN_BRACE) {
        throw new FeatureDefect('geojson-geometry-type', 'A member of a GeometryCollection is no geometry.');
      }
      this.#members += 1;
      if (this.#members > MAX_COLLECTION_MEMBERS) throw tooManyMembers();
      next = scanner.space(this.parse(next, geometry.addMember(GEOMETRY_TYPES.none), depth + 1));
      // What follows has been read as JSON before: it is a comma or the end.
      if (scanner.bytes[next] === COMMA) next = scanner.space(next + 1);
    }
  }
}
