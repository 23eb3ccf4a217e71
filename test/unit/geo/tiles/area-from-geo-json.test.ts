import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaFromBbox } from '../../../../shared/geo/tiles/area-from-bbox.ts';
import { areaFromGeoJson, type GeoJsonArea } from '../../../../shared/geo/tiles/area-from-geo-json.ts';
import { signedArea, type Area } from '../../../../shared/geo/tiles/area.ts';
import { buildCoverage } from '../../../../shared/geo/tiles/coverage.ts';
import { boxes } from './areas.ts';

const polygon = (...rings: number[][][]): GeoJsonArea => ({ type: 'Polygon', coordinates: rings });
const box = (west: number, south: number, east: number, north: number) => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const tiles = (area: Area, zoom = 5) => {
  const coverage = buildCoverage({ area, minzoom: zoom, maxzoom: zoom });
  return Array.from({ length: coverage.count }, (_, position) => coverage.tileIdAt(position));
};
const fiji = tiles(areaFromBbox(175, -20, -175, -10));

describe('areaFromGeoJson', () => {
  it('covers with a box what a bbox covers', () => {
    fc.assert(
      fc.property(boxes, ([west, south, east, north]) => {
        fc.pre(west < east && east - west < 359);
        const area = areaFromGeoJson(polygon(box(west, south, east, north)));
        // The short way round is taken for an edge of more than half the world.
        const same =
          east - west <= 180 ? areaFromBbox(west, south, east, north) : areaFromBbox(east, south, west, north);
        expect(tiles(area)).toEqual(tiles(same));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['beyond 180', polygon(box(175, -20, 185, -10))],
    ['beyond -180', polygon(box(-185, -20, -175, -10))],
    ['one turn further', polygon(box(535, -20, 540, -10), box(536, -19, 537, -18))],
    ['by a jump', polygon(box(175, -20, -175, -10))],
    ['cut in two', { type: 'MultiPolygon', coordinates: [[box(175, -20, 180, -10)], [box(-180, -20, -175, -10)]] }],
  ] as const)('crosses the antimeridian %s', (name, geometry) => {
    const covered = tiles(areaFromGeoJson(geometry as GeoJsonArea));
    if (name === 'one turn further') for (const id of covered) expect(fiji).toContain(id);
    else expect(covered).toEqual(fiji);
  });

  it('keeps the hole of a polygon across the antimeridian in its place', () => {
    for (const hole of [box(177, -18, 183, -12), box(177, -18, -177, -12), box(-183, -18, -177, -12)]) {
      const surface = areaFromGeoJson(polygon(box(170, -20, 190, -10), hole)).polygons.flat();
      expect(surface).toHaveLength(4);
      const outer = areaFromGeoJson(polygon(box(170, -20, 190, -10))).polygons.flat();
      const total = (rings: typeof surface) => rings.reduce((sum, ring) => sum + Math.abs(signedArea(ring)), 0);
      const ofHole = areaFromGeoJson(polygon(box(177, -18, 183, -12))).polygons.flat();
      expect(total(surface) / (total(outer) + total(ofHole))).toBeCloseTo(1, 9);
    }
  });

  it('takes an edge of exactly 180 degrees for what it is', () => {
    for (const [west, east] of [
      [-180, 0],
      [0, 180],
      [-90, 90],
    ] as const) {
      for (const ring of [box(west, 0, east, 10), box(west, 0, east, 10).reverse()]) {
        expect(tiles(areaFromGeoJson(polygon(ring)))).toEqual(tiles(areaFromBbox(west, 0, east, 10)));
      }
    }
  });

  it('takes an edge of exactly 360 degrees around the world', () => {
    expect(tiles(areaFromGeoJson(polygon(box(-180, -90, 180, 90))), 3)).toHaveLength(64);
  });

  it('closes a ring around a pole over that pole', () => {
    const ring = (latitude: number) => [0, 90, 180, -90, 0].map((longitude) => [longitude, latitude]);
    expect(tiles(areaFromGeoJson(polygon(ring(-70))), 4)).toEqual(tiles(areaFromBbox(-180, -90, 180, -70), 4));
    expect(tiles(areaFromGeoJson(polygon(ring(70).reverse())), 4)).toEqual(tiles(areaFromBbox(-180, 70, 180, 90), 4));
  });

  it('follows edges that are straight in degrees', () => {
    // Half way in degrees, at 40 degrees north, the straight line in metres would be 900 km further north.
    const area = areaFromGeoJson(
      polygon([
        [0, 0],
        [80, 80],
        [80, 0],
        [0, 0],
      ]),
    );
    const coverage = buildCoverage({ area, minzoom: 10, maxzoom: 10 });
    const touched = (longitude: number, latitude: number) =>
      coverage.select(areaFromBbox(longitude, latitude, longitude + 1e-4, latitude + 1e-4)).length > 0;
    expect(touched(40.5, 40)).toBe(true);
    expect(touched(39, 40)).toBe(false);
    expect(area.polygons[0]![0]!.length).toBeLessThan(2000);
  });

  it('accepts a polygon within the limit and refuses one beyond it', () => {
    const circle = (vertices: number) => {
      const ring = Array.from({ length: vertices }, (_, n) => {
        const angle = (n / vertices) * 2 * Math.PI;
        return [Math.cos(angle), Math.sin(angle)];
      });
      return polygon([...ring, ring[0]!]);
    };
    expect(areaFromGeoJson(circle(99_999)).polygons).toHaveLength(1);
    expect(() => areaFromGeoJson(circle(100_000), '/inputs/area')).toThrow(
      expect.objectContaining({ code: 'area-too-complex', field: '/inputs/area', limit: 100_000, actual: 100_001 }),
    );
  });

  it('bounds the vertices that long edges of many rings are divided into', () => {
    const triangle = [
      [-170, -85],
      [0, 85],
      [-160, -85],
      [-170, -85],
    ];
    const many: GeoJsonArea = { type: 'MultiPolygon', coordinates: new Array<number[][][]>(20_000).fill([triangle]) };
    expect(() => areaFromGeoJson(many)).toThrow(
      expect.objectContaining({ code: 'area-too-complex', limit: 100_000, actual: 100_001 }),
    );
  });

  it.each([
    ['/a', null],
    ['/a', { type: 'Point', coordinates: [0, 0] }],
    ['/a/coordinates', { type: 'Polygon' }],
    ['/a/coordinates', { type: 'Polygon', coordinates: [] }],
    ['/a/coordinates', { type: 'Polygon', coordinates: 'x' }],
    ['/a/coordinates', { type: 'MultiPolygon', coordinates: 7 }],
    ['/a/coordinates/0', { type: 'MultiPolygon', coordinates: [[]] }],
    [
      '/a/coordinates/0',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      },
    ],
    [
      '/a/coordinates/0',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
          ],
        ],
      },
    ],
    [
      '/a/coordinates/0/2',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 91],
            [0, 0],
          ],
        ],
      },
    ],
    [
      '/a/coordinates/0/2',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1e9, 1],
            [0, 0],
          ],
        ],
      },
    ],
    [
      '/a/coordinates/0/2',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [NaN, 1],
            [0, 0],
          ],
        ],
      },
    ],
    [
      '/a/coordinates/0/1',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            ['1', 0],
            [1, 1],
            [0, 0],
          ],
        ],
      },
    ],
    [
      '/a/coordinates/1/0/1',
      { type: 'MultiPolygon', coordinates: [[box(0, 0, 1, 1)], [[[0, 0], null, [1, 1], [0, 0]]]] },
    ],
  ] as [string, unknown][])('points to %s when it refuses an area', (field, geometry) => {
    expect(() => areaFromGeoJson(geometry as GeoJsonArea, '/a')).toThrow(
      expect.objectContaining({ code: 'area-invalid', field }),
    );
  });

  it.each([
    [
      'a line',
      polygon([
        [0, 0],
        [10, 10],
        [0, 0],
        [0, 0],
      ]),
    ],
    [
      'a point',
      polygon([
        [3, 3],
        [3, 3],
        [3, 3],
        [3, 3],
      ]),
    ],
    ['a box north of the world', polygon(box(0, 86, 10, 89))],
    ['no polygons', { type: 'MultiPolygon', coordinates: [] }],
  ] as [string, GeoJsonArea][])('refuses %s as empty', (_, geometry) => {
    expect(() => areaFromGeoJson(geometry)).toThrow(expect.objectContaining({ code: 'area-empty' }));
  });
});
