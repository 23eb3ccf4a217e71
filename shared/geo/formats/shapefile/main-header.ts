import { notAShapefile } from './errors.ts';

export const HEADER_BYTES = 100;
const FILE_CODE = 9994;
const VERSION = 1000;

/** Types of shapes (ESRI Shapefile Technical Description, July 1998). */
export const SHAPE = {
  null: 0,
  point: 1,
  polyLine: 3,
  polygon: 5,
  multiPoint: 8,
  pointZ: 11,
  polyLineZ: 13,
  polygonZ: 15,
  multiPointZ: 18,
  pointM: 21,
  polyLineM: 23,
  polygonM: 25,
  multiPointM: 28,
  multiPatch: 31,
} as const;

const TYPES: ReadonlySet<number> = new Set(Object.values(SHAPE));

export const isShapeType = (type: number): boolean => TYPES.has(type);

/** Header of .shp and .shx. */
export interface MainHeader {
  shapeType: number;
  /** Bytes that the file has by its own account; not to be believed. */
  length: number;
}

/**
 * @param bytes the first hundred of the file
 * @throws LonghaulError `not-a-shapefile` (final)
 */
export function parseMainHeader(bytes: Uint8Array): MainHeader {
  if (bytes.length < HEADER_BYTES) throw notAShapefile(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getInt32(0) !== FILE_CODE) throw notAShapefile(`it does not begin with ${FILE_CODE}`);
  if (view.getInt32(28, true) !== VERSION) throw notAShapefile(`its version is ${view.getInt32(28, true)}`);
  const shapeType = view.getInt32(32, true);
  if (!isShapeType(shapeType)) throw notAShapefile(`its type of shape is ${shapeType}`);
  return { shapeType, length: view.getInt32(24) * 2 };
}
