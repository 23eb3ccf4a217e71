import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import proj4 from 'proj4';
import { describe, expect, it } from 'vitest';
import { crsFromEpsg } from '../../../../shared/geo/projections/crs-from-epsg.ts';
import { EPSG_TABLE } from '../../../../shared/geo/projections/epsg-table.ts';
import { projjsonFromEpsg } from '../../../../shared/geo/projections/projjson-from-epsg.ts';

const epsg = (code: number) => ({ authority: 'EPSG', code });
const DEGREES = {
  subtype: 'ellipsoidal',
  axis: [
    { name: 'Geodetic latitude', abbreviation: 'Lat', direction: 'north', unit: 'degree' },
    { name: 'Geodetic longitude', abbreviation: 'Lon', direction: 'east', unit: 'degree' },
  ],
};

/** Members that the tests look at. */
interface Shown {
  name: string;
  id: unknown;
  base_crs?: Shown;
  datum?: { name: string; ellipsoid: Ellipsoid };
  datum_ensemble?: { name: string; members: { name: string }[]; ellipsoid: Ellipsoid };
  conversion?: { name: string; method: { name: string; id: unknown }; parameters: Parameter[] };
  coordinate_system: { axis: { direction: string; unit: unknown }[] };
}
type Ellipsoid = Record<
  'semi_major_axis' | 'semi_minor_axis' | 'inverse_flattening' | 'radius',
  number | { value: number; unit: { conversion_factor: number } } | undefined
>;
interface Parameter {
  name: string;
  id: { code: number };
  value: number;
  unit: string | { conversion_factor: number };
}

/** False eastings and northings, those at the false origin, and those at the centre of the projection. */
const EASTINGS: ReadonlySet<number> = new Set([8806, 8826, 8816]);
const NORTHINGS: ReadonlySet<number> = new Set([8807, 8827, 8817]);

const shown = (code: number): Shown => projjsonFromEpsg(code) as unknown as Shown;
const codes = [...new Set(EPSG_TABLE.trim().split('\n').map((row) => Number(row.split('\t')[0])))]; // prettier-ignore

