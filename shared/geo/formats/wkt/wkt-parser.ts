import { GEOMETRY_TYPES, type Geometry, type GeometryType } from '../../features/geometry.ts';
import { CLOSE_PARENTHESIS, COMMA, isSpace, OPEN_PARENTHESIS, SEMICOLON, SPACE } from '../text/characters.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import { lineTooShort, outerRingEmpty, outOfRange, ringTooShort } from '../text/geometry-defects.ts';
import { NOT_A_NUMBER, readNumber } from '../text/read-number.ts';

/** What each type becomes; a ring of its own is a line, a triangle a polygon, patches are the polygons that they are. */
const TYPES: ReadonlyMap<string, GeometryType> = new Map([
  ['POINT', GEOMETRY_TYPES.point],
  ['LINESTRING', GEOMETRY_TYPES.lineString],
  ['LINEARRING', GEOMETRY_TYPES.lineString],
  ['POLYGON', GEOMETRY_TYPES.polygon],
  ['TRIANGLE', GEOMETRY_TYPES.polygon],
  ['MULTIPOINT', GEOMETRY_TYPES.multiPoint],
  ['MULTILINESTRING', GEOMETRY_TYPES.multiLineString],
  ['MULTIPOLYGON', GEOMETRY_TYPES.multiPolygon],
  ['POLYHEDRALSURFACE', GEOMETRY_TYPES.multiPolygon],
  ['TIN', GEOMETRY_TYPES.multiPolygon],
  ['GEOMETRYCOLLECTION', GEOMETRY_TYPES.geometryCollection],
]);
const CURVES = new Set(['CIRCULARSTRING', 'COMPOUNDCURVE', 'CURVEPOLYGON', 'MULTICURVE', 'MULTISURFACE']);
const TYPE_WITH_DIMENSIONS = /^(.*?)(ZM|Z|M)?$/;
const DIMENSIONS = new Set(['Z', 'M', 'ZM']);
const SRID = 'SRID=';

/** Deepest nesting of geometry collections. */
const MAX_COLLECTION_DEPTH = 32;

/** Longest word that is read: `GEOMETRYCOLLECTION` with its dimensions is shorter. */
const MAX_WORD_BYTES = 32;

const LEAST_OF_LINE = 2;
const LEAST_OF_RING = 4;

const EQUALS = 0x3d;

/** Dimensions behind x and y: as the tag says, or as each position shows. */
type Dimensions = 'Z' | 'M' | 'ZM' | 'shown';

/**
 * Reads well-known text (OGC 06-103r4, 7.2) from bytes straight into a `Geometry`: that of the OGC and of ISO (`POINT Z`),
 * and of PostGIS (`SRID=…;`, `POINTM`, heights without a tag), in capitals or not. Empty parts of multi geometries are
 * left out. One parser serves all geometries of a source.
 */
export class WktParser {
  /** SRID of the geometry read last, where it had one. */
  srid: number | undefined;
  /** The geometry read last had parts without positions: they are left out. */
  hasEmptyParts = false;
  #bytes: Buffer = Buffer.alloc(1);
  #dimensions: Dimensions = 'shown';
  readonly #ordinate = new Float64Array(1);

  /**
   * @param bytes ASCII from `start` to `end`, where there must be a zero byte
   * @throws FeatureDefect for what is no geometry, or one with something behind it
   */
  parse(bytes: Buffer, start: number, end: number, geometry: Geometry): void {
    this.#bytes = bytes;
    this.srid = undefined;
    this.hasEmptyParts = false;
    const last = this.#space(this.#geometry(this.#readSrid(this.#space(start)), geometry, 0));
    if (last !== end) throw syntax('something follows the geometry');
  }

  #readSrid(at: number): number {
    const bytes = this.#bytes;
    const prefix = bytes.toString('latin1', at, at + SRID.length).toUpperCase();
    if (prefix !== SRID || bytes[at + SRID.length - 1] !== EQUALS) return at;
    const end = readNumber(bytes, at + SRID.length, this.#ordinate, 0);
    const srid = this.#ordinate[0]!;
    const isSrid = end !== NOT_A_NUMBER && bytes[end] === SEMICOLON && Number.isSafeInteger(srid);
    if (!isSrid) throw syntax('its SRID is no number');
    this.srid = srid;
    return this.#space(end + 1);
  }

