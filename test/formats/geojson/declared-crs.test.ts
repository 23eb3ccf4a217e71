import { describe, expect, it } from 'vitest';
import { readCrs } from '../../../shared/geo/formats/geojson/declared-crs.ts';

const named = (name: string) => ({ type: 'name', properties: { name } });

describe('readCrs', () => {
  it('takes WGS 84 where the file says nothing, as RFC 7946 does', () => {
    expect(readCrs(undefined)).toEqual({ crs: { kind: 'crs84' } });
  });

  it.each([
    'urn:ogc:def:crs:EPSG::3857',
    'urn:ogc:def:crs:EPSG:8.9:3857',
    'urn:x-ogc:def:crs:EPSG:3857',
    'EPSG:3857',
    'epsg:3857',
    'http://www.opengis.net/def/crs/EPSG/0/3857',
    'http://www.opengis.net/gml/srs/epsg.xml#3857',
  ])('reads the code of %s', (name) => {
    expect(readCrs(named(name))).toEqual({ crs: { kind: 'epsg', code: 3857 } });
  });

  it.each(['urn:ogc:def:crs:OGC:1.3:CRS84', 'OGC:CRS84', 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'])(
    'knows %s',
    (name) => {
      expect(readCrs(named(name))).toEqual({ crs: { kind: 'crs84' } });
    },
  );

  it('reads the code of the oldest form', () => {
    expect(readCrs({ type: 'EPSG', properties: { code: 2154 } })).toEqual({ crs: { kind: 'epsg', code: 2154 } });
  });

  it.each([
    null,
    5,
    [],
    {},
    named('local grid'),
    { type: 'name', properties: null },
    { type: 'link', properties: { href: 'http://example.com/crs/42', type: 'proj4' } },
  ])('notes that %j names no CRS', (member) => {
    expect(readCrs(member)).toEqual({ note: expect.stringMatching(/\.$/) as string });
  });
});
