import { areaBounds, polygonBounds, signedArea, type Area, type Ring } from './area.ts';
import { unionSize, type IndexBox } from './union-size.ts';
import { HALF_WORLD, type Bounds } from './web-mercator-quad.ts';
import { checkZoomRange } from './zoom-range.ts';

/** Polygons whose boxes are united exactly; of more, the box around all is taken. */
const MAX_BOXES = 64;

/** As in the coverage: what an area must reach into a tile to touch it, in metres. */
const TOUCH_DEPTH = 0.0012;

/**
 * How many tiles a coverage has at most, without building it: exact for a bbox, also across the antimeridian; close for
 * other areas. Costs one look at each vertex.
 * @param area one or several areas of which a tile must touch each
 * @throws LonghaulError `zoom-out-of-range`, `minzoom-above-maxzoom` (final)
 */
export function estimateCount(area: Area | readonly Area[], minzoom: number, maxzoom: number): number {
  checkZoomRange(minzoom, maxzoom);
  const measures = (isList(area) ? area : [area]).map(measure);
  let count = 0;
  for (let zoom = minzoom; zoom <= maxzoom; zoom++) {
    const byOutline = measures.map((measured) => countByOutline(measured, zoom));
    count += Math.min(countByBoxes(measures, zoom), ...byOutline);
  }
  return count;
}

/** What the estimate needs to know of an area, in metres. */
interface Measure {
  surface: number;
  rings: { edges: number; length: number }[];
  boxes: Bounds[];
}

function measure(area: Area): Measure {
  const outers = area.polygons.map((rings) => Math.abs(signedArea(rings[0] ?? [])) / 2);
  return {
    surface: outers.reduce((sum, surface) => sum + surface, 0),
    rings: area.polygons.flat().map((ring) => ({ edges: ring.length, length: gridLength(ring) })),
    boxes: area.polygons.length > MAX_BOXES ? [areaBounds(area)] : area.polygons.map(polygonBounds),
  };
}

/** Sum of |Δx| + |Δy| around a ring: how often it can cross lines of a grid. */
function gridLength(ring: Ring): number {
  let length = 0;
  let previous = ring.at(-1);
  for (const position of ring) {
    if (previous !== undefined) length += Math.abs(position[0] - previous[0]) + Math.abs(position[1] - previous[1]);
    previous = position;
  }
  return length;
}

/**
 * Tiles inside, by surface, and tiles on the outline. An edge enters a tile for each grid line that it crosses, at most
 * |Δx|/side + |Δy|/side + 2 times; a piece of outline no longer than a side touches at most 4 tiles, however often it turns.
 */
function countByOutline(measured: Measure, zoom: number): number {
  const side = (2 * HALF_WORLD) / 2 ** zoom;
  const outline = measured.rings.reduce(
    (sum, { edges, length }) => sum + Math.min(length / side + 2 * edges, 4 * (length / side + 1)),
    0,
  );
  return Math.ceil(measured.surface / side ** 2 + outline);
}

/** Tiles that touch a box of every area. */
function countByBoxes(measures: readonly Measure[], zoom: number): number {
  let boxes: IndexBox[] | undefined;
  for (const measured of measures) {
    const own = measured.boxes.map((bounds) => toIndexBox(bounds, zoom)).filter(isFilled);
    const common: IndexBox[] | undefined = boxes?.flatMap((box) =>
      own.map((other) => intersect(box, other)).filter(isFilled),
    );
    boxes = common === undefined || common.length > MAX_BOXES ? (boxes ?? own) : common;
  }
  return unionSize(boxes ?? []);
}

function toIndexBox([minX, minY, maxX, maxY]: Bounds, zoom: number): IndexBox {
  const tiles = 2 ** zoom;
  const scale = tiles / (2 * HALF_WORLD);
  const clamp = (index: number) => Math.max(0, Math.min(tiles, index));
  return {
    startColumn: clamp(Math.floor((minX + HALF_WORLD + TOUCH_DEPTH) * scale)),
    endColumn: clamp(Math.ceil((maxX + HALF_WORLD - TOUCH_DEPTH) * scale)),
    startRow: clamp(Math.floor((HALF_WORLD - maxY + TOUCH_DEPTH) * scale)),
    endRow: clamp(Math.ceil((HALF_WORLD - minY - TOUCH_DEPTH) * scale)),
  };
}

function intersect(one: IndexBox, other: IndexBox): IndexBox {
  return {
    startColumn: Math.max(one.startColumn, other.startColumn),
    endColumn: Math.min(one.endColumn, other.endColumn),
    startRow: Math.max(one.startRow, other.startRow),
    endRow: Math.min(one.endRow, other.endRow),
  };
}

function isFilled(box: IndexBox): boolean {
  return box.startColumn < box.endColumn && box.startRow < box.endRow;
}

function isList(area: Area | readonly Area[]): area is readonly Area[] {
  return Array.isArray(area);
}
