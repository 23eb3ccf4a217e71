import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../../shared/uploads/detect-format.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** A database of SQLite whose application id is this. */
function sqlite(id: string): Uint8Array {
  const file = new Uint8Array(100);
  file.set(utf8('SQLite format 3\0'));
  file.set(utf8(id), 68);
  return file;
}

describe('detectFormat', () => {
  it.each([
    ['tiff', bytes(0x49, 0x49, 0x2a, 0, 8, 0, 0, 0)],
    ['tiff', bytes(0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8)],
    ['tiff', bytes(0x49, 0x49, 0x2b, 0, 8, 0, 0, 0)],
    ['zip', bytes(0x50, 0x4b, 3, 4, 20, 0)],
    ['zip', bytes(0x50, 0x4b, 5, 6, 0, 0)],
    ['gzip', bytes(0x1f, 0x8b, 8, 0)],
    ['flatgeobuf', bytes(0x66, 0x67, 0x62, 3, 0x66, 0x67, 0x62, 1)],
    ['parquet', utf8('PAR1\x15\x04')],
    ['geopackage', sqlite('GPKG')],
    ['geopackage', sqlite('GP10')],
    ['sqlite', sqlite('\0\0\0\0')],
    ['geojson', utf8('\ufeff { "type" : "FeatureCollection", "features": [')],
    ['geojson', utf8('[{"type":"Feature"}]')],
    ['json', utf8('{"a":1}')],
    ['kml', utf8('<?xml version="1.0"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">')],
    ['gpx', utf8('<gpx version="1.1">')],
    ['gml', utf8('<wfs:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2">')],
    ['xml', utf8('<?xml version="1.0"?><osm>')],
    ['csv', utf8('name;lat;lon\nHütte;47;11\n')],
    ['csv', utf8('wkt\tname')],
  ])('finds %s', (format, start) => {
    expect(detectFormat(start)).toBe(format);
  });

  it.each([
    ['nothing', bytes()],
    ['zeros', new Uint8Array(64)],
    ['prose', utf8('To whom it may concern\nthis is a letter')],
    ['half of a magic number', bytes(0x49, 0x49)],
    ['UTF-16', bytes(0xff, 0xfe, 0x7b, 0)],
    ['a PNG', bytes(0x89, 0x50, 0x4e, 0x47)],
  ])('finds nothing in %s', (_, start) => {
    expect(detectFormat(start)).toBeUndefined();
  });

  it('reads text whose last character is cut off', () => {
    const whole = utf8('{"type":"Feature","name":"Hütte ü');
    expect(detectFormat(whole.subarray(0, whole.length - 1))).toBe('geojson');
  });
});
