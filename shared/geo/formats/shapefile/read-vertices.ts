import type { Geometry } from '../../features/geometry.ts';
import { makeVertexRoom } from '../vertex-room.ts';
import { recordTruncated } from './errors.ts';

const RANGE_BYTES = 16;

/** Measures below this are none (ESRI Shapefile Technical Description). */
export const NO_MEASURE = -1e38;

/** Vertices from which copying the bytes as a whole beats copying number by number. */
const MIN_BULK_VERTICES = 48;

const HOST_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Bytes of one shape: `start` to `end`, after its type. */
export interface ShapeBytes {
  bytes: Uint8Array;
  view: DataView;
  start: number;
  end: number;
}

/** Where parts and points of a shape stand in its bytes. */
export interface PartLayout extends ShapeBytes {
  parts: number;
  /** Position of the array of first points. */
  partStarts: number;
  points: number;
  /** Position of the array of points. */
  pointStart: number;
}

/** @throws FeatureError `shapefile-record-truncated` */
export function need({ end }: ShapeBytes, at: number, bytes: number): void {
  if (at + bytes > end) throw recordTruncated(at + bytes - end, Math.max(0, end - at));
}

/** Copies points, and the heights and measures that stand behind them. */
export function readVertices(layout: PartLayout, hasZ: boolean, isMeasured: boolean, geometry: Geometry): void {
  const { bytes, view, end, points, pointStart } = layout;
  const behindPoints = pointStart + 16 * points;
  if (hasZ) need(layout, behindPoints, RANGE_BYTES + 8 * points);
  const measures = behindPoints + (hasZ ? RANGE_BYTES + 8 * points : 0) + RANGE_BYTES;
  // Measures may be left out, even where the type has them.
  const hasM = (hasZ || isMeasured) && measures + 8 * points <= end && hasMeasure(layout, measures);
  makeVertexRoom(geometry, points, hasZ, hasM);
  const { xy } = geometry;
  if (points >= MIN_BULK_VERTICES && HOST_IS_LITTLE_ENDIAN) {
    new Uint8Array(xy.buffer, xy.byteOffset).set(bytes.subarray(pointStart, behindPoints));
  } else {
    for (let at = pointStart, target = 0; at < behindPoints; at += 8) xy[target++] = view.getFloat64(at, true);
  }
  if (hasZ) {
    for (let index = 0, at = behindPoints + RANGE_BYTES; index < points; index++, at += 8) {
      geometry.z[index] = view.getFloat64(at, true);
    }
  }
  if (hasM) {
    for (let index = 0, at = measures; index < points; index++, at += 8) {
      const measure = view.getFloat64(at, true);
      geometry.m[index] = measure > NO_MEASURE ? measure : NaN;
    }
  }
  geometry.vertices = points;
}

function hasMeasure({ view, points }: PartLayout, measures: number): boolean {
  for (let index = 0; index < points; index++)
    if (view.getFloat64(measures + 8 * index, true) > NO_MEASURE) return true;
  return false;
}
