import { describe, expect, it } from 'vitest';
import { axisOrderOf, dimensionOf } from '../../../../shared/geo/projections/axis-order-of.ts';

describe('axisOrderOf', () => {
  it.each([
    [4326, 'WGS 84'],
    [4258, 'ETRS89'],
    [4979, 'WGS 84 with heights'],
    [31467, 'DHDN / Gauss-Kruger zone 3'],
    [3067, 'no: ETRS89 / TM35FIN(E,N)'],
    [2180, 'ETRF2000-PL / CS92'],
    [3035, 'ETRS89-extended / LAEA Europe'],
    [32661, 'UPS North (N,E)'],
    [5555, 'ETRS89 / UTM zone 32N + DHHN92 height'],
    [7415, 'Amersfoort / RD New + NAP height'],
  ])('knows the order of EPSG:%i (%s)', (code) => {
    // Codes and orders as the register gives them (epsg.org).
    const expected = [3067, 5555, 7415].includes(code) ? 'easting-first' : 'northing-first';
    expect(axisOrderOf(code)).toBe(expected);
  });

  it.each([3857, 32633, 25832, 27700, 28992, 2154, 5041])('has EPSG:%i easting first', (code) => {
    expect(axisOrderOf(code)).toBe('easting-first');
  });

  it('takes a code that the register does not have for easting-first', () => {
    expect(axisOrderOf(999_999_999)).toBe('easting-first');
  });
});

describe('dimensionOf', () => {
  it.each([
    [4326, 2],
    [32633, 2],
    [4979, 3],
    [7415, 3],
    [5555, 3],
  ])('of EPSG:%i is %i', (code, dimension) => {
    expect(dimensionOf(code)).toBe(dimension);
  });
});