describe('projjsonFromEpsg', () => {
  it('describes a projected CRS', () => {
    expect(projjsonFromEpsg(27700)).toEqual({
      $schema: 'https://proj.org/schemas/v0.7/projjson.schema.json',
      type: 'ProjectedCRS',
      name: 'OSGB36 / British National Grid',
      base_crs: {
        name: 'OSGB36',
        datum: {
          type: 'GeodeticReferenceFrame',
          name: 'Ordnance Survey of Great Britain 1936',
          ellipsoid: { name: 'Airy 1830', semi_major_axis: 6377563.396, inverse_flattening: 299.3249646 },
        },
        coordinate_system: DEGREES,
        id: epsg(4277),
      },
      conversion: {
        name: 'British National Grid',
        method: { name: 'Transverse Mercator', id: epsg(9807) },
        parameters: [
          { name: 'Latitude of natural origin', value: 49, unit: 'degree', id: epsg(8801) },
          { name: 'Longitude of natural origin', value: -2, unit: 'degree', id: epsg(8802) },
          { name: 'Scale factor at natural origin', value: 0.9996012717, unit: 'unity', id: epsg(8805) },
          { name: 'False easting', value: 400000, unit: 'metre', id: epsg(8806) },
          { name: 'False northing', value: -100000, unit: 'metre', id: epsg(8807) },
        ],
      },
      coordinate_system: {
        subtype: 'Cartesian',
        axis: [
          { name: 'Easting', abbreviation: 'E', direction: 'east', unit: 'metre' },
          { name: 'Northing', abbreviation: 'N', direction: 'north', unit: 'metre' },
        ],
      },
      id: epsg(27700),
    });
  });

  it('describes a geographic CRS, on an ensemble of datums', () => {
    const crs = projjsonFromEpsg(4326);
    expect(crs).toMatchObject({ type: 'GeographicCRS', name: 'WGS 84', coordinate_system: DEGREES, id: epsg(4326) });
    const { datum_ensemble: ensemble } = shown(4326);
    expect(ensemble).toMatchObject({
      name: 'World Geodetic System 1984 ensemble',
      ellipsoid: { name: 'WGS 84', semi_major_axis: 6378137, inverse_flattening: 298.257223563 },
      accuracy: '2.0',
      id: epsg(6326),
    });
    expect(ensemble?.members.map(({ name }) => name)).toContain('World Geodetic System 1984 (G2139)');
  });

  // Names, methods and axes of the register (https://epsg.org).
  it.each([
    [3857, 'WGS 84 / Pseudo-Mercator', 1024, ['east', 'north']],
    [32633, 'WGS 84 / UTM zone 33N', 9807, ['east', 'north']],
    [2056, 'CH1903+ / LV95', 9815, ['east', 'north']],
    [25832, 'ETRS89 / UTM zone 32N', 9807, ['east', 'north']],
    [3035, 'ETRS89-extended / LAEA Europe', 9820, ['north', 'east']],
    [2154, 'RGF93 v1 / Lambert-93', 9802, ['east', 'north']],
    [5514, 'S-JTSK / Krovak East North', 1041, ['east', 'north']],
    [31370, 'BD72 / Belgian Lambert 72', 9802, ['east', 'north']],
    [28992, 'Amersfoort / RD New', 9809, ['east', 'north']],
    [31467, 'DHDN / 3-degree Gauss-Kruger zone 3', 9807, ['north', 'east']],
  ])('describes EPSG:%i, %s', (code, name, method, directions) => {
    const { coordinate_system: system, conversion, ...crs } = shown(code);
    expect(crs).toMatchObject({ name, id: epsg(code) });
    expect(conversion?.method.id).toEqual(epsg(method));
    expect(system.axis.map(({ direction }) => direction)).toEqual(directions);
  });

  it('gives units that are no metres with their factor', () => {
    const { coordinate_system: system } = shown(2263);
    const foot = { type: 'LinearUnit', name: 'US survey foot', conversion_factor: 0.304800609601219 };
    expect(system.axis.map(({ unit }) => unit)).toEqual([foot, foot]);
  });

  it('does not know a code that is not in the table', () => {
    for (const code of [0, -1, 1.5, NaN, 99_999, 4979]) expect(projjsonFromEpsg(code)).toBeUndefined();
  });

  it('gives a value of its own each time', () => {
    const { coordinate_system: system } = shown(3857);
    system.axis.length = 0;
    expect(shown(3857).coordinate_system.axis).toHaveLength(2);
  });

  describe('for every CRS of the table', () => {
    const all = codes.map((code) => [code, shown(code)] as const);

    it('is valid by the schema of PROJJSON', () => {
      // The schema of PROJ 9.5 (data/projjson.schema.json, MIT licence).
      const file = new URL('projjson.schema.json', import.meta.url);
      const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(file, 'utf8')) as object);
      for (const [code, crs] of all) {
        validate(crs);
        expect([code, validate.errors]).toEqual([code, null]);
      }
    });

    it('has its code and its name', () => {
      for (const [code, crs] of all) expect(crs).toMatchObject({ id: epsg(code), name: crsFromEpsg(code).name });
    });

    it('has the ellipsoid that it is computed on', () => {
      for (const [code, crs] of all) {
        const { ellipsoid } = (crs.base_crs ?? crs).datum ?? (crs.base_crs ?? crs).datum_ensemble!;
        const { a, b } = proj4.Proj(crsFromEpsg(code).proj4) as unknown as { a: number; b: number };
        const [major, minor] = semiAxes(ellipsoid);
        // Formulas of the sphere are told of some ellipsoids, such as that of Web Mercator.
        const isSame = Math.abs(major - a) < 0.01 && (a === b || Math.abs(minor - b) < 0.01);
        expect([code, isSame]).toEqual([code, true]);
      }
    });

    it('has the false origin that it is computed with', () => {
      for (const [code, { conversion }] of all) {
        const { x0 = 0, y0 = 0 } = proj4.Proj(crsFromEpsg(code).proj4) as unknown as { x0?: number; y0?: number };
        for (const { id, value, unit } of conversion?.parameters ?? []) {
          const computed = EASTINGS.has(id.code) ? x0 : NORTHINGS.has(id.code) ? y0 : undefined;
          if (computed === undefined) continue;
          const metres = value * (typeof unit === 'string' ? 1 : unit.conversion_factor);
          expect([code, id.code, Math.abs(metres - computed) < 0.001]).toEqual([code, id.code, true]);
        }
      }
    });
  });
});

function semiAxes(ellipsoid: Ellipsoid): [number, number] {
  const metres = (length: Ellipsoid['radius']): number | undefined =>
    typeof length === 'object' ? length.value * length.unit.conversion_factor : length;
  const major = metres(ellipsoid.semi_major_axis) ?? metres(ellipsoid.radius)!;
  const flattening = ellipsoid.inverse_flattening as number | undefined;
  const minor = metres(ellipsoid.semi_minor_axis) ?? (flattening === undefined ? major : major * (1 - 1 / flattening));
  return [major, minor];
}
