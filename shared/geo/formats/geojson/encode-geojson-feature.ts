import type { Column } from '../../features/column.ts';
import { GEOMETRY_NAMES, GEOMETRY_TYPES } from '../../features/geometry.ts';
import type { GrowableBuffer } from '../../features/growable-buffer.ts';
import { PropertyReader } from '../../features/property-reader.ts';
import type { StoredFeature } from '../../features/stored-feature.ts';
import type { StoredGeometry } from '../../features/stored-geometry.ts';

/** Positions are gathered to texts of about so many characters before they are encoded. */
const TEXT_LENGTH = 8192;

/** What GeoJSON has no place for, counted in features or values. */
export interface LeftOut {
  /** Features whose m is left out: a position has at most three numbers (RFC 7946, 3.1.1). */
  measures: number;
  /** Values that are NaN or infinite, and are written as null. */
  nonFinite: number;
}

/**
 * Writes features as GeoJSON (RFC 7946), each in one line. Numbers have as many digits as a double needs. A column with integers
 * beyond 53 bits is written as texts throughout, since most readers would round them; dates are ISO 8601 texts, binary is base64.
 */
export class GeoJsonFeatureEncoder {
  readonly leftOut: LeftOut = { measures: 0, nonFinite: 0 };
  readonly #columns: readonly Column[];
  /** Names of the members with quotes and colon, by column. */
  readonly #members: readonly string[];
  readonly #reader: PropertyReader;
  readonly #idColumn: number;
  /** Whether the feature, or a member of it, has m. */
  #hasMeasures = false;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#reader = new PropertyReader(columns.map(({ type }) => type));
    this.#members = columns.map(({ name }) => `${JSON.stringify(name)}:`);
    this.#idColumn = columns.findIndex(({ isFeatureId }) => isFeatureId);
  }

  /** Writes a feature and a line feed. */
  encode(out: GrowableBuffer, feature: StoredFeature): void {
    out.putText('{"type":"Feature",');
    if (this.#idColumn >= 0) this.#encodeId(out, feature);
    out.putText('"properties":{');
    this.#encodeProperties(out, feature);
    out.putText('},"geometry":');
    const { geometry } = feature;
    if (geometry === undefined) {
      out.putText('null');
    } else {
      this.#hasMeasures = false;
      this.#encodeGeometry(out, geometry);
      if (this.#hasMeasures) this.leftOut.measures++;
    }
    out.putText('}\n');
  }

  #encodeId(out: GrowableBuffer, feature: StoredFeature): void {
    this.#reader.begin(feature);
    while (this.#reader.next()) {
      if (this.#reader.column !== this.#idColumn) continue;
      out.putText('"id":');
      this.#encodeValue(out, feature);
      out.putText(',');
    }
  }

  #encodeProperties(out: GrowableBuffer, feature: StoredFeature): void {
    const reader = this.#reader;
    reader.begin(feature);
    let isFirst = true;
    while (reader.next()) {
      if (reader.column === this.#idColumn) continue;
      if (!isFirst) out.putText(',');
      isFirst = false;
      out.putText(this.#members[reader.column]!);
      this.#encodeValue(out, feature);
    }
  }

  #encodeValue(out: GrowableBuffer, feature: StoredFeature): void {
    const reader = this.#reader;
    const { type, isUnsafe, isFeatureId } = this.#columns[reader.column]!;
    switch (type) {
      case 'boolean':
        out.putText(reader.toBoolean() ? 'true' : 'false');
        break;
      case 'int32':
        out.putText(String(reader.toInt32()));
        break;
      case 'int64':
        out.putText(isUnsafe ? `"${reader.toBigInt()}"` : reader.toBigInt().toString());
        break;
      case 'double': {
        const value = reader.toNumber();
        if (!Number.isFinite(value)) this.leftOut.nonFinite++;
        out.putText(Number.isFinite(value) ? numberText(value) : 'null');
        break;
      }
      case 'json':
        // An identifier is a text or a number (RFC 7946, 3.2).
        if (isFeatureId) out.putText(JSON.stringify(reader.toText()));
        else putJson(out, feature.bytes, reader.start, reader.end);
        break;
      case 'date-time':
        out.putText(`"${reader.toText().replace(' ', 'T')}"`);
        break;
      default:
        out.putText(JSON.stringify(reader.toText()));
    }
  }

  #encodeGeometry(out: GrowableBuffer, geometry: StoredGeometry): void {
    const { type } = geometry;
    out.putText(`{"type":"${GEOMETRY_NAMES[type]}",`);
    if (type === GEOMETRY_TYPES.geometryCollection) {
      out.putText('"geometries":[');
      let member: StoredGeometry | undefined;
      for (let index = 0; index < geometry.members; index++) {
        if (index > 0) out.putText(',');
        member = geometry.member(member);
        this.#encodeGeometry(out, member);
      }
      out.putText(']}');
      return;
    }
    this.#hasMeasures ||= geometry.hasM;
    out.putText('"coordinates":');
    this.#encodeCoordinates(out, geometry);
    out.putText('}');
  }

  #encodeCoordinates(out: GrowableBuffer, geometry: StoredGeometry): void {
    const { uint32 } = geometry.views;
    switch (geometry.type) {
      case GEOMETRY_TYPES.point:
        if (geometry.vertices === 0) out.putText('[]');
        else out.putText(positionText(geometry, 0));
        break;
      case GEOMETRY_TYPES.lineString:
      case GEOMETRY_TYPES.multiPoint:
        putPositions(out, geometry, 0, geometry.vertices);
        break;
      case GEOMETRY_TYPES.multiPolygon: {
        out.putText('[');
        let line = 0;
        for (let polygon = 0; polygon < geometry.polygons; polygon++) {
          const end = uint32[geometry.polygonEnds + polygon]!;
          if (polygon > 0) out.putText(',');
          putLines(out, geometry, line, end);
          line = end;
        }
        out.putText(']');
        break;
      }
      default:
        putLines(out, geometry, 0, geometry.lines);
    }
  }
}

