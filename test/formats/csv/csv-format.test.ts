import { describe, expect, it } from 'vitest';
import type { CsvOptions } from '../../../shared/geo/features/feature-format.ts';
import { csvFormat } from '../../../shared/geo/formats/csv/csv-format.ts';
import { readFormat } from '../../helpers/read-format.ts';
import { shortReads } from '../../helpers/short-reads.ts';

const read = (content: string | Uint8Array, csv: CsvOptions = {}) => readFormat(csvFormat, content, { read: { csv } });
const point = (x: number, y: number) => ({ type: 'Point', coordinates: [x, y] });

describe('inspect', () => {
  it.each([
    ['longitude,latitude', { x: 0, y: 1 }],
    ['id,Lat,Lon', { x: 2, y: 1 }],
    ['LNG,LAT', { x: 0, y: 1 }],
    ['decimalLatitude,decimalLongitude', { x: 1, y: 0 }],
    ['point_x,point_y', { x: 0, y: 1 }],
    ['easting,northing,name', { x: 0, y: 1 }],
    ['id,WKT', { geometry: 1 }],
    ['the_geom,id', { geometry: 0 }],
    ['lon,lat,geometry', { geometry: 2 }],
  ])('knows the columns of %s by their names', async (header, geometry) => {
    const { layer } = await read(`${header}\n`);
    expect(layer.detail.geometry).toEqual(geometry);
  });

  it('knows a column by the geometries in it', async () => {
    const { layer } = await read('id,where,x\n1,,a\n2,"POLYGON ((0 0,1 0,1 1,0 0))",b\n');
    expect(layer.detail.geometry).toEqual({ geometry: 1 });
    expect(layer.fields).toEqual([{ name: 'id' }, { name: 'x' }]);
  });

  it('does not take a column for geometries by its name alone', async () => {
    const { layer } = await read('shape,x,y\ncircle,1,2\nsquare,3,4\n');
    expect(layer.detail.geometry).toEqual({ x: 1, y: 2 });
  });

  it.each([
    ['id,lon,lat\n1,2,3\n', { kind: 'crs84' }],
    ['id,x,y\n1,2,3\n', undefined],
    ['id,wkt\n1,POINT(1 2)\n', undefined],
    ['id,wkt\n1,\n2,SRID=2154;POINT(1 2)\n', { kind: 'epsg', code: 2154 }],
    ['id,geom\n1,0101000020E6100000000000000000F03F0000000000000040\n', { kind: 'epsg', code: 4326 }],
    ['id,geom\n1,"{""type"":""Point"",""coordinates"":[1,2]}"\n', { kind: 'crs84' }],
  ])('tells the CRS of %j', async (text, crs) => {
    const { layer, sink } = await read(text);
    expect(layer.crs).toEqual(crs);
    expect(sink.rejects).toEqual([]);
  });

  it('finds out that the first row is one of data', async () => {
    const { layer, sink } = await read('7,POINT (1 2)\n8,POINT (3 4)\n');
    expect(layer.fields).toEqual([{ name: 'field_1' }]);
    expect(sink.features.map(({ geometry }) => geometry)).toEqual([point(1, 2), point(3, 4)]);
  });

  it('takes the columns that it is told', async () => {
    const { sink } = await read('1,2\n3,4\n', { header: false, x: 'field_2', y: 'field_1' });
    expect(sink.features.map(({ geometry }) => geometry)).toEqual([point(2, 1), point(4, 3)]);
  });

  it('obeys the line with which Excel is told the delimiter', async () => {
    const { sink } = await read('sep=;\r\nx;y;a,b\r\n1;2;3\r\n');
    expect(sink.features).toMatchObject([{ geometry: point(1, 2), properties: { 'a,b': { lexical: '3' } } }]);
  });

  it('tells names apart that are the same or missing, and notes it', async () => {
    const { layer } = await read('x,y,a,a,,a\n1,2,3,4,5,6\n');
    expect(layer.fields?.map(({ name }) => name)).toEqual(['a', 'a_2', 'field_5', 'a_3']);
    expect(layer.notes).toHaveLength(3);
  });

  it('takes what is not UTF-8 for windows-1252, and notes it', async () => {
    const { layer, sink } = await read(Buffer.from('x;y;Straße\n1;2;50 \u0080\n', 'latin1'));
    expect(layer.detail.encoding.name).toBe('windows-1252');
    expect(layer.notes).toHaveLength(1);
    expect(sink.features[0]?.properties).toEqual({ Straße: { lexical: '50 €' } });
  });

  it('reads the encoding that it is told', async () => {
    const text = Buffer.from('x,y,a\n1,2,\xc4\n', 'latin1');
    const { sink } = await readFormat(csvFormat, text, { read: { encoding: 'windows-1251' } });
    expect(sink.features[0]?.properties).toEqual({ a: { lexical: 'Д' } });
  });

  it.each([
    ['nothing', '', {}, 'not-csv'],
    ['blank lines', '\n\n', {}, 'not-csv'],
    ['a zero byte', 'x,y\n1,\0\n', {}, 'not-csv'],
    ['no geometry', 'a,b\n1,2\n', {}, 'csv-geometry-missing'],
    ['a column that is not there', 'x,y\n1,2\n', { geometry: 'shape' }, 'csv-column-missing'],
    ['one of two coordinates', 'x,y\n1,2\n', { x: 'x' }, 'csv-coordinate-incomplete'],
    ['a delimiter of two characters', 'x,y\n1,2\n', { delimiter: '::' }, 'csv-delimiter-invalid'],
    ['a quote as delimiter', 'x,y\n1,2\n', { delimiter: '"' }, 'csv-delimiter-invalid'],
    ['an open quote', 'x,y,a\n1,2,"b\n1,2,c\n', {}, 'csv-quote-open'],
    ['an open quote in the first row', 'x,y,"a\n', {}, 'csv-quote-open'],
  ])('refuses %s', async (_what, text, csv, code) => {
    await expect(read(text, csv)).rejects.toMatchObject({ code, retryable: false });
  });

  it('refuses an encoding that it does not read', async () => {
    const reading = readFormat(csvFormat, 'x,y\n', { read: { encoding: 'shift_jis' } });
    await expect(reading).rejects.toMatchObject({ code: 'encoding-unsupported' });
  });
});

