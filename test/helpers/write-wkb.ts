/** A geometry to be written, in the form of RFC 7946, and of the same form for what that does not have. */
export interface PlainGeometry {
  type: keyof typeof CODES;
  /** Positions are [x, y], [x, y, z] or [x, y, z, m]; z is left out of the bytes where the dimensions have none. */
  coordinates?: unknown;
  /** Members of a collection, segments of a compound curve, rings of a curve polygon, and so on. */
  geometries?: PlainGeometry[];
}

export type Dimensions = 'xy' | 'xyz' | 'xym' | 'xyzm';

export interface WkbOptions {
  littleEndian?: boolean;
  /** How dimensions are told: thousands of the type (ISO), or high bits (EWKB, with an SRID if there is one). */
  flavour?: 'iso' | 'ewkb';
  dimensions?: Dimensions;
  srid?: number;
}

const CODES = {
  Point: 1,
  LineString: 2,
  Polygon: 3,
  MultiPoint: 4,
  MultiLineString: 5,
  MultiPolygon: 6,
  GeometryCollection: 7,
  CircularString: 8,
  CompoundCurve: 9,
  CurvePolygon: 10,
  MultiCurve: 11,
  MultiSurface: 12,
  PolyhedralSurface: 15,
  TIN: 16,
  Triangle: 17,
} as const;

/** Members whose type the multi-geometry tells. */
const MEMBERS = {
  MultiPoint: 'Point',
  MultiLineString: 'LineString',
  MultiPolygon: 'Polygon',
  PolyhedralSurface: 'Polygon',
  TIN: 'Triangle',
} as const;

/** Writes well-known binary by OGC 06-103r4 (8.2) and the manual of PostGIS, apart from the code under test. */
export function writeWkb(geometry: PlainGeometry, options: WkbOptions = {}): Buffer {
  const { littleEndian = true, flavour = 'iso', dimensions = 'xy', srid } = options;
  const parts: Buffer[] = [];
  const uint32 = (value: number): void => {
    const bytes = Buffer.alloc(4);
    if (littleEndian) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    parts.push(bytes);
  };
  const double = (value: number): void => {
    const bytes = Buffer.alloc(8);
    if (littleEndian) bytes.writeDoubleLE(value);
    else bytes.writeDoubleBE(value);
    parts.push(bytes);
  };
  const header = (type: keyof typeof CODES, isOutermost: boolean): void => {
    parts.push(Buffer.of(littleEndian ? 1 : 0));
    const hasZ = dimensions.includes('z');
    const hasM = dimensions.includes('m');
    const hasSrid = flavour === 'ewkb' && srid !== undefined && isOutermost;
    if (flavour === 'iso') uint32(CODES[type] + (hasZ ? 1000 : 0) + (hasM ? 2000 : 0));
    else uint32(CODES[type] + (hasZ ? 2 ** 31 : 0) + (hasM ? 2 ** 30 : 0) + (hasSrid ? 2 ** 29 : 0));
    if (hasSrid) uint32(srid);
  };
  const position = (values: readonly number[]): void => {
    double(values[0] ?? NaN);
    double(values[1] ?? NaN);
    if (dimensions.includes('z')) double(values[2] ?? NaN);
    if (dimensions.includes('m')) double(values[3] ?? NaN);
  };
  const line = (positions: readonly number[][]): void => {
    uint32(positions.length);
    positions.forEach(position);
  };
  const write = ({ type, coordinates, geometries }: PlainGeometry, isOutermost: boolean): void => {
    header(type, isOutermost);
    switch (type) {
      case 'Point':
        position(coordinates as number[]);
        return;
      case 'LineString':
      case 'CircularString':
        line(coordinates as number[][]);
        return;
      case 'Polygon':
      case 'Triangle':
        uint32((coordinates as unknown[]).length);
        (coordinates as number[][][]).forEach(line);
        return;
      case 'MultiPoint':
      case 'MultiLineString':
      case 'MultiPolygon':
      case 'PolyhedralSurface':
      case 'TIN':
        uint32((coordinates as unknown[]).length);
        for (const member of coordinates as unknown[]) write({ type: MEMBERS[type], coordinates: member }, false);
        return;
      default:
        uint32(geometries!.length);
        for (const member of geometries!) write(member, false);
    }
  };
  write(geometry, true);
  return Buffer.concat(parts);
}
