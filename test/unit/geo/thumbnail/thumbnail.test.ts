import { describe, expect, it } from 'vitest';
import type { TestFeature } from '../../../helpers/features/test-feature.ts';
import { draw, drawPng, feature, polygon, rectangle } from './draw-features.ts';

const AREA = 140;
const EDGE = 255;
const point = (...coordinates: number[]) =>
  feature({ type: 'Point', hasZ: coordinates.length > 2, hasM: false, coordinates });
const line = (...coordinates: number[][]) => feature({ type: 'LineString', hasZ: false, hasM: false, coordinates });

describe('a thumbnail', () => {
  it('has a filled square filled, its hole and its margin not, and both of their edges', async () => {
    const { width, height, alpha } = await draw([
      feature(polygon(rectangle(0, 0, 100, 100), rectangle(25, 25, 75, 75))),
    ]);
    expect([width, height]).toEqual([512, 512]);
    // The square begins 4 pixels from the edge, and its hole at a quarter of its 504.
    expect(alpha(1, 1)).toBe(0);
    expect(alpha(60, 60)).toBe(AREA);
    expect(alpha(450, 256)).toBe(AREA);
    expect(alpha(256, 256)).toBe(0);
    expect(alpha(4, 256)).toBeGreaterThan(AREA);
    expect(alpha(130, 256)).toBeGreaterThan(AREA / 2);
    expect(alpha(128, 256)).toBe(AREA);
    expect(alpha(133, 256)).toBe(0);
  });

  it('has north above and east on the right', async () => {
    const { alpha } = await draw([
      feature(polygon(rectangle(0, 0, 10, 10))),
      feature(polygon(rectangle(30, 30, 40, 40))),
    ]);
    expect(alpha(40, 470)).toBe(AREA);
    expect(alpha(470, 40)).toBe(AREA);
    expect(alpha(40, 40)).toBe(0);
    expect(alpha(470, 470)).toBe(0);
  });

  it.each([
    ['the shape of its extent', rectangle(0, 0, 400, 100), false, [512, 134]],
    ['the shape that degrees have on the ground', rectangle(0, 59, 4, 61), true, [512, 512]],
    ['64 pixels at least', rectangle(0, 0, 1000, 1), false, [512, 64]],
  ])('has %s', async (_, ring, geographic, size) => {
    const { width, height } = await draw([feature(polygon(ring))], { geographic });
    expect([width, height]).toEqual(size);
  });

  it('shows a single point as a dot in the middle', async () => {
    const { width, height, alpha, covered } = await draw([point(7, 8)]);
    expect([width, height]).toEqual([64, 64]);
    expect(alpha(32, 32)).toBe(EDGE);
    // Three pixels wide, over parts of four.
    expect(covered).toBe(16);
  });

  it('draws lines a pixel wide, and nothing beside them', async () => {
    const { alpha, covered } = await draw([line([0, 0], [100, 0], [100, 100])]);
    // Over two halves of pixels.
    expect([alpha(256, 507), alpha(256, 508)]).toEqual([128, 128]);
    expect(alpha(256, 500)).toBe(0);
    expect([alpha(507, 256), alpha(508, 256)]).toEqual([128, 128]);
    expect(covered).toBeGreaterThan(1000);
    expect(covered).toBeLessThan(2100);
  });

  it('draws every part of multiple and collected geometries', async () => {
    const multi = { hasZ: false, hasM: false } as const;
    const { alpha } = await draw([
      feature({
        type: 'MultiPolygon',
        ...multi,
        coordinates: [[rectangle(0, 0, 20, 20)], [rectangle(80, 0, 100, 20), rectangle(85, 5, 95, 15)]],
      }),
      feature({
        type: 'GeometryCollection',
        geometries: [
          { type: 'MultiPoint', ...multi, coordinates: [[0, 100], [50, 100]] }, // prettier-ignore
          { type: 'GeometryCollection', geometries: [polygon(rectangle(80, 80, 100, 100))] },
          { type: 'MultiLineString', ...multi, coordinates: [[[0, 50], [100, 50]], [[50, 0], [50, 100]]] }, // prettier-ignore
        ],
      }),
    ]);
    expect([alpha(54, 458), alpha(416, 458), alpha(458, 54)]).toEqual([AREA, AREA, AREA]);
    expect(alpha(458, 458)).toBe(0);
    expect(alpha(4, 4)).toBe(EDGE);
    expect([alpha(150, 256), alpha(256, 400)]).toEqual([128, 128]);
  });

  it('passes over features without a geometry and with an empty one', async () => {
    const { covered } = await draw([
      point(1, 1),
      feature(null),
      feature({ type: 'MultiPolygon', hasZ: false, hasM: false, coordinates: [] }),
      feature({ type: 'LineString', hasZ: false, hasM: false, coordinates: [] }),
    ]);
    expect(covered).toBe(16);
  });

  describe('of many features', () => {
    const scattered = (count: number, radius: number): TestFeature[] =>
      Array.from({ length: count }, (_, number) => {
        const [x, y] = [((number * 7919) % 1000) / 10, ((number * 104_729) % 1013) / 10.13];
        return feature(polygon(rectangle(x, y, x + radius, y + radius)));
      });

    it.each([0.05, 0.5, 20])('is the same, however they were cut into blocks (squares of %d)', async (size) => {
      const features = scattered(1_500, size);
      const pngs = await Promise.all(
        [100, 999, 10_000].map(async (blockFeatures) =>
          Buffer.from(await drawPng(features, { blockFeatures })).toString('base64'),
        ),
      );
      expect(new Set(pngs).size).toBe(1);
    });

    it('fills an area of polygons that are smaller than a pixel', async () => {
      const side = 160;
      const parcels = Array.from({ length: side * side }, (_, number) => {
        const [x, y] = [number % side, Math.floor(number / side)];
        return feature(polygon(rectangle(x, y, x + 1, y + 1)));
      });
      const marker = feature(polygon(rectangle(0, 0, 1, 1200)));
      const { width, height, alpha } = await draw([...parcels, marker]);
      expect([width, height]).toEqual([76, 512]);
      for (let row = 450; row < 505; row += 5) {
        for (let column = 8; column < 70; column += 5) expect(alpha(column, row)).toBe(AREA);
      }
      expect(alpha(40, 100)).toBe(0);
    });

    it('draws lines on each other as dots when enough was spent on them', async () => {
      const far = (number: number) => [50 + 50 * Math.cos(number), 50 + 50 * Math.sin(number)];
      const lines = Array.from({ length: 22_000 }, (_, number) => line(far(number), far(number + 2)));
      const { covered, alpha } = await draw(lines);
      // A circle of them: every place of its ring is still drawn on.
      expect(covered).toBeGreaterThan(10_000);
      for (let number = 0; number < 8; number++) {
        const [column, row] = [(number * Math.PI) / 4, (number * Math.PI) / 4].map((angle, axis) =>
          Math.round(256 + 251 * (axis === 0 ? Math.cos(angle) : -Math.sin(angle))),
        );
        const around = [-2, -1, 0, 1, 2].flatMap((dx) => [-2, -1, 0, 1, 2].map((dy) => alpha(column! + dx, row! + dy)));
        expect(Math.max(...around)).toBeGreaterThan(0);
      }
    });
  });

  it('draws rings of more vertices than it looks at', async () => {
    const circle = Array.from({ length: 50_001 }, (_, vertex) => {
      const angle = (2 * Math.PI * (vertex % 50_000)) / 50_000;
      return [100 * Math.cos(angle), 100 * Math.sin(angle)];
    });
    const { alpha } = await draw([feature(polygon(circle))]);
    expect(alpha(256, 256)).toBe(AREA);
    expect(alpha(10, 10)).toBe(0);
    expect(alpha(86, 86)).toBe(AREA);
  });
});
