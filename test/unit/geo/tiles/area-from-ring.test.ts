import { describe, expect, it } from 'vitest';
import { areaFromBbox } from '../../../../shared/geo/tiles/area-from-bbox.ts';
import { areaFromRing } from '../../../../shared/geo/tiles/area-from-ring.ts';
import type { Area, Position } from '../../../../shared/geo/tiles/area.ts';
import { buildCoverage } from '../../../../shared/geo/tiles/coverage.ts';
import { HALF_WORLD, toMercator } from '../../../../shared/geo/tiles/web-mercator-quad.ts';

const tiles = (area: Area, zoom = 6) => {
  const coverage = buildCoverage({ area, minzoom: zoom, maxzoom: zoom });
  return Array.from({ length: coverage.count }, (_, position) => coverage.tileIdAt(position));
};

/** Outline of a box in degrees with a vertex at each degree, x wrapped to ±HALF_WORLD as projections do. */
function outline(west: number, south: number, east: number, north: number): Position[] {
  const points: [number, number][] = [];
  for (let x = west; x < east; x++) points.push([x, south]);
  for (let y = south; y < north; y++) points.push([east, y]);
  for (let x = east; x > west; x--) points.push([x, north]);
  for (let y = north; y > south; y--) points.push([west, y]);
  return points.map(([x, y]) => toMercator(((x + 540) % 360) - 180, y));
}

describe('areaFromRing', () => {
  it('covers what the bbox of the same outline covers', () => {
    expect(tiles(areaFromRing(outline(5, 40, 15, 50)))).toEqual(tiles(areaFromBbox(5, 40, 15, 50)));
  });

  it('follows an outline across the antimeridian', () => {
    expect(tiles(areaFromRing(outline(170, -20, 190, -10)))).toEqual(tiles(areaFromBbox(170, -20, -170, -10)));
  });

  it('follows an outline along the antimeridian whose points fall on either side', () => {
    const ring = outline(170, -20, 180, -10).map(([x, y], index): Position => [
      Math.abs(x) > HALF_WORLD - 1 ? (index % 2 === 0 ? HALF_WORLD : -HALF_WORLD) : x,
      y,
    ]);
    expect(tiles(areaFromRing(ring))).toEqual(tiles(areaFromBbox(170, -20, 180, -10)));
  });

  it('closes an outline around a pole over that pole', () => {
    const circle = (latitude: number) =>
      Array.from({ length: 72 }, (_, n) => toMercator(((n * 5 + 180) % 360) - 180, latitude));
    expect(tiles(areaFromRing(circle(75)))).toEqual(tiles(areaFromBbox(-180, 75, 180, 90)));
    expect(tiles(areaFromRing(circle(-75).reverse()))).toEqual(tiles(areaFromBbox(-180, -90, 180, -75)));
  });

  it('takes a y that is infinite for a pole', () => {
    const [west, south] = toMercator(10, 60);
    const [east] = toMercator(20, 60);
    const ring: Position[] = [
      [west, south],
      [east, south],
      [east, Infinity],
      [west, Infinity],
    ];
    expect(tiles(areaFromRing(ring))).toEqual(tiles(areaFromBbox(10, 60, 20, 90)));
  });

  it('refuses a ring far beyond the world', () => {
    const ring = outline(5, 40, 15, 50).map(([x, y]): Position => [x + 20 * HALF_WORLD, y]);
    expect(() => areaFromRing(ring, '/f')).toThrow(expect.objectContaining({ code: 'area-invalid', field: '/f' }));
  });

  it('refuses a ring that falls into too many vertices at the antimeridian', () => {
    const zigzag = Array.from({ length: 60_000 }, (_, n): Position => [HALF_WORLD + (n % 2 === 0 ? 1e5 : -1e5), n]);
    zigzag.push([HALF_WORLD + 2e5, 60_000], [HALF_WORLD + 2e5, 0]);
    expect(() => areaFromRing(zigzag)).toThrow(expect.objectContaining({ code: 'area-too-complex' }));
  });

  it('refuses what is no ring', () => {
    const code = (value: string) => expect.objectContaining({ code: value }) as Error;
    expect(() => areaFromRing([[NaN, 0]])).toThrow(code('area-invalid'));
    expect(() => areaFromRing([[0, NaN]])).toThrow(code('area-invalid'));
    expect(() => areaFromRing([[Infinity, 0]])).toThrow('A vertex of the footprint is not a number.');
    expect(() => areaFromRing([])).toThrow(code('area-empty'));
    expect(() => areaFromRing(new Array<Position>(100_001).fill([0, 0]))).toThrow(code('area-too-complex'));
  });
});
