import { describe, expect, it } from 'vitest';
import { geoJsonFormat } from '../../../shared/geo/formats/geojson/geojson-format.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { readFormat } from '../../helpers/read-format.ts';

const read = (content: string | Uint8Array) => readFormat(geoJsonFormat, content);
const collection = (...features: string[]) => `{"type":"FeatureCollection","features":[${features.join()}]}`;
const feature = (geometry: string, properties = 'null') =>
  `{"type":"Feature","properties":${properties},"geometry":${geometry}}`;
const geometry = (type: string, coordinates: string) => `{"type":"${type}","coordinates":${coordinates}}`;

async function rejectionOf(text: string): Promise<string | undefined> {
  const { sink } = await read(collection(feature(geometry('Point', '[1,2]')), text, feature('null')));
  // The bad one harms no neighbour.
  expect(sink.features.map(({ place }) => place.number)).toEqual([0, 2]);
  expect(sink.rejects).toHaveLength(1);
  return sink.rejects[0]?.problem.code;
}

describe('inspect', () => {
  it('finds the features before and behind the other members', async () => {
    const features = `"features":[${feature('null')}]`;
    const crs = '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::2154"}}';
    for (const members of [
      [features, '"name":"roads"', crs, '"type":"FeatureCollection"'],
      [crs, '"type":"FeatureCollection"', '"name":"roads"', features],
    ]) {
      const { layer, sink } = await read(`{${members.join()}}`);
      expect(layer).toMatchObject({ name: 'roads', crs: { kind: 'epsg', code: 2154 }, features: 1, blocks: 1 });
      expect(sink.features).toHaveLength(1);
    }
  });

  it('is not taken in by features inside of other members', async () => {
    const { layer } = await read(
      `{"meta":{"features":[${feature('null')}]},"note":"\\"features\\":[{","type":"FeatureCollection","features":[]}`,
    );
    expect(layer).toMatchObject({ features: 0, blocks: 1, name: 'file', crs: { kind: 'crs84' } });
  });

  it('takes the last of two arrays of features, as JSON.parse does', async () => {
    const { layer } = await read(
      `{"type":"FeatureCollection","features":[${feature('null')}],"features":[${feature('null')},${feature('null')}]}`,
    );
    expect(layer.features).toBe(2);
  });

  it('notes a CRS that it cannot tell', async () => {
    const { layer } = await read('{"type":"FeatureCollection","crs":null,"features":[]}');
    expect(layer.crs).toBeUndefined();
    expect(layer.notes).toHaveLength(1);
  });

  it('cuts blocks where a feature begins behind so many bytes', async () => {
    const text = collection(...Array.from({ length: 100 }, () => feature('null')));
    const { layer } = await readFormat(geoJsonFormat, text, { blockBytes: 500 });
    const { starts, numbers } = layer.detail;
    expect(layer.blocks).toBe(starts.length);
    expect(starts.map((start) => text.slice(start, start + 7))).toEqual(starts.map(() => '{"type"'));
    expect(numbers.slice(0, 3)).toEqual([0, 10, 20]);
    for (const [index, start] of starts.slice(1).entries()) expect(start - starts[index]!).toBeGreaterThanOrEqual(500);
  });

  it('reads the file once, in pieces of 2 MiB', async () => {
    const text = collection(feature('null', `{"text":"${'x'.repeat(5 * 2 ** 20)}"}`));
    const file = memoryReader(Buffer.from(text));
    await readFormat(geoJsonFormat, file);
    const [head, ...reads] = file.reads;
    expect(head?.length).toBeLessThan(10);
    expect(Math.max(...reads.map(({ length }) => length))).toBe(2 * 2 ** 20);
    expect(reads).toHaveLength(6);
  });

  it.each([
    ['nothing', '', 'not-geojson'],
    ['white space', ' \n', 'not-geojson'],
    ['an array', '[]', 'not-geojson'],
    ['a TIFF', 'II*\0', 'not-geojson'],
    ['an object without a type', '{"features":[]}', 'not-geojson'],
    ['a topology', '{"type":"Topology","objects":{}}', 'not-geojson'],
    ['a collection without features', '{"type":"FeatureCollection"}', 'not-geojson'],
    ['features that are no array', '{"type":"FeatureCollection","features":{}}', 'not-geojson'],
    ['the beginning of a file', '{"type":"FeatureCollection","features":[{"type":"Fea', 'geojson-truncated'],
    ['a missing comma', '{"type":"FeatureCollection","features":[{} {}]}', 'geojson-corrupt'],
    ['a comma too many', '{"type":"FeatureCollection","features":[{},]}', 'geojson-corrupt'],
    ['a comma too many behind a member', '{"type":"FeatureCollection",}', 'geojson-corrupt'],
    ['a value that is missing', '{"type":"FeatureCollection","bbox":,"features":[]}', 'geojson-corrupt'],
    ['names without quotes', '{type:"FeatureCollection"}', 'geojson-corrupt'],
    ['a second object', `${collection()}\n${collection()}`, 'geojson-trailing-content'],
  ])('refuses %s', async (_what, text, code) => {
    await expect(read(text)).rejects.toMatchObject({ code, retryable: false });
  });
});

