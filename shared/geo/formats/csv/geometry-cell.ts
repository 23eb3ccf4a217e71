import { GEOMETRY_TYPES, type Geometry } from '../../features/geometry.ts';
import { FeatureError } from '../feature-error.ts';
import { CoordinatesParser } from '../geojson/coordinates-parser.ts';
import { GeometryParser } from '../geojson/geometry-parser.ts';
import { JsonScanner } from '../geojson/json-scanner.ts';
import { isSpace, OPEN_BRACE, ZERO } from '../text/characters.ts';
import { FeatureDefect, InputEnds } from '../text/feature-defect.ts';
import { WkbReader } from '../wkb/wkb-reader.ts';
import { WktParser } from '../wkt/wkt-parser.ts';

/** Reads geometries of cells: WKT, WKB in hexadecimal digits, or GeoJSON, whichever each cell holds. */
export class GeometryCell {
  /** SRID of the geometry read last, where it had one. */
  srid: number | undefined;
  hasEmptyParts = false;
  hasExtraNumbers = false;
  readonly #wkt = new WktParser();
  readonly #wkb = new WkbReader();
  readonly #scanner = new JsonScanner();
  readonly #coordinates = new CoordinatesParser(this.#scanner);
  readonly #geoJson = new GeometryParser(this.#scanner, this.#coordinates);

  /**
   * @param bytes of the cell from `start` to `end`; the byte at `end` is zero for the time of the call
   * @throws FeatureDefect for what is no geometry
   */
  read(bytes: Buffer<ArrayBuffer>, start: number, end: number, geometry: Geometry): void {
    this.srid = undefined;
    this.hasEmptyParts = false;
    this.hasExtraNumbers = false;
    let first = start;
    let last = end;
    while (first < last && isSpace(bytes[first]!)) first += 1;
    while (last > first && isSpace(bytes[last - 1]!)) last -= 1;
    if (first === last) return geometry.begin(GEOMETRY_TYPES.none);
    const behind = bytes[last]!;
    bytes[last] = 0;
    try {
      if (bytes[first] === OPEN_BRACE) this.#readGeoJson(bytes, first, last, geometry);
      else if (bytes[first] === ZERO) this.#readWkb(bytes, first, last, geometry);
      else this.#readWkt(bytes, first, last, geometry);
    } finally {
      bytes[last] = behind;
    }
  }

  #readWkt(bytes: Buffer, start: number, end: number, geometry: Geometry): void {
    this.#wkt.parse(bytes, start, end, geometry);
    this.srid = this.#wkt.srid;
    this.hasEmptyParts = this.#wkt.hasEmptyParts;
  }

  #readGeoJson(bytes: Buffer<ArrayBuffer>, start: number, end: number, geometry: Geometry): void {
    this.#scanner.bytes = bytes;
    this.#scanner.limit = end;
    this.#coordinates.hasEmptyParts = false;
    this.#coordinates.hasExtraNumbers = false;
    try {
      if (this.#geoJson.parse(start, geometry) !== end) throw notJson('something follows its end');
    } catch (error) {
      if (error instanceof InputEnds) throw notJson('it ends early');
      throw error;
    }
    this.hasEmptyParts = this.#coordinates.hasEmptyParts;
    this.hasExtraNumbers = this.#coordinates.hasExtraNumbers;
  }

  #readWkb(bytes: Buffer, start: number, end: number, geometry: Geometry): void {
    const digits = end - start;
    const binary = Buffer.from(bytes.toString('latin1', start, end), 'hex');
    // It stops at what is no digit.
    if (2 * binary.length !== digits) {
      throw new FeatureDefect('wkb-hex-invalid', 'The geometry is not made of pairs of hexadecimal digits.');
    }
    try {
      if (this.#wkb.read(binary, 0, binary.length, geometry) !== binary.length) {
        throw new FeatureDefect('wkb-trailing-bytes', 'Something follows the geometry.');
      }
    } catch (error) {
      if (error instanceof FeatureError) throw new FeatureDefect(error.code, error.detail);
      throw error;
    }
    this.srid = this.#wkb.srid;
  }
}

function notJson(reason: string): FeatureDefect {
  return new FeatureDefect('json-syntax', `The geometry is not valid JSON: ${reason}.`);
}
