import type { FeaturePlace, FeatureSink } from '../../features/feature-sink.ts';
import { GEOMETRY_TYPES } from '../../features/geometry.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { CLOSE_BRACE, COMMA, MINUS, NINE, OPEN_BRACE, QUOTE, SPACE, ZERO } from '../text/characters.ts';
import { CoordinatesParser } from './coordinates-parser.ts';
import { GeometryParser, geometryTypeOf } from './geometry-parser.ts';
import { JsonScanner } from './json-scanner.ts';
import { KeyTable } from './key-table.ts';
import { PropertyList } from './property-list.ts';
import { standsAt } from './stands-at.ts';

const TYPE = Buffer.from('type');
const ID = Buffer.from('id');
const BBOX = Buffer.from('bbox');
const GEOMETRY = Buffer.from('geometry');
const PROPERTIES = Buffer.from('properties');
const FEATURE = 'Feature';
const QUOTED_FEATURE = Buffer.from(`"${FEATURE}"`);
/** Longer ones are no type of GeoJSON, even where each letter is written with an escape. */
const MAX_TYPE_BYTES = 128;
const NOWHERE = -1;

const NOTES = {
  duplicates: {
    code: 'geojson-duplicate-name',
    reason: 'A name comes twice in one object; the last value counts.',
  },
  foreign: {
    code: 'geojson-foreign-member',
    reason: 'Members of a feature beside type, id, bbox, geometry and properties are left out (RFC 7946, 6.1).',
  },
  extraNumbers: {
    code: 'geojson-position-extra',
    reason: 'Numbers of a position behind the third are left out (RFC 7946, 3.1.1).',
  },
  emptyParts: {
    code: 'geometry-empty-part',
    reason: 'Parts of a multi geometry, or rings, that have no positions are left out.',
  },
  id: {
    code: 'geojson-id-type',
    reason: 'An id that is neither a string nor a number is left out.',
  },
} as const;

/**
 * Reads features of GeoJSON (RFC 7946, 3.2) from bytes: coordinates go straight into the sink's geometry, the properties
 * when the feature has come to its end. Members may come in any order; of two with one name the last counts, as for
 * `JSON.parse`, but each must be right.
 */
export class FeatureParser {
  readonly scanner = new JsonScanner();
  readonly #sink: FeatureSink;
  readonly #allowGeometry: boolean;
  readonly #coordinates = new CoordinatesParser(this.scanner);
  readonly #geometry = new GeometryParser(this.scanner, this.#coordinates);
  readonly #properties = new PropertyList(this.scanner);
  readonly #keys = new KeyTable();
  #hasForeign = false;
  #hasDuplicates = false;
  #hasOddId = false;

  /** @param allowGeometry takes a geometry in the place of a feature, as one without properties */
  constructor(sink: FeatureSink, allowGeometry: boolean) {
    this.#sink = sink;
    this.#allowGeometry = allowGeometry;
  }

