import { describe, expect, it } from 'vitest';
import { crsFromName } from '../../../../shared/geo/projections/crs-from-name.ts';
import { EPSG_DATUMS, EPSG_TABLE } from '../../../../shared/geo/projections/epsg-table.ts';
import { ESRI_NAMES } from '../../../../shared/geo/projections/esri-names.ts';

const codesOf = (name: string): number[] => crsFromName(name).map(({ epsg }) => epsg);

/** Every name of both tables with its code, put together once more. */
function allNames(): [name: string, code: number][] {
  const prefixes = EPSG_DATUMS.split('\n').map((line) => line.split('\t')[2] ?? '');
  const lines = (table: string) =>
    table
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
  return [
    ...lines(EPSG_TABLE).map(([code, name = '', , datum]): [string, number] => [
      prefixes[Number(datum)]! + name,
      Number(code),
    ]),
    ...lines(ESRI_NAMES).map(([name = '', code]): [string, number] => [name, Number(code)]),
  ];
}

describe('crsFromName', () => {
  it('finds names of the register and of Esri, however they are spelled', () => {
    const names = allNames();
    expect(names.length).toBeGreaterThan(10_000);
    for (const [name, code] of names.filter((_, index) => index % 97 === 0)) {
      expect(codesOf(name), name).toContain(code);
      expect(codesOf(name.toUpperCase().replaceAll(/[ _/]/g, '-')), name).toContain(code);
    }
  });

  it('finds all CRSs of a name', () => {
    expect(codesOf('GCS_WGS_1984')).toEqual([4326]);
    expect(codesOf('WGS 84 / UTM zone 32N')).toEqual([32632]);
    // The geographic CRS of the datum was defined twice; the first one is deprecated.
    const names = allNames().filter(([name]) => name.replace(' (deprecated)', '') === 'Mauritania 1999');
    expect(codesOf('Mauritania 1999').sort()).toEqual(names.map(([, code]) => code).sort());
    expect(names.length).toBeGreaterThan(1);
  });

  it('tells CH1903+ from CH1903', () => {
    expect(codesOf('CH1903 / LV03')).toEqual([21781]);
    expect(codesOf('CH1903+ / LV95')).toEqual([2056]);
  });

  it.each([
    ['nothing', ''],
    ['punctuation', ' _/()'],
    ['a part of a name', 'WGS 8'],
    ['more than a name', 'WGS 84 84'],
    ['a pattern', 'W.* 84'],
    ['a pattern of the plus sign', 'CH1903+++'],
    ['a line', 'WGS 84\n4326'],
    ['a very long text', 'WGS 84'.repeat(10_000)],
  ])('finds none for %s', (_what, name) => {
    expect(codesOf(name)).toEqual([]);
  });
});
