import { readFileSync } from 'node:fs';
import proj4 from 'proj4';
import { describe, expect, it } from 'vitest';
import { crsFromDeclared } from '../../../../shared/geo/projections/crs-from-declared.ts';
import { crsFromWkt } from '../../../../shared/geo/projections/crs-from-wkt.ts';
import { transformer } from '../../../../shared/geo/projections/transformer.ts';

/**
 * CRSs of the EPSG and Esri registers without their codes, as pyproj 3.7.2 (PROJ 9.5.1) writes them: the code that they
 * have in the EPSG register (null for none), and positions by PROJ on the datum of the CRS: longitude, latitude, x, y.
 */
const REFERENCE = JSON.parse(readFileSync(new URL('reference-wkt.json', import.meta.url), 'utf8')) as {
  name: string;
  dialect: string;
  epsg: number | null;
  text: string;
  positions: [number, number, number, number][];
}[];

const WGS84 =
  'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["Degree",0.0174532925199433]]';
const BESSEL = 'SPHEROID["Bessel 1841",6377397.155,299.1528128]';
const GREENWICH = 'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]';
const gauss = (datum: string, rest = 'UNIT["metre",1]', k = 1) =>
  `PROJCS["mine",GEOGCS["mine",DATUM["mine",${BESSEL}${datum}],${GREENWICH}],PROJECTION["Transverse_Mercator"],` +
  `PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",9],PARAMETER["scale_factor",${k}],` +
  `PARAMETER["false_easting",3500000],PARAMETER["false_northing",0],${rest}]`;

