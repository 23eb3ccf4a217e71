import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../../../shared/geo/projections/crs-from-epsg.ts';
import { transformer } from '../../../../shared/geo/projections/transformer.ts';
import reference from './reference-positions.json' with { type: 'json' };

/** Two millimetres on the ground. */
const DEGREES = 2e-8;

describe('transformer', () => {
  it.each(reference.positions)('takes EPSG:$epsg $x, $y where PROJ takes it', ({ epsg, x, y, longitude, latitude }) => {
    const [actualLongitude, actualLatitude] = transformer(crsFromEpsg(epsg), 'EPSG:4326')(x, y);
    const shrink = Math.cos((latitude * Math.PI) / 180);
    expect(Math.abs(actualLongitude - longitude) * shrink).toBeLessThan(DEGREES);
    expect(Math.abs(actualLatitude - latitude)).toBeLessThan(DEGREES);
  });

  it('comes back to where it started, between any two CRSs of Europe', () => {
    const codes = fc.constantFrom(4326, 3857, 25832, 3035, 31467, 4258, 32632, 23032);
    const longitudes = fc.double({ min: 6, max: 12, noNaN: true });
    const latitudes = fc.double({ min: 47, max: 54, noNaN: true });
    fc.assert(
      fc.property(codes, codes, longitudes, latitudes, (from, to, longitude, latitude) => {
        const [x, y] = transformer('EPSG:4326', crsFromEpsg(from))(longitude, latitude);
        const there = transformer(crsFromEpsg(from), crsFromEpsg(to))(x, y);
        const back = transformer(crsFromEpsg(to), crsFromEpsg(from))(...there);
        const unit = crsFromEpsg(from).geographic ? 1e-7 : 0.01;
        expect(Math.hypot(back[0] - x, back[1] - y)).toBeLessThan(unit);
      }),
    );
  });

  it('changes nothing within one CRS', () => {
    expect(transformer(crsFromEpsg(3857), 'EPSG:3857')(1.5, -2.5)).toEqual([1.5, -2.5]);
    expect(transformer(crsFromEpsg(32621), crsFromEpsg(32621))(1.5, -2.5)).toEqual([1.5, -2.5]);
  });

  it('is made once for each pair', () => {
    expect(transformer(crsFromEpsg(32621), 'EPSG:3857')).toBe(transformer(crsFromEpsg(32621), 'EPSG:3857'));
  });

  it('gives NaN where there is no position', () => {
    const nowhere = [NaN, NaN];
    expect(transformer('EPSG:4326', 'EPSG:3857')(0, 90)).toEqual(nowhere);
    expect(transformer('EPSG:4326', 'EPSG:3857')(0, -91)).toEqual(nowhere);
    expect(transformer(crsFromEpsg(32621), 'EPSG:4326')(NaN, 0)).toEqual(nowhere);
    expect(transformer(crsFromEpsg(32621), 'EPSG:4326')(Infinity, 0)).toEqual(nowhere);
    expect(transformer('EPSG:4326', crsFromEpsg(32621))(0, NaN)).toEqual(nowhere);
  });

  it('gives no position for half of one, not even to its own CRS', () => {
    expect(transformer(crsFromEpsg(4326), 'EPSG:4326')(Number.NEGATIVE_INFINITY, 0)).toEqual([NaN, NaN]);
  });

  it('never throws and never gives half a position', () => {
    const anything = fc.double();
    const codes = fc.constantFrom(32621, 3035, 3413, 2154, 27700, 5514, 2056, 28992, 3857, 4326, 6933);
    fc.assert(
      fc.property(codes, anything, anything, (code, x, y) => {
        const crs = crsFromEpsg(code);
        for (const [from, to] of [[crs, 'EPSG:4326'] as const, ['EPSG:4326', crs] as const]) {
          const [a, b] = transformer(from, to)(x, y);
          expect(Number.isFinite(a)).toBe(Number.isFinite(b));
        }
      }),
    );
  });
});
