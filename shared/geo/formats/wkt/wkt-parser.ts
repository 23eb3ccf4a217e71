import { GEOMETRY_TYPES, type Geometry, type GeometryType } from '../../features/geometry.ts';
import { SEMICOLON } from '../text/characters.ts';
import { FeatureDefect } from '../text/feature-defect.ts';
import {
  collectionTooDeep,
  lineTooShort,
  outerRingEmpty,
  ringTooShort,
  tooManyMembers,
} from '../text/geometry-defects.ts';
import { MAX_COLLECTION_DEPTH, MAX_COLLECTION_MEMBERS } from '../text/limits.ts';
import { NOT_A_NUMBER, readNumber } from '../text/read-number.ts';
import { CurveParser } from './curve-parser.ts';
import { PositionParser } from './position-parser.ts';
import { WktScanner, wktSyntax, type WktHead } from './wkt-scanner.ts';

/** What each type becomes: curves become lines, a triangle a polygon, patches the polygons that they are. */
const TYPES: ReadonlyMap<string, GeometryType> = new Map([
  ['POINT', GEOMETRY_TYPES.point],
  ['LINESTRING', GEOMETRY_TYPES.lineString],
  ['LINEARRING', GEOMETRY_TYPES.lineString],
  ['CIRCULARSTRING', GEOMETRY_TYPES.lineString],
  ['COMPOUNDCURVE', GEOMETRY_TYPES.lineString],
  ['POLYGON', GEOMETRY_TYPES.polygon],
  ['CURVEPOLYGON', GEOMETRY_TYPES.polygon],
  ['TRIANGLE', GEOMETRY_TYPES.polygon],
  ['MULTIPOINT', GEOMETRY_TYPES.multiPoint],
  ['MULTILINESTRING', GEOMETRY_TYPES.multiLineString],
  ['MULTICURVE', GEOMETRY_TYPES.multiLineString],
  ['MULTIPOLYGON', GEOMETRY_TYPES.multiPolygon],
  ['MULTISURFACE', GEOMETRY_TYPES.multiPolygon],
  ['POLYHEDRALSURFACE', GEOMETRY_TYPES.multiPolygon],
  ['TIN', GEOMETRY_TYPES.multiPolygon],
  ['GEOMETRYCOLLECTION', GEOMETRY_TYPES.geometryCollection],
]);
const SRID = 'SRID=';

const LEAST_OF_LINE = 2;
const LEAST_OF_RING = 4;

/**
 * Reads well-known text (OGC 06-103r4, 7.2, and ISO/IEC 13249-3 for curves) from bytes straight into a `Geometry`: that
 * of the OGC and of ISO (`POINT Z`), and of PostGIS (`SRID=…;`, `POINTM`, heights without a tag), in capitals or not. Empty
 * parts of multi geometries are left out. One parser serves all geometries of a source.
 */
export class WktParser {
  /** SRID of the geometry read last, where it had one. */
  srid: number | undefined;
  /** The geometry read last had parts without positions: they are left out. */
  hasEmptyParts = false;
  readonly #scanner = new WktScanner();
  readonly #positions = new PositionParser(this.#scanner);
  readonly #curves = new CurveParser(this.#scanner, this.#positions);
  readonly #number = new Float64Array(1);
  /** Members of collections so far. */
  #members = 0;

  /**
   * @param bytes from `start` to `end`, where there must be a zero byte
   * @throws FeatureDefect for what is no geometry, or one with something behind it
   */
  parse(bytes: Buffer, start: number, end: number, geometry: Geometry): void {
    const scanner = this.#scanner;
    scanner.bytes = bytes;
    this.srid = undefined;
    this.hasEmptyParts = false;
    this.#members = 0;
    const first = this.#readSrid(scanner.space(start));
    const last = scanner.space(this.#geometry(first, geometry, 0));
    if (last !== end) throw wktSyntax('something follows the geometry');
  }

  #readSrid(at: number): number {
    const { bytes } = this.#scanner;
    if (this.#scanner.text(at, at + SRID.length) !== SRID) return at;
    const end = readNumber(bytes, at + SRID.length, this.#number, 0);
    const srid = this.#number[0]!;
    const isSrid = end !== NOT_A_NUMBER && bytes[end] === SEMICOLON && Number.isSafeInteger(srid);
    if (!isSrid) throw wktSyntax('its SRID is no number');
    this.srid = srid;
    return this.#scanner.space(end + 1);
  }

  #head(at: number): WktHead & { type: GeometryType } {
    const head = this.#scanner.head(at);
    const type = TYPES.get(head.name);
    if (type === undefined) throw unknownType();
    return { ...head, type };
  }

  #geometry(at: number, geometry: Geometry, depth: number): number {
    const head = this.#head(at);
    // A collection may say it for its members.
    if (depth === 0 || head.dimensions !== 'shown') this.#positions.dimensions = head.dimensions;
    geometry.begin(head.type);
    return this.#scanner.empty(head.end) ?? this.#content(head, geometry, depth);
  }

