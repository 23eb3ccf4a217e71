/** A shape to be written: parts as of the ESRI Shapefile Technical Description. Positions are [x, y, z?, m?]. */
export interface PlainShape {
  /** Code of the type, such as 5 for a polygon. */
  type: number;
  /** One list of positions for each part; for points one with all of them. */
  parts?: readonly (readonly (readonly number[])[])[];
  /** Types of the parts of a multipatch. */
  partTypes?: readonly number[];
  /** Leaves measures out where they may be. */
  withoutMeasures?: boolean;
}

export interface PlainDbfField {
  name: string;
  /** One letter. */
  type: string;
  length: number;
  decimals?: number;
}

export interface ShapefileBytes {
  shp: Buffer;
  shx: Buffer;
}

const HEADER_BYTES = 100;
const POINTS = new Set([1, 11, 21]);
const MULTIPOINTS = new Set([8, 18, 28]);
const MEASURED = new Set([21, 23, 25, 28]);
const HIGH = new Set([11, 13, 15, 18, 31]);

/** Measure that counts as none. */
const NO_MEASURE = -1e39;

/** Writes .shp and .shx by the ESRI Shapefile Technical Description, apart from the code under test. */
export function writeShapefile(type: number, shapes: readonly PlainShape[]): ShapefileBytes {
  const contents = shapes.map(shapeContent);
  const shp = [
    header(
      type,
      contents.reduce((sum, content) => sum + 8 + content.length, HEADER_BYTES),
    ),
  ];
  const shx = [header(type, HEADER_BYTES + 8 * contents.length)];
  let offset = HEADER_BYTES;
  contents.forEach((content, index) => {
    shp.push(int32BE(index + 1), int32BE(content.length / 2), content);
    shx.push(int32BE(offset / 2), int32BE(content.length / 2));
    offset += 8 + content.length;
  });
  return { shp: Buffer.concat(shp), shx: Buffer.concat(shx) };
}

function header(type: number, length: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeInt32BE(9994, 0);
  bytes.writeInt32BE(length / 2, 24);
  bytes.writeInt32LE(1000, 28);
  bytes.writeInt32LE(type, 32);
  return bytes;
}

export function shapeContent({ type, parts = [], partTypes = [], withoutMeasures = false }: PlainShape): Buffer {
  if (type === 0) return int32LE(0);
  const points = parts.flat();
  const ordinates = (index: number, missing: number) =>
    Buffer.concat(points.map((point) => double(point[index] ?? missing)));
  const xy = Buffer.concat(points.map(([x, y]) => Buffer.concat([double(x!), double(y!)])));
  const hasZ = HIGH.has(type);
  const hasM = MEASURED.has(type) || (hasZ && !withoutMeasures);
  if (POINTS.has(type)) {
    return Buffer.concat([
      int32LE(type),
      xy,
      ...(hasZ ? [ordinates(2, 0)] : []),
      ...(hasM ? [ordinates(3, NO_MEASURE)] : []),
    ]);
  }
  const range = Buffer.alloc(16);
  return Buffer.concat([
    int32LE(type),
    Buffer.alloc(32),
    ...(MULTIPOINTS.has(type) ? [] : [int32LE(parts.length)]),
    int32LE(points.length),
    ...(MULTIPOINTS.has(type) ? [] : firstPoints(parts).map(int32LE)),
    ...partTypes.map(int32LE),
    xy,
    ...(hasZ ? [range, ordinates(2, 0)] : []),
    ...(hasM ? [range, ordinates(3, NO_MEASURE)] : []),
  ]);
}

function firstPoints(parts: NonNullable<PlainShape['parts']>): number[] {
  let points = 0;
  return parts.map(({ length }) => (points += length) - length);
}

/** Writes a .dbf of dBASE III; values are the bytes or texts of their fields, right-aligned for numbers. */
export function writeDbf(
  fields: readonly PlainDbfField[],
  rows: readonly (readonly (string | Buffer | null)[])[],
  { languageDriver = 0, version = 3, deleted = [] as readonly number[] } = {},
): Buffer {
  const rowBytes = 1 + fields.reduce((sum, { length }) => sum + length, 0);
  const head = Buffer.alloc(32);
  head[0] = version;
  head.writeUInt32LE(rows.length, 4);
  head.writeUInt16LE(32 + 32 * fields.length + 1, 8);
  head.writeUInt16LE(rowBytes, 10);
  head[29] = languageDriver;
  const descriptors = fields.map(({ name, type, length, decimals = 0 }) => {
    const bytes = Buffer.alloc(32);
    bytes.write(name, 0, 11, 'latin1');
    bytes.write(type, 11, 'latin1');
    bytes[16] = length % 256;
    bytes[17] = type === 'C' ? Math.floor(length / 256) : decimals;
    return bytes;
  });
  const body = rows.map((row, number) => {
    const bytes = Buffer.alloc(rowBytes, 0x20);
    if (deleted.includes(number)) bytes[0] = 0x2a;
    let at = 1;
    fields.forEach(({ type, length }, column) => {
      const value = row[column] ?? '';
      const content = typeof value === 'string' ? Buffer.from(value) : value;
      content.copy(bytes, 'NF'.includes(type) ? at + Math.max(0, length - content.length) : at, 0, length);
      at += length;
    });
    return bytes;
  });
  return Buffer.concat([head, ...descriptors, Buffer.of(0x0d), ...body, Buffer.of(0x1a)]);
}

function int32BE(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int32LE(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}