describe('readBlock', () => {
  it('gives every kind of geometry', async () => {
    const geometries = [
      geometry('Point', '[1,2,3]'),
      geometry('MultiPoint', '[[1,2],[3,4]]'),
      geometry('LineString', '[[1,2],[3,4]]'),
      geometry('MultiLineString', '[[[1,2],[3,4]],[[5,6],[7,8],[9,10]]]'),
      geometry('Polygon', '[[[0,0],[9,0],[9,9],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]'),
      geometry('MultiPolygon', '[[[[0,0],[9,0],[9,9],[0,0]]],[[[10,0],[19,0],[19,9],[10,0]]]]'),
      `{"type":"GeometryCollection","geometries":[${geometry('Point', '[1,2]')},{"type":"GeometryCollection","geometries":[]}]}`,
    ];
    const { sink } = await read(collection(...geometries.map((text) => feature(text))));
    expect(sink.features.map((each) => each.geometry)).toEqual(geometries.map((text) => JSON.parse(text) as unknown));
  });

  it('tells apart what JSON tells apart', async () => {
    const properties =
      '{"i":12,"d":1.0,"e":1e3,"l":9007199254740993,"t":"a","x":"\\u00e9","b":true,"f":false,"n":null,"o":{"a":[1]},"a":[]}';
    const { sink } = await read(collection(feature('null', properties)));
    expect(sink.features[0]?.properties).toEqual({
      ...{ i: { integer: 12 }, d: { double: 1 }, e: { double: 1000 }, l: { bigInteger: 9_007_199_254_740_993n } },
      ...{ t: { text: 'a' }, x: { text: 'é' }, b: { boolean: true }, f: { boolean: false } },
      ...{ o: { json: { a: [1] } }, a: { json: [] } },
    });
    expect(sink.names).toContain('n');
    expect(sink.notes).toEqual([]);
  });

  it.each([
    ['9223372036854775807', { bigInteger: 2n ** 63n - 1n }],
    ['-9223372036854775808', { bigInteger: -(2n ** 63n) }],
    ['9007199254740991', { integer: 9_007_199_254_740_991 }],
    ['-9007199254740992', { bigInteger: -9_007_199_254_740_992n }],
  ])('reads the integer %s exactly', async (text, given) => {
    const { sink } = await read(collection(feature('null', `{"n":${text}}`)));
    expect(sink.features[0]?.properties['n']).toEqual(given);
  });

  it.each([
    ['9223372036854775808', 'integer-beyond-64-bits'],
    ['-9223372036854775809', 'integer-beyond-64-bits'],
    ['123456789012345678901234567890', 'integer-beyond-64-bits'],
    ['1e400', 'number-out-of-range'],
  ])('keeps %s as text, and notes it', async (text, code) => {
    const { sink } = await read(collection(feature('null', `{"n":${text}}`)));
    expect(sink.features[0]?.properties['n']).toEqual({ text });
    expect(sink.notes).toMatchObject([{ code }]);
  });

  it.each([
    ['a name twice', feature('null', '{"a":1,"b":2,"\\u0061":3}'), 'geojson-duplicate-name'],
    ['a member that it does not know', '{"type":"Feature","style":{},"geometry":null}', 'geojson-foreign-member'],
    ['a fourth number', feature(geometry('Point', '[1,2,3,4]')), 'geojson-position-extra'],
    ['an empty part', feature(geometry('MultiPolygon', '[[]]')), 'geometry-empty-part'],
    ['an id that is none', '{"type":"Feature","id":{},"geometry":null}', 'geojson-id-type'],
    ['half a surrogate pair', feature('null', '{"a":"\\ud800"}'), 'text-not-well-formed'],
  ])('notes %s', async (_what, text, code) => {
    const { sink } = await read(collection(text));
    expect(sink.features).toHaveLength(1);
    expect(sink.notes).toMatchObject([{ code }]);
  });

  it('takes the last of two properties, geometries and ids', async () => {
    const twice = `{"id":1,"properties":{"a":1,"c":1},"geometry":${geometry('Point', '[1,1]')},"type":"Feature",
      "id":"x","properties":{"b":2,"b":3},"geometry":${geometry('Point', '[2,2]')}}`;
    const { sink } = await read(collection(twice));
    expect(sink.features).toMatchObject([
      { geometry: { coordinates: [2, 2] }, properties: { b: { integer: 3 }, '\u0000id': { text: 'x' } } },
    ]);
    expect(Object.keys(sink.features[0]!.properties)).toHaveLength(2);
  });

  it('keeps a property apart that has the name of the identifier', async () => {
    const { sink } = await read(collection('{"type":"Feature","id":7,"properties":{"\\u0000id":8},"geometry":null}'));
    expect(sink.features[0]?.properties).toEqual({ '\u0000id': { integer: 7 } });
    expect(sink.notes).toMatchObject([{ code: 'geojson-duplicate-name' }]);
  });

  it('passes on a ring that is not closed', async () => {
    const { sink } = await read(collection(feature(geometry('Polygon', '[[[0,0],[9,0],[9,9],[0,9]]]'))));
    expect(sink.features).toHaveLength(1);
  });

  it('takes empty coordinates for an empty geometry', async () => {
    const { sink } = await read(collection(feature(geometry('Polygon', '[]')), feature(geometry('Point', '[ ]'))));
    expect(sink.features.map((each) => each.geometry)).toEqual([
      { type: 'Polygon', coordinates: [] },
      { type: 'Point', coordinates: [] },
    ]);
  });

  it.each([
    ['a number', '5', 'geojson-not-a-feature'],
    ['a text', '"a"', 'geojson-not-a-feature'],
    ['null', 'null', 'geojson-not-a-feature'],
    ['an array', '[{}]', 'geojson-not-a-feature'],
    ['no JSON at all', 'nothing', 'json-syntax'],
    ['an object without a type', '{"properties":{}}', 'geojson-not-a-feature'],
    ['a geometry', geometry('Point', '[1,2]'), 'geojson-not-a-feature'],
    ['another type', '{"type":"Feat","properties":null,"geometry":null}', 'geojson-not-a-feature'],
    ['a type that is no text', '{"type":["Feature"],"properties":null,"geometry":null}', 'geojson-not-a-feature'],
    ['properties that are an array', feature('null', '[]'), 'geojson-properties-type'],
    ['a geometry that is a text', feature('"POINT (1 2)"'), 'geojson-geometry-type'],
    ['a geometry without a type', feature('{"coordinates":[1,2]}'), 'geojson-geometry-type'],
    ['an unknown geometry', feature(geometry('Circle', '[1,2]')), 'geojson-geometry-type'],
    ['no coordinates', feature('{"type":"Point"}'), 'geojson-coordinates-missing'],
    ['no geometries', feature('{"type":"GeometryCollection"}'), 'geojson-coordinates-missing'],
    ['null in a collection', feature('{"type":"GeometryCollection","geometries":[null]}'), 'geojson-geometry-type'],
    ['coordinates that are null', feature(geometry('Point', 'null')), 'geojson-coordinates-nesting'],
    ['coordinates too deep', feature(geometry('Point', '[[1,2]]')), 'geojson-coordinates-nesting'],
    ['coordinates too flat', feature(geometry('Polygon', '[[1,2],[3,4]]')), 'geojson-coordinates-nesting'],
    ['coordinates of mixed depth', feature(geometry('LineString', '[[1,2],3]')), 'geojson-coordinates-nesting'],
    ['a position of one number', feature(geometry('Point', '[1]')), 'geojson-position-too-short'],
    [
      'a position of one number in a line',
      feature(geometry('LineString', '[[1,2],[3]]')),
      'geojson-position-too-short',
    ],
    ['an empty position', feature(geometry('MultiPoint', '[[]]')), 'geojson-position-too-short'],
    ['a coordinate that is a text', feature(geometry('Point', '["1",2]')), 'geojson-coordinate-type'],
    ['NaN', feature(geometry('Point', '[NaN,2]')), 'json-number-not-finite'],
    ['-Infinity', feature(geometry('Point', '[1,-Infinity]')), 'json-number-not-finite'],
    ['NaN in a property', feature('null', '{"a":NaN}'), 'json-number-not-finite'],
    ['1e400', feature(geometry('Point', '[1,1e400]')), 'geometry-coordinate-out-of-range'],
    ['a ring of three', feature(geometry('Polygon', '[[[0,0],[1,0],[0,0]]]')), 'geometry-ring-too-short'],
    [
      'an empty outer ring',
      feature(geometry('Polygon', '[[],[[0,0],[1,0],[1,1],[0,0]]]')),
      'geometry-outer-ring-empty',
    ],
    ['a line of one', feature(geometry('LineString', '[[0,0]]')), 'geometry-line-too-short'],
    ['a comma too many', feature(geometry('Point', '[1,2,]')), 'json-syntax'],
    ['a comma too many in an array', feature(geometry('LineString', '[[1,2],[3,4],]')), 'json-syntax'],
    ['a comma too many in properties', feature('null', '{"a":1,}'), 'json-syntax'],
    ['a missing colon', feature('null', '{"a" 1}'), 'json-syntax'],
    ['a leading zero', feature('null', '{"a":01}'), 'json-syntax'],
    ['a half literal', feature('null', '{"a":tru}'), 'json-syntax'],
    ['an unknown escape', feature('null', '{"a":"\\x"}'), 'json-syntax'],
    ['a short escape', feature('null', '{"a":"\\u12"}'), 'json-syntax'],
    ['a line break in a text', feature('null', '{"a":"\n"}'), 'json-syntax'],
    ['a bracket that another closes', feature('null', '{"a":[1}'), 'json-syntax'],
    ['a member that is no JSON', '{"type":"Feature","x":yes,"properties":null,"geometry":null}', 'json-syntax'],
  ])('rejects %s, and reads on', async (_what, text, code) => {
    expect(await rejectionOf(text)).toBe(code);
  });

  it('rejects what is not UTF-8, with its bytes', async () => {
    const text = collection(feature('null', '{"a":"caf\u00e9"}'), feature('null', '{"a":"plain"}'));
    const { sink } = await read(Buffer.from(text, 'latin1'));
    expect(sink.rejects).toMatchObject([{ problem: { code: 'text-not-utf8' } }]);
    const { bytes } = sink.rejects[0]!.source as { bytes: Uint8Array };
    expect(Buffer.from(bytes).toString('latin1')).toBe(feature('null', '{"a":"caf\u00e9"}'));
    expect(sink.features).toMatchObject([{ properties: { a: { text: 'plain' } } }]);
  });

  it('reads another encoding when told', async () => {
    const text = collection(feature('null', '{"a":"caf\u00e9 \u20ac"}'));
    const bytes = Buffer.from(text.replace('\u20ac', '\u0080'), 'latin1');
    const { sink } = await readFormat(geoJsonFormat, bytes, { read: { encoding: 'latin1' } });
    expect(sink.features).toMatchObject([{ properties: { a: { text: 'caf\u00e9 \u20ac' } } }]);
  });

  it('says where a rejected feature stands, and gives its text', async () => {
    const bad = feature(geometry('Point', '[1]'));
    const { sink } = await read(collection(feature('null'), bad));
    expect(sink.rejects).toMatchObject([
      { place: { offset: collection(feature('null')).length - 1, number: 1 }, source: { text: bad } },
    ]);
  });
});
