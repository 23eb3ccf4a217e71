import { describe, expect, it } from 'vitest';
import { kmlFormat } from '../../../shared/geo/formats/kml/kml-format.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { readLayer } from '../../helpers/read-layers.ts';

const kml = (content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>Map</name>${content}</Document></kml>`;

const read = (content: string) => readLayer(kmlFormat, kml(content));

/** The geometry of the one Placemark that has this content. */
async function geometryOf(content: string): Promise<unknown> {
  const { features, rejects } = await read(`<Placemark>${content}</Placemark>`);
  expect(rejects).toEqual([]);
  return features[0]?.geometry;
}

async function propertiesOf(content: string, before = ''): Promise<unknown> {
  const { features, rejects } = await read(`${before}<Placemark>${content}</Placemark>`);
  expect(rejects).toEqual([]);
  return features[0]?.properties;
}

describe('kmlFormat', () => {
  it('is one layer in longitude and latitude, named by its document', async () => {
    const { layer } = await read('<Placemark/><Placemark/>');
    expect(layer).toMatchObject({ name: 'Map', crs: { kind: 'crs84' }, features: 2, blocks: 1 });
  });

  it('takes the name of the file where the document has none', async () => {
    const { layer } = await readLayer(kmlFormat, '<kml><Document><Placemark/></Document></kml>');
    expect(layer.name).toBe('file');
  });

  it('reads a Placemark without geometry as null, with its number and place', async () => {
    const { features } = await read('<Placemark/><Placemark id="b"><name>B</name></Placemark>');
    expect(features).toEqual([
      { geometry: null, properties: {}, place: { offset: 154, number: 0 } },
      {
        geometry: null,
        properties: { '\u0000id': { text: 'b' }, name: { text: 'B' } },
        place: { offset: 166, number: 1 },
      },
    ]);
  });

  describe('geometry', () => {
    it('reads points, with altitude as z', async () => {
      expect(await geometryOf('<Point><coordinates> -122.08, 37.42 </coordinates></Point>')).toEqual({
        type: 'Point',
        coordinates: [-122.08, 37.42],
      });
      expect(await geometryOf('<Point><coordinates>1,2,3.5</coordinates></Point>')).toEqual({
        type: 'Point',
        coordinates: [1, 2, 3.5],
      });
    });

    it('reads lines, and rings that stand alone as lines', async () => {
      const coordinates = '<coordinates>0,0 1,1\n2,0</coordinates>';
      const line = { type: 'LineString', coordinates: [[0, 0], [1, 1], [2, 0]] }; // prettier-ignore
      expect(await geometryOf(`<LineString>${coordinates}</LineString>`)).toEqual(line);
      expect(await geometryOf(`<LinearRing>${coordinates}</LinearRing>`)).toEqual(line);
    });

    it('reads polygons with their holes', async () => {
      const ring = (text: string) => `<LinearRing><coordinates>${text}</coordinates></LinearRing>`;
      expect(
        await geometryOf(
          `<Polygon><outerBoundaryIs>${ring('0,0 9,0 9,9 0,0')}</outerBoundaryIs>` +
            `<innerBoundaryIs>${ring('1,1 2,1 2,2 1,1')}</innerBoundaryIs>` +
            `<innerBoundaryIs>${ring('3,1 4,1 4,2 3,1')}</innerBoundaryIs></Polygon>`,
        ),
      ).toEqual({
        type: 'Polygon',
        coordinates: [
          [[0, 0], [9, 0], [9, 9], [0, 0]],
          [[1, 1], [2, 1], [2, 2], [1, 1]],
          [[3, 1], [4, 1], [4, 2], [3, 1]],
        ], // prettier-ignore
      });
    });

    it('makes a multi geometry of members of one kind, nested or not', async () => {
      const point = (text: string) => `<Point><coordinates>${text}</coordinates></Point>`;
      expect(
        await geometryOf(
          `<MultiGeometry>${point('1,2')}<MultiGeometry>${point('3,4')}</MultiGeometry>${point('5,6')}</MultiGeometry>`,
        ),
      ).toEqual({ type: 'MultiPoint', coordinates: [[1, 2], [3, 4], [5, 6]] }); // prettier-ignore
      expect(await geometryOf(`<MultiGeometry>${point('1,2')}</MultiGeometry>`)).toEqual({
        type: 'MultiPoint',
        coordinates: [[1, 2]],
      });
    });

    it('makes a collection of members of several kinds', async () => {
      const polygon = (x: number) =>
        `<Polygon><outerBoundaryIs><LinearRing><coordinates>${x},0,1 ${x + 1},0,1 ${x},1,1 ${x},0,1</coordinates></LinearRing></outerBoundaryIs></Polygon>`;
      expect(
        await geometryOf(
          `<MultiGeometry>${polygon(0)}${polygon(5)}<Point><coordinates>7,8</coordinates></Point></MultiGeometry>`,
        ),
      ).toEqual({
        type: 'GeometryCollection',
        geometries: [
          { type: 'Polygon', coordinates: [[[0, 0, 1], [1, 0, 1], [0, 1, 1], [0, 0, 1]]] },
          { type: 'Polygon', coordinates: [[[5, 0, 1], [6, 0, 1], [5, 1, 1], [5, 0, 1]]] },
          { type: 'Point', coordinates: [7, 8] },
        ], // prettier-ignore
      });
    });

    it('leaves empty members out, and keeps what is empty as a whole', async () => {
      expect(await geometryOf('<MultiGeometry/>')).toEqual({ type: 'GeometryCollection', geometries: [] });
      expect(await geometryOf('<Polygon/>')).toEqual({ type: 'Polygon', coordinates: [] });
      expect(await geometryOf('<Point><coordinates/></Point>')).toEqual({ type: 'Point', coordinates: [] });
      expect(
        await geometryOf('<MultiGeometry><Polygon/><Point><coordinates>1,2</coordinates></Point></MultiGeometry>'),
      ).toEqual({ type: 'MultiPoint', coordinates: [[1, 2]] });
    });

    it.each([
      ['1, 2, 3', [[1, 2, 3]]],
      ['1,2,\n3,4,', [[1, 2], [3, 4]]], // prettier-ignore
      ['1 , 2\t3 ,4', [[1, 2], [3, 4]]], // prettier-ignore
      ['1,2,0, 3,4,0,', [[1, 2, 0], [3, 4, 0]]], // prettier-ignore
      ['+1.5e1,-.5 007,2.', [[15, -0.5], [7, 2]]], // prettier-ignore
    ])('reads %j as people write it', async (text, coordinates) => {
      expect(await geometryOf(`<LineString><coordinates>${text}</coordinates></LineString>`)).toEqual({
        type: 'LineString',
        coordinates,
      });
    });

    it('reads coordinates with comments, references and CDATA sections among them', async () => {
      expect(await geometryOf('<Point><coordinates>1<!-- one -->&#44;<![CDATA[2]]></coordinates></Point>')).toEqual({
        type: 'Point',
        coordinates: [1, 2],
      });
    });

    it.each(['1', '1,x', '1,2,3,4', '1,2;3,4', 'NaN,1', '1e400,0', '1,,2', '&#x660;,1'])(
      'rejects the coordinates %j',
      async (text) => {
        const { features, rejects } = await read(
          `<Placemark><LineString><coordinates>${text}</coordinates></LineString></Placemark><Placemark/>`,
        );
        expect(features).toHaveLength(1);
        expect(rejects.map(({ problem }) => problem.code)).toEqual(['coordinates-invalid']);
      },
    );

    it('reads a track as a line, its times and turns as JSON', async () => {
      const { features } = await read(
        `<Placemark><gx:Track><altitudeMode>absolute</altitudeMode>
          <when>2010-05-28T02:02:09Z</when><when>2010-05-28T02:02:35Z</when>
          <gx:coord>-122.2 37.3 156</gx:coord><gx:coord>-122.3 37.4 152</gx:coord>
          <gx:angles>45 66 77</gx:angles></gx:Track></Placemark>`,
      );
      expect(features[0]).toMatchObject({
        geometry: { type: 'LineString', coordinates: [[-122.2, 37.3, 156], [-122.3, 37.4, 152]] },
        properties: {
          altitudeMode: { text: 'absolute' },
          times: { json: ['2010-05-28T02:02:09Z', '2010-05-28T02:02:35Z'] },
          angles: { json: ['45 66 77'] },
        },
      }); // prettier-ignore
    });

    it('reads a MultiTrack as lines, with an array of times for each', async () => {
      const track = (x: number) =>
        `<gx:Track><when>2010</when><when>2011</when><gx:coord>${x} 0</gx:coord><gx:coord>${x} 1</gx:coord></gx:Track>`;
      const { features } = await read(`<Placemark><gx:MultiTrack>${track(1)}${track(2)}</gx:MultiTrack></Placemark>`);
      expect(features[0]).toMatchObject({
        geometry: { type: 'MultiLineString', coordinates: [[[1, 0], [1, 1]], [[2, 0], [2, 1]]] },
        properties: { times: { json: [['2010', '2011'], ['2010', '2011']] } },
      }); // prettier-ignore
    });

    it('leaves out positions that a recorder did not have, and notes times that do not match', async () => {
      const { features, notes } = await read(
        '<Placemark><gx:Track><when>1</when><gx:coord>1 2 3</gx:coord><gx:coord/><gx:coord>4 5 6</gx:coord></gx:Track></Placemark>',
      );
      expect(features[0]?.geometry).toEqual({ type: 'LineString', coordinates: [[1, 2, 3], [4, 5, 6]] }); // prettier-ignore
      expect(notes.map(({ code }) => code)).toEqual(['kml-track-times-differ']);
    });
  });

  describe('fields', () => {
    it('reads those of KML by their types', async () => {
      expect(
        await propertiesOf(`<name> A &amp; B </name><visibility>0</visibility><open>true</open><address>Here</address>
          <phoneNumber>1</phoneNumber><Snippet maxLines="2">short</Snippet><styleUrl>#s</styleUrl>
          <Point><extrude>1</extrude><altitudeMode>absolute</altitudeMode><coordinates>1,2</coordinates></Point>`),
      ).toEqual({
        name: { text: 'A & B' },
        visibility: { boolean: false },
        open: { boolean: true },
        address: { text: 'Here' },
        phoneNumber: { text: '1' },
        snippet: { text: 'short' },
        styleUrl: { text: '#s' },
        extrude: { boolean: true },
        altitudeMode: { text: 'absolute' },
      });
    });

    it('keeps a description as it is, with its markup', async () => {
      expect(await propertiesOf('<description><![CDATA[ <b>5 < 6</b>\r\n]]></description>')).toEqual({
        description: { text: ' <b>5 < 6</b>\n' },
      });
      expect(await propertiesOf('<description>a <i>b</i> c</description>')).toEqual({
        description: { text: 'a <i>b</i> c' },
      });
    });

    it('reads the moment and the ends of its time as they are written', async () => {
      expect(await propertiesOf('<TimeStamp><when>1997-07</when></TimeStamp>')).toEqual({
        timestamp: { lexical: '1997-07' },
      });
      expect(await propertiesOf('<TimeSpan><begin>1876-08-01</begin><end/></TimeSpan>')).toEqual({
        begin: { lexical: '1876-08-01' },
      });
    });

    it('reads untyped data as it is written', async () => {
      expect(
        await propertiesOf(`<ExtendedData><Data name="holes"><displayName>Holes</displayName><value>18</value></Data>
          <Data name="empty"><value/></Data></ExtendedData>`),
      ).toEqual({ holes: { lexical: '18' } });
    });

    it('reads typed data by its schema, and declares its fields', async () => {
      const schema = `<Schema name="trail" id="trail"><SimpleField type="string" name="head"><displayName>Head</displayName></SimpleField>
        <SimpleField type="double" name="miles"/><SimpleField type="int" name="count"/><SimpleField type="bool" name="paved"/></Schema>`;
      const data = `<ExtendedData><SchemaData schemaUrl="#trail"><SimpleData name="head">Pi</SimpleData>
        <SimpleData name="miles">3.5</SimpleData><SimpleData name="count">10</SimpleData>
        <SimpleData name="paved">1</SimpleData><SimpleData name="other">7</SimpleData></SchemaData></ExtendedData>`;
      const { layer, features } = await read(`${schema}<Placemark>${data}</Placemark>`);
      expect(layer.fields).toEqual([
        { name: 'head', type: 'text', title: 'Head' },
        { name: 'miles', type: 'double' },
        { name: 'count', type: 'integer' },
        { name: 'paved', type: 'boolean' },
      ]);
      expect(features[0]?.properties).toEqual({
        head: { text: 'Pi' },
        miles: { double: 3.5 },
        count: { integer: 10 },
        paved: { boolean: true },
        other: { lexical: '7' },
      });
    });

    it('keeps a value that is not of its type as text, and notes it', async () => {
      const { features, notes } = await read(
        `<Schema id="s"><SimpleField type="int" name="n"/></Schema>
        <Placemark><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="n">many</SimpleData></SchemaData></ExtendedData></Placemark>`,
      );
      expect(features[0]?.properties).toEqual({ n: { text: 'many' } });
      expect(notes.map(({ code }) => code)).toEqual(['xml-value-not-of-type']);
    });

    it('keeps 64-bit integers exactly', async () => {
      const schema = '<Schema id="s"><SimpleField type="int" name="n"/></Schema>';
      const data =
        '<ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="n">9007199254740993</SimpleData></SchemaData></ExtendedData>';
      expect(await propertiesOf(data, schema)).toEqual({ n: { bigInteger: 9007199254740993n } });
    });

    it('puts data apart that is called as a field of KML is', async () => {
      expect(
        await propertiesOf('<name>A</name><ExtendedData><Data name="name"><value>B</value></Data></ExtendedData>'),
      ).toEqual({ name: { text: 'A' }, 'ExtendedData.name': { lexical: 'B' } });
    });

    it('makes an array of a field that comes more than once', async () => {
      expect(await propertiesOf('<phoneNumber>1</phoneNumber><phoneNumber>2</phoneNumber>')).toEqual({
        phoneNumber: { json: ['1', '2'] },
      });
    });

    it('reads what other namespaces add', async () => {
      expect(
        await propertiesOf(`<atom:author xmlns:atom="http://www.w3.org/2005/Atom"><atom:name>M</atom:name></atom:author>
          <atom:link href="http://example.com"/><gx:balloonVisibility>1</gx:balloonVisibility>
          <ExtendedData xmlns:camp="http://camp"><camp:number>14</camp:number></ExtendedData>`),
      ).toEqual({
        'author.name': { lexical: 'M' },
        'link@href': { lexical: 'http://example.com' },
        balloonVisibility: { lexical: '1' },
        number: { lexical: '14' },
      });
    });

    it('tells the folders of a Placemark, in any cut', async () => {
      const content = kml(
        `<Folder><name>A</name><Placemark/><Folder><name>B &amp; C</name><Placemark/></Folder><Placemark/></Folder>
        <Document><name>D</name><Folder><Placemark/></Folder></Document><Placemark/>`,
      );
      for (const blockBytes of [1, 20, 2 ** 20]) {
        const { features } = await readLayer(kmlFormat, content, { blockBytes });
        expect(features.map(({ properties }) => properties['folder']?.['text'])).toEqual([
          'A',
          'A/B & C',
          'A',
          'D',
          undefined,
        ]);
      }
    });
  });

  it('notes what is linked and what is drawn, and reads on', async () => {
    const { layer, notes, features } = await read(
      `<NetworkLink><Link><href>http://127.0.0.1:9/evil.kml</href></Link></NetworkLink><GroundOverlay/>
      <Placemark><Style/><LookAt/><Model/><name>A</name></Placemark>`,
    );
    expect(layer.notes).toEqual([
      'NetworkLink elements are left out (1): nothing that a file links to is read.',
      'GroundOverlay elements are left out (1): nothing that a file links to is read.',
    ]);
    expect(notes.map(({ reason }) => reason)).toEqual([
      'A Style element of a Placemark is not read.',
      'A LookAt element of a Placemark is not read.',
      'A Model element of a Placemark is not read.',
    ]);
    expect(features).toHaveLength(1);
  });

  it.each([
    ['links to others alone', '<kml><Folder><NetworkLink/></Folder></kml>', []],
    ['nothing', '<kml/>', [0]],
    ['a Placemark beside links', '<kml><NetworkLink/><Placemark/></kml>', [1]],
  ])('has of a file with %s layers of so many features', async (_, content, features) => {
    const { signal } = new AbortController();
    const file = memoryReader(Buffer.from(content));
    const layers = await kmlFormat.inspect({ file }, { blockBytes: 2 ** 20, name: 'file', signal });
    expect(layers.map((layer) => layer.features)).toEqual(features);
  });

  it('may have Placemarks behind the part of a file that is there', async () => {
    const { signal } = new AbortController();
    const file = memoryReader(Buffer.from('<kml><NetworkLink/>'));
    const options = { blockBytes: 2 ** 20, name: 'file', isFront: true, signal };
    expect(await kmlFormat.inspect({ file }, options)).toHaveLength(1);
  });

  it.each([
    [
      'upper case',
      '<KML><DOCUMENT><PLACEMARK><POINT><COORDINATES>1,2</COORDINATES></POINT></PLACEMARK></DOCUMENT></KML>',
    ],
    [
      'KML 2.0',
      '<kml xmlns="http://earth.google.com/kml/2.0"><Placemark><Point><coordinates>1,2</coordinates></Point></Placemark></kml>',
    ],
    [
      'prefixes',
      '<k:kml xmlns:k="http://www.opengis.net/kml/2.3"><k:Placemark><k:Point><k:coordinates>1,2</k:coordinates></k:Point></k:Placemark></k:kml>',
    ],
    ['no root', '<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>'],
  ])('reads files with %s', async (_, content) => {
    const { features } = await readLayer(kmlFormat, content);
    expect(features.map(({ geometry }) => geometry)).toEqual([{ type: 'Point', coordinates: [1, 2] }]);
  });

  it('rejects a Placemark that is not well-formed, with its text, and reads the next', async () => {
    const bad = '<Placemark><name>A</Placemark>';
    const { features, rejects } = await read(`${bad}<Placemark><name>B</name></Placemark>`);
    expect(rejects).toEqual([
      {
        place: { offset: 154, number: 0 },
        problem: { code: 'xml-not-well-formed', reason: 'The element "name" is not closed.' },
        source: { text: bad },
      },
    ]);
    expect(features.map(({ properties }) => properties)).toEqual([{ name: { text: 'B' } }]);
  });

  it('rejects a Placemark that is not closed, and reads the next', async () => {
    const { features, rejects } = await read(
      '<Folder><Placemark><name>A</name><Placemark><name>B</name></Placemark><Placemark><name>C</name></Folder>',
    );
    expect(features.map(({ properties }) => properties['name'])).toEqual([{ text: 'B' }]);
    expect(rejects.map(({ problem }) => problem.code)).toEqual(['xml-not-well-formed', 'xml-not-well-formed']);
  });

  it('refuses what is not KML', async () => {
    await expect(read('').then(() => readLayer(kmlFormat, '<gpx/>'))).rejects.toMatchObject({
      code: 'xml-root-unexpected',
    });
  });
});
