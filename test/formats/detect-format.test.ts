import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { detectFormat } from '../../shared/geo/formats/detect-format.ts';
import { makeTiff } from '../helpers/make-tiff.ts';
import { makeZip } from '../helpers/make-zip.ts';

const utf16 = (text: string, mark = ''): Buffer => Buffer.from(mark + text, 'utf16le');
const feature = '{"type":"Feature","geometry":null,"properties":{"type":"Topology","a":"}{"}}';
const gml = 'xmlns:gml="http://www.opengis.net/gml/3.2"';

describe('detectFormat', () => {
  it.each([
    ['gzip', gzipSync('x')],
    ['zip', makeZip([{ name: 'a' }])],
    ['zip', makeZip([])],
    ['geopackage', Buffer.from('SQLite format 3\u0000and pages')],
    ['flatgeobuf', Buffer.from('6667620366676200', 'hex')],
    ['geoparquet', Buffer.from('PAR1')],
    ['shapefile', Buffer.concat([Buffer.from('0000270a', 'hex'), Buffer.alloc(96)])],
  ])('tells %s by its first bytes', (id, bytes) => {
    expect(detectFormat(bytes)).toEqual({ id });
  });

  it.each([
    ['geojson', '{"type":"FeatureCollection","features":[]}'],
    ['geojson', `\ufeff \n${feature}\n`],
    ['geojson', '{"features":[{"type":"Feature"},{'],
    ['geojson', `{"type":"FeatureCollection","features":[${feature},{"a":`],
    ['geojson', '{"type":"Point","coordinates":[1,2]}'],
    ['geojson', '{\n "type": "Feature",\n "geometry": {'],
    ['geojson', '{"type":"FeatureCollection","spatialReference":{},"features":[]}'],
    ['geojson-seq', `${feature}\n${feature}`],
    ['geojson-seq', `${feature}${feature}`],
    ['geojson-seq', `{\n"type":"Feature"}\n\n{`],
    ['geojson-seq', `\u001e${feature}\n`],
    ['geojson-seq', `${feature}\n\u001e${feature}`],
    ['geojson-seq', '{"type":"Feature","geometry":{"coordinates":[1,2'],
    ['kml', '<?xml version="1.0"?>\n<!-- <gpx> --><kml xmlns="http://www.opengis.net/kml/2.2">'],
    ['kml', '<kml:kml xmlns:kml="a">'],
    ['kml', '<!DOCTYPE kml [<!ENTITY a "b">]><kml>'],
    ['gpx', '\ufeff<gpx version="1.1">'],
    ['gml', '<wfs:FeatureCollection>'],
    ['gml', `<city:Model a='x' ${gml}>`],
    ['gml', `<Model ${gml}\n>`],
    ['csv', 'name,x,y\na,1,2'],
    ['csv', 'name\tx\ty'],
    ['csv', 'lon;lat\r\n1;2'],
    ['csv', 'geometry\nPOINT (1 2)'],
    ['csv', '"POINT (1 2)"'],
    ['csv', `${'a,b\n'.repeat(100)}1,\u00002`],
    ['csv', 'Straße,x,y'],
  ])('tells %s of %j', (id, text) => {
    expect(detectFormat(Buffer.from(text))).toEqual({ id });
    expect(detectFormat(utf16(text.replace('\ufeff', ''), '\ufeff'))).toEqual({ id });
    expect(detectFormat(utf16(text.replace('\ufeff', ''), '\ufeff').swap16())).toEqual({ id });
  });

  it('tells UTF-16 without a mark, and says so', () => {
    expect(detectFormat(utf16(feature))).toEqual({ id: 'geojson', encoding: 'utf-16le' });
    expect(detectFormat(utf16('<kml>').swap16())).toEqual({ id: 'kml', encoding: 'utf-16be' });
  });

  it('refuses a raster, whatever its name, and says what makes tiles of it', () => {
    const code = 'not-a-vector-format';
    for (const bytes of [
      makeTiff({ width: 4, height: 4 }),
      makeTiff({ width: 4, height: 4, bigTiff: true, bigEndian: true }),
    ]) {
      expect(() => detectFormat(bytes)).toThrow(
        expect.objectContaining({
          code,
          retryable: false,
          remedy: expect.stringContaining('raster-preseed') as string,
        }),
      );
    }
    expect(() => detectFormat(Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'))).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it.each([
    ['TopoJSON', '{"type":"Topology","objects":{}}'],
    ['Esri JSON', '{"geometryType":"esriGeometryPoint","features":[]}'],
    ['a web page', '<!DOCTYPE html><html>'],
    ['OpenStreetMap XML', '<osm version="0.6">'],
    ['a PDF', '%PDF-1.7'],
    ['a tar archive', `a${'\u0000'.repeat(256)}ustar\u0000`],
    ['an encrypted Parquet file', 'PARE'],
  ])('names %s when it refuses it', (what, text) => {
    expect(() => detectFormat(Buffer.from(text))).toThrow(
      expect.objectContaining({
        code: 'vector-format-unsupported',
        retryable: false,
        message: expect.stringContaining(what) as string,
      }),
    );
  });

  it.each([
    '{"a":1}',
    '{"type":"Car"}',
    '\u001e\u001e',
    '[1,2]',
    '[{"type":"Feature"}]',
    'Dear all',
    '<a/>',
    '<',
    '\u0001\u0002\u0003a,b',
  ])('refuses %j', (text) => {
    expect(() => detectFormat(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'vector-format-unknown', retryable: false }),
    );
  });

  it.each(['', ' \r\n\t', '\ufeff', '\ufeff\n'])('says of %j that it has no content', (text) => {
    expect(() => detectFormat(Buffer.from(text))).toThrow(
      expect.objectContaining({ code: 'source-empty', retryable: false }),
    );
  });
});