  #geometry(at: number, geometry: Geometry, depth: number): number {
    const nameEnd = this.#word(at);
    const [, name = '', attached] = TYPE_WITH_DIMENSIONS.exec(this.#text(at, nameEnd)) ?? [];
    const type = TYPES.get(name);
    if (type === undefined) throw unknownType(name);
    let next = this.#space(nameEnd);
    let tag = attached;
    const tagEnd = this.#word(next);
    if (tag === undefined && DIMENSIONS.has(this.#text(next, tagEnd))) {
      tag = this.#text(next, tagEnd);
      next = this.#space(tagEnd);
    }
    const dimensions = (tag ?? 'shown') as Dimensions;
    // A collection may say it for its members.
    if (depth === 0 || dimensions !== 'shown') this.#dimensions = dimensions;
    geometry.begin(type);
    const empty = this.#empty(next);
    return empty ?? this.#content(next, type, geometry, depth);
  }

  #content(at: number, type: GeometryType, geometry: Geometry, depth: number): number {
    switch (type) {
      case GEOMETRY_TYPES.point: {
        const next = this.#space(this.#position(this.#open(at), geometry));
        if (this.#bytes[next] !== CLOSE_PARENTHESIS) throw syntax('a point has more than one position');
        return next + 1;
      }
      case GEOMETRY_TYPES.lineString:
        return this.#line(at, geometry, LEAST_OF_LINE);
      case GEOMETRY_TYPES.polygon:
        return this.#polygon(at, geometry);
      case GEOMETRY_TYPES.multiPoint:
        return this.#list(at, (next) => this.#pointOfMany(next, geometry));
      case GEOMETRY_TYPES.multiLineString:
        return this.#list(at, (next) => this.#part(next) ?? this.#line(next, geometry, LEAST_OF_LINE));
      case GEOMETRY_TYPES.multiPolygon:
        return this.#list(at, (next) => this.#part(next) ?? this.#polygon(next, geometry));
      case GEOMETRY_TYPES.geometryCollection: {
        if (depth === MAX_COLLECTION_DEPTH) throw tooDeep();
        const dimensions = this.#dimensions;
        return this.#list(at, (next) => {
          this.#dimensions = dimensions;
          return this.#geometry(next, geometry.addMember(GEOMETRY_TYPES.none), depth + 1);
        });
      }
      default:
        throw unknownType('');
    }
  }

  /** Members in parentheses, with commas between them. */
  #list(at: number, member: (at: number) => number): number {
    let next = this.#open(at);
    for (;;) {
      next = this.#space(member(next));
      if (this.#bytes[next] === CLOSE_PARENTHESIS) return next + 1;
      if (this.#bytes[next] !== COMMA) throw syntax('a comma or a closing parenthesis is missing');
      next = this.#space(next + 1);
    }
  }

  #polygon(at: number, geometry: Geometry): number {
    const before = geometry.lines;
    let isOuterEmpty = false;
    const next = this.#list(at, (ring) => {
      const empty = this.#part(ring);
      isOuterEmpty ||= empty !== undefined && geometry.lines === before;
      return empty ?? this.#line(ring, geometry, LEAST_OF_RING);
    });
    if (geometry.lines === before) return next;
    // The ring within it would become the outer one.
    if (isOuterEmpty) throw outerRingEmpty();
    geometry.endPolygon();
    return next;
  }

  /** Behind `EMPTY` as a part of something; undefined where there is a part. */
  #part(at: number): number | undefined {
    const end = this.#empty(at);
    this.hasEmptyParts ||= end !== undefined;
    return end;
  }

  #line(at: number, geometry: Geometry, least: number): number {
    const bytes = this.#bytes;
    const before = geometry.vertices;
    let next = this.#open(at);
    for (;;) {
      next = this.#position(next, geometry);
      if (bytes[next]! <= SPACE) next = this.#space(next);
      if (bytes[next] === CLOSE_PARENTHESIS) break;
      if (bytes[next] !== COMMA) throw syntax('a comma or a closing parenthesis is missing');
      next += 1;
    }
    const count = geometry.vertices - before;
    if (count < least) throw least === LEAST_OF_RING ? ringTooShort(count) : lineTooShort(count);
    geometry.endLine();
    return next + 1;
  }

  /** A point of a multipoint: with parentheses, as the standard has it, or without. */
  #pointOfMany(at: number, geometry: Geometry): number {
    const empty = this.#part(at);
    if (empty !== undefined) return empty;
    if (this.#bytes[at] !== OPEN_PARENTHESIS) return this.#position(at, geometry);
    const next = this.#space(this.#position(this.#open(at), geometry));
    if (this.#bytes[next] !== CLOSE_PARENTHESIS) throw syntax('a point has more than one position');
    return next + 1;
  }

  #position(at: number, geometry: Geometry): number {
    const bytes = this.#bytes;
    const index = geometry.vertices;
    geometry.reserve(index + 1);
    const { xy } = geometry;
    let next = bytes[at]! <= SPACE ? this.#space(at) : at;
    next = readNumber(bytes, next, xy, 2 * index, true);
    if (next === NOT_A_NUMBER || !isSpace(bytes[next]!)) throw syntax('a position is not two numbers or more');
    next = bytes[next + 1]! <= SPACE ? this.#space(next + 1) : next + 1;
    next = readNumber(bytes, next, xy, 2 * index + 1, true);
    if (next === NOT_A_NUMBER) throw syntax('a position is not two numbers or more');
    if (!Number.isFinite(xy[2 * index]!) || !Number.isFinite(xy[2 * index + 1]!)) throw outOfRange();
    geometry.vertices = index + 1;
    const isFlat = bytes[next] === COMMA || bytes[next] === CLOSE_PARENTHESIS;
    if (!isFlat || this.#dimensions !== 'shown') return this.#furtherOrdinates(next, geometry);
    if (geometry.hasZ) geometry.z[index] = NaN;
    if (geometry.hasM) geometry.m[index] = NaN;
    return next;
  }

  #furtherOrdinates(at: number, geometry: Geometry): number {
    const last = geometry.vertices - 1;
    if (geometry.hasZ) geometry.z[last] = NaN;
    if (geometry.hasM) geometry.m[last] = NaN;
    const dimensions = this.#dimensions;
    let count = 0;
    let next = this.#space(at);
    while (this.#bytes[next] !== COMMA && this.#bytes[next] !== CLOSE_PARENTHESIS) {
      next = this.#space(this.#readOrdinate(next));
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
    const end = readNumber(this.#bytes, at, this.#ordinate, 0, true);
    if (end !== NOT_A_NUMBER) {
      if (!Number.isFinite(this.#ordinate[0]!)) throw outOfRange();
      return end;
    }
    const wordEnd = this.#word(at);
    if (this.#text(at, wordEnd) !== 'NAN') throw syntax('a coordinate is no number');
    this.#ordinate[0] = NaN;
    return wordEnd;
  }

  #open(at: number): number {
    if (this.#bytes[at] !== OPEN_PARENTHESIS) throw syntax('an opening parenthesis is missing');
    return this.#bytes[at + 1]! <= SPACE ? this.#space(at + 1) : at + 1;
  }

  /** Behind the word `EMPTY`; undefined where something else stands. */
  #empty(at: number): number | undefined {
    if (this.#bytes[at] === OPEN_PARENTHESIS) return undefined;
    const end = this.#word(at);
    return this.#text(at, end) === 'EMPTY' ? end : undefined;
  }

  #word(at: number): number {
    let end = at;
    while (isLetter(this.#bytes[end]!) && end - at < MAX_WORD_BYTES) end += 1;
    return end;
  }

  #text(start: number, end: number): string {
    return this.#bytes.toString('latin1', start, end).toUpperCase();
  }

  #space(at: number): number {
    let next = at;
    while (isSpace(this.#bytes[next]!)) next += 1;
    return next;
  }
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

function syntax(reason: string): FeatureDefect {
  return new FeatureDefect('wkt-syntax', `The geometry is not valid WKT: ${reason}.`);
}

function unknownType(name: string): FeatureDefect {
  if (CURVES.has(name)) {
    return new FeatureDefect('wkt-curve-unsupported', `A ${name} is not read; convert it to straight lines.`);
  }
  return new FeatureDefect('wkt-type-unknown', 'The geometry is not WKT: it does not begin with a type of geometry.');
}

function wrongDimensions(): FeatureDefect {
  return new FeatureDefect('wkt-dimensions', 'A position does not have as many numbers as its geometry says.');
}

function tooDeep(): FeatureDefect {
  return new FeatureDefect(
    'geometry-too-deep',
    `A geometry collection is nested more than ${MAX_COLLECTION_DEPTH} levels deep.`,
  );
}
