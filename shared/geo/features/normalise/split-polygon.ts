import type { Geometry } from '../geometry.ts';
import { between } from './longitudes.ts';
import { addVertexOf } from './vertices.ts';

/** A place at which a ring crosses the line x = `edge`. */
interface Crossing {
  /** The vertex behind it, and how far from the one before it. */
  vertex: number;
  share: number;
  y: number;
  /** Whether the ring goes to the east of the line. */
  eastward: boolean;
  /** The crossing that the ring comes to next. */
  next: Crossing;
  /** The crossing beside it, up or down the line, with the inside of the polygon between them. */
  partner: Crossing;
  /** Vertices from here to the next crossing, which may run over the end of the ring. */
  ringStart: number;
  ringEnd: number;
  done: boolean;
}

/**
 * Divides a polygon along a meridian. Its crossings with the line, sorted, bound the inside by pairs; each part runs along
 * the ring from one crossing to the next, and up or down the line to the partner of that one.
 * @param polygon its outer ring runs counter-clockwise, the others clockwise
 * @returns whether it could be divided: rings that cross each other may make parts that do not close
 */
export function splitPolygon(source: Geometry, polygon: number, edge: number, west: Geometry, east: Geometry): boolean {
  const { lineEnds, polygonEnds } = source;
  const crossings: Crossing[] = [];
  const whole: { start: number; end: number; isEast: boolean }[] = [];
  for (let ring = polygon === 0 ? 0 : polygonEnds[polygon - 1]!; ring < polygonEnds[polygon]!; ring++) {
    const start = ring === 0 ? 0 : lineEnds[ring - 1]!;
    const end = lineEnds[ring]!;
    const found = crossingsOf(source, start, end, edge);
    if (found.length === 0) whole.push({ start, end, isEast: isEast(source, start, edge) });
    else for (const crossing of found) crossings.push(crossing);
  }
  if (!pairUp(crossings)) return false;
  const holes = crossings.length === 0 ? whole.slice(1) : whole;
  return [west, east].every((target) => {
    const outers = followed(source, crossings, edge, target === east);
    if (crossings.length === 0 && whole[0]!.isEast === (target === east)) outers.push(rangeOf(whole[0]!));
    const inside = holes.filter((hole) => hole.isEast === (target === east));
    return addParts(source, edge, outers, inside, target);
  });
}

/** One vertex of a part: of the source, or a crossing. */
type Corner = number | Crossing;

function crossingsOf(source: Geometry, start: number, end: number, edge: number): Crossing[] {
  const { xy } = source;
  const crossings: Crossing[] = [];
  for (let vertex = start + 1; vertex < end; vertex++) {
    const eastward = isEast(source, vertex, edge);
    if (eastward === isEast(source, vertex - 1, edge)) continue;
    const [fromX, fromY, toX, toY] = xy.subarray(2 * vertex - 2, 2 * vertex + 2) as unknown as [
      number,
      number,
      number,
      number,
    ];
    const share = (edge - fromX) / (toX - fromX);
    const crossing = {
      vertex,
      share,
      y: fromY + share * (toY - fromY),
      eastward,
      ringStart: start,
      ringEnd: end,
      done: false,
    };
    crossings.push(crossing as Crossing);
  }
  for (const [index, crossing] of crossings.entries()) crossing.next = crossings[(index + 1) % crossings.length]!;
  return crossings;
}

/** A vertex on the line counts as east of it. */
const isEast = ({ xy }: Geometry, vertex: number, edge: number): boolean => xy[2 * vertex]! >= edge;

/** Up the line the rings of a polygon go out of it and into it by turns, one to the east and one to the west. */
function pairUp(crossings: Crossing[]): boolean {
  const sorted = crossings.toSorted((a, b) => a.y - b.y);
  for (let index = 0; index < sorted.length; index += 2) {
    const [a, b] = [sorted[index]!, sorted[index + 1]!];
    if (a.eastward === b.eastward) return false;
    a.partner = b;
    b.partner = a;
  }
  return true;
}

/** The rings of the parts on one side. */
function followed(source: Geometry, crossings: readonly Crossing[], edge: number, toEast: boolean): Corner[][] {
  const rings: Corner[][] = [];
  for (const first of crossings) {
    if (first.eastward !== toEast || first.done) continue;
    const corners: Corner[] = [];
    let crossing = first;
    do {
      crossing.done = true;
      corners.push(crossing);
      const { next, ringStart, ringEnd } = crossing;
      // The last vertex of a ring is the first one again.
      for (let vertex = crossing.vertex; vertex !== next.vertex;) {
        corners.push(vertex);
        vertex = vertex + 1 === ringEnd ? ringStart + 1 : vertex + 1;
      }
      corners.push(next);
      crossing = next.partner;
    } while (!crossing.done);
    corners.push(first);
    rings.push(corners);
  }
  return rings;
}

function addParts(
  source: Geometry,
  edge: number,
  outers: readonly Corner[][],
  holes: readonly { start: number; end: number }[],
  target: Geometry,
): boolean {
  const taken = new Set<{ start: number; end: number }>();
  for (const outer of outers) {
    if (!addRing(source, edge, outer, target)) continue;
    for (const hole of holes) {
      const isWithin = !taken.has(hole) && (outers.length === 1 || contains(source, edge, outer, hole.start));
      if (!isWithin) continue;
      taken.add(hole);
      addRing(source, edge, rangeOf(hole), target);
    }
    target.endPolygon();
  }
  return taken.size === holes.length;
}

/** Adds a ring, without vertices that repeat the one before. @returns whether enough of them are left */
function addRing(source: Geometry, edge: number, corners: readonly Corner[], target: Geometry): boolean {
  const before = target.vertices;
  for (const corner of corners) {
    const [x, y] = placeOf(source, edge, corner);
    const last = target.vertices - 1;
    if (last >= before && target.xy[2 * last] === x && target.xy[2 * last + 1] === y) continue;
    if (typeof corner === 'number') {
      addVertexOf(target, source, corner);
      continue;
    }
    target.addVertex(x, y);
    if (source.hasZ) target.setZ(between(source.z, corner.vertex, corner.share));
    if (source.hasM) target.setM(between(source.m, corner.vertex, corner.share));
  }
  if (target.vertices - before >= 4) {
    target.endLine();
    return true;
  }
  target.vertices = before;
  return false;
}

/** Whether a part has a vertex of the source inside, by the crossings of a ray to the east. */
function contains(source: Geometry, edge: number, corners: readonly Corner[], vertex: number): boolean {
  const [x, y] = placeOf(source, edge, vertex);
  let inside = false;
  for (let index = 1; index < corners.length; index++) {
    const [fromX, fromY] = placeOf(source, edge, corners[index - 1]!);
    const [toX, toY] = placeOf(source, edge, corners[index]!);
    if (fromY > y !== toY > y && x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX)) inside = !inside;
  }
  return inside;
}

function placeOf({ xy }: Geometry, edge: number, corner: Corner): [x: number, y: number] {
  return typeof corner === 'number' ? [xy[2 * corner]!, xy[2 * corner + 1]!] : [edge, corner.y];
}

const rangeOf = ({ start, end }: { start: number; end: number }): number[] =>
  Array.from({ length: end - start }, (_, index) => start + index);
