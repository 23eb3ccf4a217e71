import fc from 'fast-check';
import type { Area } from '../../../../shared/geo/tiles/area.ts';
import { tileId } from '../../../../shared/geo/tiles/tile-id.ts';
import { HALF_WORLD, tileBounds, type Bounds } from '../../../../shared/geo/tiles/web-mercator-quad.ts';

type Point = readonly [number, number];

const coordinate = fc.double({ min: -HALF_WORLD, max: HALF_WORLD, noNaN: true });

/** Triangles anywhere in the world's square, also slivers. */
export const triangles = fc
  .tuple(fc.tuple(coordinate, coordinate), fc.tuple(coordinate, coordinate), fc.tuple(coordinate, coordinate))
  .map((ring): Area => ({ polygons: [[ring]] }))
  .filter((area) => surfaceWithin(area.polygons[0]![0]!, tileBounds({ zoom: 0, column: 0, row: 0 })) > 1e6);

/** Star-shaped polygons: concave, of 5 to 24 corners, any size. */
export const stars = fc
  .tuple(
    coordinate,
    coordinate,
    fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 5, maxLength: 24 }),
  )
  .chain(([x, y, radii]) =>
    fc.double({ min: 1e4, max: 2e7, noNaN: true }).map((size): Area => {
      const clamp = (value: number) => Math.max(-HALF_WORLD, Math.min(HALF_WORLD, value));
      const ring = radii.map((radius, index): Point => {
        const angle = (index / radii.length) * 2 * Math.PI;
        return [clamp(x + size * radius * Math.cos(angle)), clamp(y + size * radius * Math.sin(angle))];
      });
      return { polygons: [[ring]] };
    }),
  )
  .filter((area) => surfaceWithin(area.polygons[0]![0]!, tileBounds({ zoom: 0, column: 0, row: 0 })) > 1e6);

const longitude = fc.integer({ min: -18_000, max: 18_000 }).map((hundredths) => hundredths / 100);
const latitude = fc.integer({ min: -9_000, max: 9_000 }).map((hundredths) => hundredths / 100);

/** `[west, south, east, north]` in whole hundredths of a degree, half of them across the antimeridian. */
export const boxes = fc
  .tuple(longitude, latitude, longitude, latitude)
  .map(([west, a, east, b]) => [west, Math.min(a, b), east, Math.max(a, b)] as const)
  .filter(([west, south, east, north]) => {
    const isVisible = Math.min(north, 85) > Math.max(south, -85);
    return isVisible && west !== east && !(west === 180 && east === -180);
  });

/** Surface of a ring without holes inside a box, by an independent way: strips cut at each corner and crossing. */
export function surfaceWithin(ring: readonly Point[], [minX, minY, maxX, maxY]: Bounds): number {
  const edges = ring.map((from, index): [Point, Point] => [from, ring[(index + 1) % ring.length]!]);
  const cuts = new Set([minX, maxX]);
  for (const [[ax, ay], [bx, by]] of edges) {
    cuts.add(ax);
    for (const y of [minY, maxY]) if (ay > y !== by > y) cuts.add(ax + ((y - ay) / (by - ay)) * (bx - ax));
  }
  const xs = [...cuts].filter((x) => x >= minX && x <= maxX).sort((a, b) => a - b);
  let surface = 0;
  for (const [index, west] of xs.slice(0, -1).entries()) {
    const east = xs[index + 1]!;
    const middle = (west + east) / 2;
    const ys = edges
      .filter(([[ax], [bx]]) => ax > middle !== bx > middle)
      .map(([[ax, ay], [bx, by]]) => ay + ((middle - ax) / (bx - ax)) * (by - ay))
      .sort((a, b) => a - b);
    for (let pair = 0; pair + 1 < ys.length; pair += 2) {
      surface += Math.max(0, Math.min(maxY, ys[pair + 1]!) - Math.max(minY, ys[pair]!)) * (east - west);
    }
  }
  return surface;
}

/** Ids of the tiles of one zoom that a polygon without holes overlaps, tile by tile; and those too close to call. */
export function bruteForce(ring: readonly Point[], zoom: number): { touched: Set<number>; unsure: Set<number> } {
  const touched = new Set<number>();
  const unsure = new Set<number>();
  for (let column = 0; column < 2 ** zoom; column++) {
    for (let row = 0; row < 2 ** zoom; row++) {
      const [minX, minY, maxX, maxY] = tileBounds({ zoom, column, row });
      const id = tileId(zoom, column, row);
      const generous = surfaceWithin(ring, [minX - 1, minY - 1, maxX + 1, maxY + 1]) > 0;
      const strict = surfaceWithin(ring, [minX + 1, minY + 1, maxX - 1, maxY - 1]) > 0;
      if (strict) touched.add(id);
      else if (generous) unsure.add(id);
    }
  }
  return { touched, unsure };
}