function putLines(out: GrowableBuffer, geometry: StoredGeometry, first: number, end: number): void {
  const { uint32 } = geometry.views;
  let vertex = first === 0 ? 0 : uint32[geometry.lineEnds + first - 1]!;
  out.putText('[');
  for (let line = first; line < end; line++) {
    if (line > first) out.putText(',');
    const vertexEnd = uint32[geometry.lineEnds + line]!;
    putPositions(out, geometry, vertex, vertexEnd);
    vertex = vertexEnd;
  }
  out.putText(']');
}

function putPositions(out: GrowableBuffer, geometry: StoredGeometry, first: number, end: number): void {
  let text = '[';
  for (let vertex = first; vertex < end; vertex++) {
    if (vertex > first) text += ',';
    text += positionText(geometry, vertex);
    if (text.length < TEXT_LENGTH) continue;
    out.putText(text);
    text = '';
  }
  out.putText(`${text}]`);
}

function positionText(geometry: StoredGeometry, vertex: number): string {
  const { float64 } = geometry.views;
  const x = numberText(float64[geometry.xy + 2 * vertex]!);
  const y = numberText(float64[geometry.xy + 2 * vertex + 1]!);
  const z = geometry.hasZ ? float64[geometry.z + vertex]! : NaN;
  return z === z ? `[${x},${y},${numberText(z)}]` : `[${x},${y}]`;
}

/** The shortest text that reads as the same double, a negative zero included. */
function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** JSON as it stood: line breaks between its tokens become spaces, so that the feature stays in one line. */
function putJson(out: GrowableBuffer, bytes: Uint8Array, start: number, end: number): void {
  out.ensure(end - start);
  const from = out.length;
  out.put(bytes, start, end);
  for (let position = from; position < out.length; position++) {
    const byte = out.bytes[position];
    if (byte === 0x0a || byte === 0x0d) out.bytes[position] = 0x20;
  }
}
