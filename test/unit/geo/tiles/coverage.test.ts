import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaFromBbox } from '../../../../shared/geo/tiles/area-from-bbox.ts';
import { WORLD, type Area } from '../../../../shared/geo/tiles/area.ts';
import { buildCoverage, type Coverage } from '../../../../shared/geo/tiles/coverage.ts';
import { firstTileId, tileFromId, tileId } from '../../../../shared/geo/tiles/tile-id.ts';
import { tileBounds } from '../../../../shared/geo/tiles/web-mercator-quad.ts';
import { boxes, bruteForce, stars, triangles } from './areas.ts';

const ids = (coverage: Coverage) => Array.from({ length: coverage.count }, (_, n) => coverage.tileIdAt(n));
const areas = fc.oneof(triangles, stars);
const square = (minX: number, minY: number, maxX: number, maxY: number) =>
  [
    [minX, minY],
    [maxX, minY],
    [maxX, maxY],
    [minX, maxY],
  ] as const;

describe('buildCoverage', () => {
  it('covers the whole world with every tile', () => {
    const coverage = buildCoverage({ area: WORLD, minzoom: 0, maxzoom: 6 });
    expect(ids(coverage)).toEqual(Array.from({ length: firstTileId(7) }, (_, id) => id));
    expect(coverage.countByZoom.map(({ tiles }) => tiles)).toEqual([1, 4, 16, 64, 256, 1024, 4096]);
  });

  it('covers exactly the tiles that a polygon overlaps', () => {
    fc.assert(
      fc.property(areas, fc.integer({ min: 0, max: 4 }), (area, zoom) => {
        const covered = new Set(ids(buildCoverage({ area, minzoom: zoom, maxzoom: zoom })));
        const { touched, unsure } = bruteForce(area.polygons[0]![0]!, zoom);
        for (const id of touched) expect(covered).toContain(id);
        for (const id of covered) expect(touched.has(id) || unsure.has(id)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('numbers its tiles in ascending order and without gaps', () => {
    fc.assert(
      fc.property(areas, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 }), (area, minzoom, more) => {
        const coverage = buildCoverage({ area, minzoom, maxzoom: minzoom + more });
        const all = ids(coverage);
        for (const [position, id] of all.entries()) {
          expect(coverage.positionOf(id)).toBe(position);
          if (position > 0) expect(id).toBeGreaterThan(all[position - 1]!);
        }
        expect(coverage.countByZoom.reduce((sum, { tiles }) => sum + tiles, 0)).toBe(all.length);
        const covered = new Set(all);
        for (let id = 0; id < firstTileId(5); id++)
          if (!covered.has(id)) expect(coverage.positionOf(id)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('covers the parent of every covered tile', () => {
    fc.assert(
      fc.property(areas, fc.integer({ min: 1, max: 7 }), (area, maxzoom) => {
        const coverage = buildCoverage({ area, minzoom: maxzoom - 1, maxzoom });
        const covered = new Set(ids(coverage));
        const orphans = [...covered].map(tileFromId).filter(({ zoom, column, row }) => {
          return zoom === maxzoom && !covered.has(tileId(zoom - 1, column >> 1, row >> 1));
        });
        expect(orphans).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('gives each zoom the tiles that it gives it alone', () => {
    fc.assert(
      fc.property(areas, (area) => {
        const together = buildCoverage({ area, minzoom: 2, maxzoom: 6 });
        const alone = [2, 3, 4, 5, 6].flatMap((zoom) => ids(buildCoverage({ area, minzoom: zoom, maxzoom: zoom })));
        expect(ids(together)).toEqual(alone);
      }),
      { numRuns: 40 },
    );
  });

  it('covers a bbox across the antimeridian with the tiles of both of its halves', () => {
    fc.assert(
      fc.property(boxes, ([west, south, east, north]) => {
        fc.pre(west > east && west < 179.99 && east > -179.99);
        const zooms = { minzoom: 3, maxzoom: 5 };
        const whole = ids(buildCoverage({ area: areaFromBbox(west, south, east, north), ...zooms }));
        const halves = [areaFromBbox(west, south, 180, north), areaFromBbox(-180, south, east, north)];
        const union = new Set(halves.flatMap((area) => ids(buildCoverage({ area, ...zooms }))));
        expect(whole).toEqual([...union].sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  it('takes only the tile itself for the bounds of a tile', () => {
    const zooms = [0, 1, 5, 12, 18, 24];
    fc.assert(
      fc.property(
        fc.constantFrom(...zooms),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (zoom, u, v) => {
          const tile = { zoom, column: Math.floor(u * 2 ** zoom), row: Math.floor(v * 2 ** zoom) };
          const area: Area = { polygons: [[square(...tileBounds(tile))]] };
          expect(ids(buildCoverage({ area, minzoom: zoom, maxzoom: zoom }))).toEqual([
            tileId(zoom, tile.column, tile.row),
          ]);
        },
      ),
    );
  });

  it('takes in a neighbour that the area reaches into by 2 mm, and not one by 1 mm', () => {
    const [minX, minY, maxX, maxY] = tileBounds({ zoom: 20, column: 700_000, row: 300_000 });
    const count = (reach: number) => {
      const area = { polygons: [[square(minX + 1, minY + 1, maxX + reach, maxY - 1)]] };
      return buildCoverage({ area, minzoom: 20, maxzoom: 20 }).count;
    };
    expect([count(-1), count(0), count(0.001), count(0.002)]).toEqual([1, 1, 1, 2]);
  });

  it('leaves out the tiles within a hole', () => {
    const [minX, minY, maxX, maxY] = tileBounds({ zoom: 2, column: 1, row: 1 });
    const outer = square(...tileBounds({ zoom: 0, column: 0, row: 0 }));
    const coverage = buildCoverage({
      area: { polygons: [[outer, square(minX, minY, maxX, maxY)]] },
      minzoom: 2,
      maxzoom: 3,
    });
    expect(coverage.countByZoom).toEqual([
      { zoom: 2, tiles: 15 },
      { zoom: 3, tiles: 60 },
    ]);
    expect(coverage.positionOf(tileId(2, 1, 1))).toBeUndefined();
  });

  it('unites polygons that overlap, whichever way their rings turn', () => {
    const one = square(...tileBounds({ zoom: 1, column: 0, row: 0 }));
    const [minX, minY, maxX, maxY] = tileBounds({ zoom: 2, column: 1, row: 1 });
    const other = square(minX, minY, maxX, maxY).toReversed();
    const coverage = buildCoverage({
      area: { polygons: [[one], [other], [other.toReversed()]] },
      minzoom: 4,
      maxzoom: 4,
    });
    expect(coverage.count).toBe(64);
  });

  it('covers what touches every one of several areas', () => {
    fc.assert(
      fc.property(areas, areas, (one, other) => {
        const zooms = { minzoom: 0, maxzoom: 5 };
        const inOther = new Set(ids(buildCoverage({ area: other, ...zooms })));
        const expected = ids(buildCoverage({ area: one, ...zooms })).filter((id) => inOther.has(id));
        expect(ids(buildCoverage({ area: [one, other], ...zooms }))).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('selects the positions of the tiles that touch another area', () => {
    fc.assert(
      fc.property(areas, areas, (area, other) => {
        const zooms = { minzoom: 1, maxzoom: 5 };
        const coverage = buildCoverage({ area, ...zooms });
        const touched = buildCoverage({ area: [area, other], ...zooms });
        const selected = coverage.select(other);
        const positions = selected.flatMap(({ start, end }) =>
          Array.from({ length: end - start }, (_, n) => start + n),
        );
        expect(positions).toEqual(ids(touched).map((id) => coverage.positionOf(id)));
        for (const [index, range] of selected.entries()) {
          expect(range.start).toBeLessThan(range.end);
          if (index > 0) expect(range.start).toBeGreaterThan(selected[index - 1]!.end);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('numbers a thousand million tiles of a rectangle', () => {
    const coverage = buildCoverage({ area: areaFromBbox(-100.0001, -50.0003, 77.123, 60.33), minzoom: 0, maxzoom: 16 });
    expect(coverage.count).toBeGreaterThan(1e9);
    for (const position of [0, 1, 123_456_789, 999_999_999, coverage.count - 1]) {
      expect(coverage.positionOf(coverage.tileIdAt(position))).toBe(position);
    }
  });

  it('has no tiles when its areas lie apart', () => {
    const coverage = buildCoverage({
      area: [areaFromBbox(0, 0, 10, 10), areaFromBbox(100, 0, 110, 10)],
      minzoom: 4,
      maxzoom: 8,
    });
    expect(coverage.count).toBe(0);
    expect(() => coverage.tileIdAt(0)).toThrow(RangeError);
    expect(coverage.positionOf(0)).toBeUndefined();
  });

  it('refuses zooms that do not exist, and names the field', () => {
    const fields = { minzoom: '/inputs/minzoom', maxzoom: '/inputs/maxzoom' };
    const build = (minzoom: number, maxzoom: number) => () => buildCoverage({ area: WORLD, minzoom, maxzoom, fields });
    expect(build(0, 30)).toThrow(expect.objectContaining({ code: 'zoom-out-of-range', field: '/inputs/maxzoom' }));
    expect(build(-1, 3)).toThrow(expect.objectContaining({ code: 'zoom-out-of-range', field: '/inputs/minzoom' }));
    expect(build(1.5, 3)).toThrow(expect.objectContaining({ code: 'zoom-out-of-range', actual: 1.5 }));
    expect(build(9, 3)).toThrow(expect.objectContaining({ code: 'minzoom-above-maxzoom', limit: 3, actual: 9 }));
  });

  it('does not begin when it is aborted', () => {
    const signal = AbortSignal.abort(new Error('cancelled'));
    expect(() => buildCoverage({ area: WORLD, minzoom: 0, maxzoom: 1, signal })).toThrow('cancelled');
  });

  it.each([-1, 0.5, NaN, 21])('has no position %d among 21', (position) => {
    const coverage = buildCoverage({ area: WORLD, minzoom: 0, maxzoom: 2 });
    expect(() => coverage.tileIdAt(position)).toThrow(RangeError);
  });
});