describe('readBlock', () => {
  it('gives values as they stand, and nothing for empty cells', async () => {
    const { sink } = await read('x,y,a,b,c\n1,2, 007 ,"",\n');
    expect(sink.features).toMatchObject([{ geometry: point(1, 2), properties: { a: { lexical: ' 007 ' } } }]);
    expect(Object.keys(sink.features[0]!.properties)).toEqual(['a']);
    expect(sink.names).toEqual(['a', 'b', 'c']);
  });

  it('reads WKT, WKB and GeoJSON from one column', async () => {
    const { sink } = await read(
      'a,geom\n1,"LINESTRING Z (1 2 3, 4 5 6)"\n2,0101000000000000000000F03F0000000000000040\n' +
        '3,"{""type"":""Point"",""coordinates"":[1,2,3]}"\n4,\n5,"  POINT (1 2) "\n',
    );
    expect(sink.rejects).toEqual([]);
    expect(sink.features.map(({ geometry }) => geometry)).toEqual([
      {
        type: 'LineString',
        coordinates: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      },
      point(1, 2),
      { type: 'Point', coordinates: [1, 2, 3] },
      null,
      point(1, 2),
    ]);
  });

  it('reads decimal commas, and notes them', async () => {
    const { sink } = await read('lat;lon\n48,85;2,35\n');
    expect(sink.features).toMatchObject([{ geometry: point(2.35, 48.85) }]);
    expect(sink.notes).toMatchObject([{ code: 'csv-decimal-comma' }]);
  });

  it('keeps a quote that does not begin a cell', async () => {
    const { sink } = await readFormat(csvFormat, 'x,y,a\n1,2,5" pipe\n1,2,"b"\n1,2,c\n', { blockBytes: 10 });
    expect(sink.features.map(({ properties }) => properties['a'])).toEqual([
      { lexical: '5" pipe' },
      { lexical: 'b' },
      { lexical: 'c' },
    ]);
  });

  it('takes a quote for what it is wherever a piece of the file ends', async () => {
    const text = 'x,y,a\n1,2,5" pipe\n1,2,"b""\n"\n3,4,""\n5,6,7""\n';
    for (let pieceBytes = 4; pieceBytes < text.length; pieceBytes++) {
      const { sink } = await readFormat(csvFormat, shortReads(Buffer.from(text), pieceBytes), { blockBytes: 1 });
      expect(sink.rejects).toEqual([]);
      expect(sink.features.map(({ properties }) => properties['a']?.['lexical'])).toEqual([
        '5" pipe',
        'b"\n',
        undefined,
        '7""',
      ]);
    }
  });

  it('reads rows that end with a carriage return alone', async () => {
    const { sink } = await read('x,y,a\r1,2,b\r3,4,c');
    expect(sink.features).toHaveLength(2);
  });

  it.each([
    ['too few cells', '1,2', 'csv-row-ragged'],
    ['too many cells', '1,2,3,4', 'csv-row-ragged'],
    ['text behind a quote', '1,2,"a"b', 'csv-quote-invalid'],
    ['a coordinate that is none', 'a,2,3', 'csv-coordinate-not-a-number'],
    ['an infinite coordinate', '1e400,2,3', 'geometry-coordinate-out-of-range'],
    ['one coordinate of two', '1,,3', 'csv-coordinate-missing'],
  ])('rejects a row with %s, and reads on', async (_what, row, code) => {
    const { sink } = await read(`x,y,a\n1,2,3\n${row}\n5,6,7\n`);
    expect(sink.features.map(({ geometry }) => geometry)).toEqual([point(1, 2), point(5, 6)]);
    expect(sink.rejects).toMatchObject([
      { place: { offset: 12, number: 1 }, problem: { code }, source: { text: row } },
    ]);
  });

  it.each([
    ['nothing that is known', 'here', 'wkt-type-unknown'],
    ['half a WKT', 'POINT (1', 'wkt-syntax'],
    ['half a GeoJSON', '{""type""', 'json-syntax'],
    ['half a WKB', '0101000000', 'wkb-truncated'],
    ['WKB with a letter too much', '0101000000000000000000F03F000000000000004x', 'wkb-hex-invalid'],
    ['WKB with something behind it', '0101000000000000000000F03F000000000000004000', 'wkb-trailing-bytes'],
    ['another SRID', 'SRID=2154;POINT (1 2)', 'csv-srid-differs'],
  ])('rejects a geometry of %s, and reads on', async (_what, text, code) => {
    const { sink } = await read(`a,geom\n1,SRID=4326;POINT (1 2)\n2,"${text}"\n3,POINT (3 4)\n`);
    expect(sink.features.map(({ geometry }) => geometry)).toEqual([point(1, 2), point(3, 4)]);
    expect(sink.rejects).toMatchObject([{ problem: { code } }]);
  });

  it('rejects bytes that are not UTF-8 in a file that says it is', async () => {
    const text = Buffer.concat([Buffer.from('\ufeffx,y,a\n1,2,'), Buffer.of(0xff), Buffer.from('\n3,4,b\n')]);
    const { sink } = await read(text);
    expect(sink.features).toHaveLength(1);
    expect(sink.rejects).toMatchObject([
      { problem: { code: 'text-not-utf8' }, source: { bytes: expect.any(Uint8Array) as Uint8Array } },
    ]);
  });
});