  #content({ name, type, end }: WktHead & { type: GeometryType }, geometry: Geometry, depth: number): number {
    const scanner = this.#scanner;
    switch (type) {
      case GEOMETRY_TYPES.point:
        return this.#point(end, geometry);
      case GEOMETRY_TYPES.lineString:
        return this.#line(name, end, geometry, LEAST_OF_LINE);
      case GEOMETRY_TYPES.polygon:
        return this.#polygon(end, geometry);
      case GEOMETRY_TYPES.multiPoint:
        return scanner.list(end, (next) => this.#part(next) ?? this.#pointOfMany(next, geometry));
      case GEOMETRY_TYPES.multiLineString:
        return scanner.list(end, (next) => this.#part(next) ?? this.#lineOfMany(next, geometry, LEAST_OF_LINE));
      case GEOMETRY_TYPES.multiPolygon:
        return scanner.list(end, (next) => this.#part(next) ?? this.#polygonOfMany(next, geometry));
      default:
        return this.#collection(end, geometry, depth);
    }
  }

  #collection(at: number, geometry: Geometry, depth: number): number {
    if (depth === MAX_COLLECTION_DEPTH) throw collectionTooDeep();
    const { dimensions } = this.#positions;
    return this.#scanner.list(at, (next) => {
      this.#members += 1;
      if (this.#members > MAX_COLLECTION_MEMBERS) throw tooManyMembers();
      this.#positions.dimensions = dimensions;
      return this.#geometry(next, geometry.addMember(GEOMETRY_TYPES.none), depth + 1);
    });
  }

  #polygonOfMany(at: number, geometry: Geometry): number {
    if (this.#scanner.isOpen(at)) return this.#polygon(at, geometry);
    const { type, end } = this.#head(at);
    if (type !== GEOMETRY_TYPES.polygon) throw unknownType();
    return this.#part(end) ?? this.#polygon(end, geometry);
  }

  #polygon(at: number, geometry: Geometry): number {
    const before = geometry.lines;
    let isOuterEmpty = false;
    const next = this.#scanner.list(at, (ring) => {
      const empty = this.#part(ring);
      isOuterEmpty ||= empty !== undefined && geometry.lines === before;
      return empty ?? this.#lineOfMany(ring, geometry, LEAST_OF_RING);
    });
    if (geometry.lines === before) return next;
    // The ring within it would become the outer one.
    if (isOuterEmpty) throw outerRingEmpty();
    geometry.endPolygon();
    return next;
  }

  /** A line or ring: as positions, or as a curve with its type. */
  #lineOfMany(at: number, geometry: Geometry, least: number): number {
    if (this.#scanner.isOpen(at)) return this.#line('LINESTRING', at, geometry, least);
    const { name, type, end } = this.#head(at);
    if (type !== GEOMETRY_TYPES.lineString) throw unknownType();
    return this.#part(end) ?? this.#line(name, end, geometry, least);
  }

  #line(name: string, at: number, geometry: Geometry, least: number): number {
    const before = geometry.vertices;
    const isCurve = name === 'CIRCULARSTRING' || name === 'COMPOUNDCURVE';
    const next = isCurve ? this.#curves.parse(name, at, geometry, before) : this.#positions.positions(at, geometry);
    const count = geometry.vertices - before;
    if (count < least) throw least === LEAST_OF_RING ? ringTooShort(count) : lineTooShort(count);
    geometry.endLine();
    return next;
  }

  /** A point of a multipoint: with parentheses, as the standard has it, or without. */
  #pointOfMany(at: number, geometry: Geometry): number {
    return this.#scanner.isOpen(at) ? this.#point(at, geometry) : this.#positions.position(at, geometry);
  }

  #point(at: number, geometry: Geometry): number {
    const end = this.#positions.position(this.#scanner.open(at), geometry);
    return this.#scanner.close(end, 'a point has more than one position');
  }

  /** Behind `EMPTY` as a part of something; undefined where there is a part. */
  #part(at: number): number | undefined {
    const end = this.#scanner.empty(at);
    this.hasEmptyParts ||= end !== undefined;
    return end;
  }
}

function unknownType(): FeatureDefect {
  return new FeatureDefect('wkt-type-unknown', 'The text is no geometry: a type of WKT is missing or unknown.');
}
