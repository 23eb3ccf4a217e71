import proj4 from 'proj4';
import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../../../shared/geo/projections/crs-from-epsg.ts';
import { EPSG_DATUMS, EPSG_TABLE } from '../../../../shared/geo/projections/epsg-table.ts';

describe('crsFromEpsg', () => {
  it('describes a projected CRS', () => {
    expect(crsFromEpsg(32621)).toEqual({
      epsg: 32621,
      name: 'WGS 84 / UTM zone 21N',
      proj4: '+proj=utm +zone=21 +datum=WGS84 +no_defs',
      geographic: false,
    });
  });

  it('describes a geographic CRS', () => {
    expect(crsFromEpsg(4326)).toMatchObject({ name: 'WGS 84', geographic: true });
  });

  it('states the accuracy of a datum shift of more than a metre', () => {
    expect(crsFromEpsg(27700).accuracy).toBe(
      'Positions on WGS 84 are within about 2 m: the datum is shifted by parameters, not by a grid.',
    );
  });

  it('says when no datum shift is known', () => {
    expect(crsFromEpsg(2018).accuracy).toMatch(/^No shift from this datum/);
  });

  it('keeps quiet about shifts that are no worse than a metre', () => {
    for (const code of [4326, 3857, 25832, 2154]) expect(crsFromEpsg(code)).not.toHaveProperty('accuracy');
  });

  it.each([0, -1, 99_999, 32767, 1.5, NaN, Infinity, 5225, 4807])('does not know the code %s', (code) => {
    expect(() => crsFromEpsg(code)).toThrow(expect.objectContaining({ code: 'crs-unknown', retryable: false }));
  });

  it('has a line for each CRS that is whole, ordered by kind and code', () => {
    const datums = EPSG_DATUMS.split('\n');
    const lines = EPSG_TABLE.trim().split('\n');
    expect(lines.length).toBeGreaterThan(6000);
    for (const line of lines) expect(line).toMatch(/^\d{4,6}\t[^\t]+\t[a-z]+[^\t]*\t\d+$/);
    const used = new Set(lines.map((line) => Number(line.split('\t')[3])));
    expect(used.size).toBe(datums.length);
    expect(Math.max(...used)).toBe(datums.length - 1);
  });

  it('gives strings that proj4 takes', () => {
    const codes = EPSG_TABLE.trim()
      .split('\n')
      .map((line) => Number(line.split('\t')[0]));
    // Every seventh: each kind of projection is among them, and the test stays quick.
    for (const code of codes.filter((_, index) => index % 7 === 0)) {
      expect(() => proj4(crsFromEpsg(code).proj4), `EPSG:${code}`).not.toThrow();
    }
  });
});