describe('crsFromWkt', () => {
  it.each(REFERENCE)('tells $name in $dialect without a code', ({ text, epsg, positions }) => {
    const crs = crsFromWkt(text);
    expect(crs.epsg ?? null).toBe(epsg);
    if (crs.geographic) return;
    // The projection alone: PROJ gave the positions on the datum of the CRS.
    const words = crs.proj4.split(' ').filter((word) => !/^\+(towgs84|nadgrids)=/.test(word));
    const datum = words.filter((word) => /^\+(datum|ellps|a|b|rf|R)(=|$)/.test(word));
    const projected = proj4(`+proj=longlat ${datum.join(' ')} +no_defs`, words.join(' '));
    expect(positions.length).toBeGreaterThan(0);
    for (const [longitude, latitude, x, y] of positions) {
      const [ownX = NaN, ownY = NaN] = projected.forward([longitude, latitude]);
      expect(Math.hypot(ownX - x, ownY - y)).toBeLessThan(0.5);
    }
  });

  it('believes a code of EPSG, of the whole and not of a part', () => {
    const projected = 'PROJCS["a",GEOGCS["b",AUTHORITY["EPSG","4326"]],AUTHORITY["EPSG","32725"]]';
    expect(crsFromWkt(projected).epsg).toBe(32725);
    expect(crsFromWkt('PROJCRS["a",ID["EPSG",32725]]').epsg).toBe(32725);
    expect(crsFromWkt(`COMPD_CS["a with height",${projected},VERT_CS["height",AUTHORITY["EPSG","5783"]]]`).epsg).toBe(
      32725,
    );
    expect(crsFromWkt(`\ufeff ${projected}\r\n`).epsg).toBe(32725);
  });

  it('does not believe a name whose parameters are of another CRS', () => {
    const other = (meridian: number) =>
      `PROJCS["WGS_1984_UTM_Zone_25S",${WGS84},PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000],` +
      `PARAMETER["False_Northing",10000000],PARAMETER["Central_Meridian",${meridian}],PARAMETER["Scale_Factor",0.9996],` +
      'PARAMETER["Latitude_Of_Origin",0],UNIT["Meter",1]]';
    expect(crsFromWkt(other(-33)).epsg).toBe(32725);
    expect(crsFromWkt(other(-34))).toEqual({
      name: 'WGS_1984_UTM_Zone_25S',
      proj4: '+proj=tmerc +x_0=500000 +y_0=10000000 +lon_0=-34 +k_0=0.9996 +lat_0=0 +datum=WGS84 +no_defs',
      geographic: false,
    });
  });

  it('takes the shift to WGS 84 that the text gives', () => {
    const shift = 'TOWGS84[598.1,73.7,418.2,0.202,0.045,-2.455,6.7]';
    const bound = `BOUNDCRS[SOURCECRS[${gauss('')}],TARGETCRS[GEOGCRS["WGS 84"]],ABRIDGEDTRANSFORMATION["x",METHOD["Position Vector transformation (geog2D domain)"],PARAMETER["X",598.1],PARAMETER["Y",73.7],PARAMETER["Z",418.2],PARAMETER["X r",0.202],PARAMETER["Y r",0.045],PARAMETER["Z r",-2.455],PARAMETER["s",1.0000067]]]`;
    const frame = bound
      .replace('Position Vector transformation', 'Coordinate Frame rotation')
      .replace(',0.202', ',-0.202')
      .replace(',0.045', ',-0.045')
      .replace('-2.455', '2.455');
    for (const text of [gauss(`,${shift}`), bound, frame]) {
      // By cs2cs of PROJ 9.5.1 from `+proj=tmerc +lon_0=9 +x_0=3500000 +ellps=bessel +towgs84=598.1,…,6.7`.
      const [longitude, latitude] = transformer(crsFromWkt(text), 'EPSG:4326')(3_500_000, 5_500_000);
      expect(longitude).toBeCloseTo(8.998963564, 7);
      expect(latitude).toBeCloseTo(49.636710642, 7);
      expect(crsFromWkt(text)).not.toHaveProperty('accuracy');
    }
  });

  it('takes the shift of a datum that the register knows, and says when it knows none', () => {
    const dhdn = gauss('').replace('GEOGCS["mine"', 'GEOGCS["DHDN"');
    expect(crsFromWkt(dhdn).proj4).toContain('+ellps=bessel +towgs84=');
    expect(crsFromWkt(dhdn).accuracy).toMatch(/within about 3 m/);
    expect(crsFromWkt(gauss('')).accuracy).toMatch(/^No shift from this datum/);
    expect(crsFromWkt(gauss('')).proj4).toContain('+a=6377397.155 +rf=299.1528128 +no_defs');
  });

  it('reads feet, and false eastings in them', () => {
    const crs = crsFromWkt(gauss('', 'UNIT["US survey foot",0.304800609601219]'));
    expect(crs.proj4).toContain(`+x_0=${3_500_000 * 0.304800609601219}`);
    expect(crs.proj4).toContain('+to_meter=0.304800609601219');
  });

  it('takes no notice of the order of axes', () => {
    const crs = crsFromWkt(gauss('', 'UNIT["metre",1],AXIS["Northing",NORTH],AXIS["Easting",EAST]'));
    expect(crs.proj4).toBe(crsFromWkt(gauss('')).proj4);
  });

  it.each([
    ['axes to the south and west', gauss('', 'UNIT["metre",1],AXIS["Southing",SOUTH],AXIS["Westing",WEST]')],
    ['a scale below zero', gauss('', 'UNIT["metre",1]', -1)],
    ['another prime meridian', gauss('').replace('"Greenwich",0', '"Paris",2.337')],
    ['angles in grads', gauss('').replace('UNIT["degree",0.0174532925199433]', 'UNIT["grad",0.0157079632679489]')],
    ['a method that is not known', gauss('').replace('Transverse_Mercator', 'Winkel_Tripel')],
    ['the name of a member of every object for a method', gauss('').replace('Transverse_Mercator', 'constructor')],
    ['a parameter that is not known', gauss('', 'PARAMETER["Azimuth",3],UNIT["metre",1]')],
    ['no unit', gauss('', 'AXIS["x",EAST],AXIS["y",NORTH]')],
    ['no ellipsoid', gauss('').replace(BESSEL, 'SPHEROID["none"]')],
    ['an ellipsoid of no size', gauss('').replace('6377397.155', '0')],
    ['a code of the register that is not computed', 'PROJCS["a",AUTHORITY["EPSG","3973"]]'],
    ['local coordinates', 'LOCAL_CS["site",UNIT["metre",1]]'],
    ['geocentric coordinates', 'GEOCCS["WGS 84",DATUM["D"],UNIT["metre",1]]'],
    ['heights', 'VERT_CS["height"]'],
    ['a bound CRS of nothing', 'BOUNDCRS[SOURCECRS[]]'],
    ['nothing', ''],
    ['a name alone', 'WGS84'],
    ['no end', 'PROJCS["a"'],
    ['an end too many', 'PROJCS["a"]]'],
    ['text that is not closed', 'PROJCS["a]'],
    ['deep nesting', 'A['.repeat(40) + ']'.repeat(40)],
    ['a very long text', `GEOGCS["${'x'.repeat(70_000)}"]`],
  ])('does not know a text with %s', (_what, text) => {
    expect(() => crsFromWkt(text)).toThrow(expect.objectContaining({ code: 'crs-unknown', retryable: false }));
  });
});

describe('crsFromDeclared', () => {
  it('reads every kind', () => {
    expect(crsFromDeclared({ kind: 'epsg', code: 32725 }).epsg).toBe(32725);
    expect(crsFromDeclared({ kind: 'crs84' }).epsg).toBe(4326);
    expect(crsFromDeclared({ kind: 'wkt', text: WGS84 }).epsg).toBe(4326);
    expect(() => crsFromDeclared({ kind: 'epsg', code: 1 })).toThrow(expect.objectContaining({ code: 'crs-unknown' }));
  });
});