  /**
   * Reads the feature at a position; `add` gives it to the sink.
   * @returns the position behind it
   * @throws FeatureDefect for one that cannot be read; InputEnds when it does not end before `scanner.limit`
   */
  parse(at: number): number {
    const { scanner } = this;
    const { bytes } = scanner;
    this.#begin();
    if (bytes[at] !== OPEN_BRACE) throw this.#notAnObject(at);
    let type = NOWHERE;
    let typeEnd = NOWHERE;
    let id = NOWHERE;
    let hasGeometry = false;
    let hasProperties = false;
    let next = scanner.space(at + 1);
    while (bytes[next] !== CLOSE_BRACE) {
      const value = scanner.key(next);
      if (scanner.keyIs(GEOMETRY)) {
        this.#hasDuplicates ||= hasGeometry;
        hasGeometry = true;
        next = this.#readGeometry(value);
      } else if (scanner.keyIs(PROPERTIES)) {
        this.#hasDuplicates ||= hasProperties;
        hasProperties = true;
        next = this.#readProperties(value);
      } else if (scanner.keyIs(TYPE)) {
        this.#hasDuplicates ||= type !== NOWHERE;
        next = scanner.value(value);
        type = value;
        typeEnd = next;
      } else if (scanner.keyIs(ID)) {
        this.#hasDuplicates ||= id !== NOWHERE;
        id = value;
        next = scanner.value(value);
      } else {
        this.#hasForeign ||= !scanner.keyIs(BBOX);
        next = scanner.value(value);
      }
      next = this.#afterMember(next);
    }
    if (id !== NOWHERE) this.#readId(id);
    const name = this.#typeName(type, typeEnd);
    if (name === FEATURE) return next + 1;
    if (this.#allowGeometry && geometryTypeOf(name) !== undefined) return this.#parseGeometry(at);
    throw notAFeature(name === '' ? 'it has no type' : `its type is ${name}`);
  }

  /** Gives the feature that was parsed last to the sink. */
  add(place: FeaturePlace): void {
    const sink = this.#sink;
    this.#properties.write(sink);
    if (this.#hasDuplicates || this.#properties.hasDuplicates) sink.note(NOTES.duplicates);
    if (this.#hasForeign) sink.note(NOTES.foreign);
    if (this.#hasOddId) sink.note(NOTES.id);
    if (this.#coordinates.hasExtraNumbers) sink.note(NOTES.extraNumbers);
    if (this.#coordinates.hasEmptyParts) sink.note(NOTES.emptyParts);
    sink.add(place);
  }

  #begin(): void {
    this.#sink.geometry.begin(GEOMETRY_TYPES.none);
    this.#coordinates.hasExtraNumbers = false;
    this.#coordinates.hasEmptyParts = false;
    this.#properties.clear();
    this.#keys.rewind();
    this.#hasForeign = false;
    this.#hasDuplicates = false;
    this.#hasOddId = false;
  }

  #parseGeometry(at: number): number {
    this.#begin();
    return this.#geometry.parse(at, this.#sink.geometry);
  }

  #readGeometry(at: number): number {
    const { geometry } = this.#sink;
    if (this.scanner.bytes[at] === OPEN_BRACE) return this.#geometry.parse(at, geometry);
    geometry.begin(GEOMETRY_TYPES.none);
    const end = this.scanner.value(at);
    if (this.#isNull(at, end)) return end;
    throw new FeatureDefect('geojson-geometry-type', 'The geometry is neither an object nor null.');
  }

  #readProperties(at: number): number {
    const { scanner } = this;
    const { bytes } = scanner;
    this.#properties.clear();
    if (bytes[at] !== OPEN_BRACE) {
      const end = scanner.value(at);
      if (this.#isNull(at, end)) return end;
      throw new FeatureDefect('geojson-properties-type', 'The properties are neither an object nor null.');
    }
    let next = scanner.space(at + 1);
    while (bytes[next] !== CLOSE_BRACE) {
      const value = scanner.key(next);
      next = this.#afterMember(this.#properties.read(this.#keys.find(scanner), value));
    }
    return next + 1;
  }

  #readId(at: number): void {
    const byte = this.scanner.bytes[at]!;
    const isId = byte === QUOTE || byte === MINUS || (byte >= ZERO && byte <= NINE);
    if (isId) this.#properties.read(this.#keys.id, at);
    else this.#hasOddId = true;
  }

  #isNull(start: number, end: number): boolean {
    return this.scanner.bytes.toString('latin1', start, end) === 'null';
  }

  #afterMember(at: number): number {
    const { scanner } = this;
    const next = scanner.bytes[at]! <= SPACE ? scanner.space(at) : at;
    if (scanner.bytes[next] === CLOSE_BRACE) return next;
    const key = scanner.expect(COMMA, next);
    if (scanner.bytes[key] !== QUOTE) throw scanner.unexpected(key, 'a name in quotes is missing');
    return key;
  }

  /** The type as a name, and nothing where there is none. */
  #typeName(start: number, end: number): string {
    const { bytes } = this.scanner;
    if (standsAt(bytes, start, end, QUOTED_FEATURE)) return FEATURE;
    const isName = bytes[start] === QUOTE && end - start <= MAX_TYPE_BYTES;
    return isName ? (JSON.parse(bytes.toString('utf8', start, end)) as string) : '';
  }

  #notAnObject(at: number): Error {
    this.scanner.value(at);
    return notAFeature('it is no object');
  }
}

function notAFeature(reason: string): FeatureDefect {
  return new FeatureDefect('geojson-not-a-feature', `What stands in the place of a feature is none: ${reason}.`);
}
