import { describe, expect, it } from 'vitest';
import { gmlFormat } from '../../../shared/geo/formats/gml/gml-format.ts';
import { readLayer, readLayers } from '../../helpers/read-layers.ts';

const collection = (members: string): string =>
  `<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:app="http://example.com/app"
  xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${members}</gml:FeatureCollection>`;

const member = (content: string): string =>
  `<gml:featureMember><app:road gml:id="r1">${content}</app:road></gml:featureMember>`;

async function featureOf(content: string) {
  const { features, rejects } = await readLayer(gmlFormat, collection(member(content)));
  expect(rejects).toEqual([]);
  return features[0];
}

const geometryOf = async (geometry: string) => (await featureOf(`<app:geom>${geometry}</app:geom>`))?.geometry;
const propertiesOf = async (content: string) => {
  const { '\u0000id': id, ...properties } = (await featureOf(content))!.properties;
  expect(id).toEqual({ text: 'r1' });
  return properties;
};

describe('gmlFormat', () => {
  it('makes a layer of each feature type', async () => {
    const layers = await readLayers(
      gmlFormat,
      collection(
        `<gml:featureMember><app:road/></gml:featureMember><gml:featureMembers><app:lake/><app:road/></gml:featureMembers>
        <gml:featureMember><o:road xmlns:o="http://other"/></gml:featureMember>`,
      ),
      { blockBytes: 1 },
    );
    expect([...layers].map(([name, { layer, features }]) => [name, layer.features, features.length])).toEqual([
      ['app:road', 2, 2],
      ['lake', 1, 1],
      ['o:road', 1, 1],
    ]);
  });

  it('reads the collections of WFS 2.0, and those within', async () => {
    const content = `<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"
      numberMatched="3"><wfs:member><wfs:FeatureCollection><wfs:member><f gml:id="1"/></wfs:member></wfs:FeatureCollection></wfs:member>
      <wfs:member><wfs:Tuple><wfs:member><f gml:id="2"/></wfs:member></wfs:Tuple></wfs:member>
      <wfs:member><f gml:id="3"/></wfs:member></wfs:FeatureCollection>`;
    for (const blockBytes of [1, 1000]) {
      const { features } = await readLayer(gmlFormat, content, { blockBytes });
      expect(features.map(({ properties, place }) => [properties['\u0000id']?.['text'], place.number])).toEqual([
        ['1', 0],
        ['2', 1],
        ['3', 2],
      ]);
    }
  });

  it('refuses what is no collection', async () => {
    await expect(readLayers(gmlFormat, '<kml><Placemark/></kml>')).rejects.toMatchObject({
      code: 'xml-root-unexpected',
    });
    expect(await readLayers(gmlFormat, collection(''))).toEqual(new Map());
  });

  describe('geometry', () => {
    it.each([
      ['<gml:Point><gml:pos>1 2</gml:pos></gml:Point>', { type: 'Point', coordinates: [1, 2] }],
      ['<gml:Point><gml:pos>1 2 3</gml:pos></gml:Point>', { type: 'Point', coordinates: [1, 2, 3] }],
      ['<gml:Point><gml:coordinates>1,2</gml:coordinates></gml:Point>', { type: 'Point', coordinates: [1, 2] }],
      ['<gml:Point><gml:coordinates decimal="," cs=" " ts=";">1,5 2</gml:coordinates></gml:Point>', { type: 'Point', coordinates: [1.5, 2] }],
      ['<gml:Point><gml:coord><gml:X>1</gml:X><gml:Y>2</gml:Y></gml:coord></gml:Point>', { type: 'Point', coordinates: [1, 2] }],
      ['<gml:LineString><gml:posList>1 2 3 4</gml:posList></gml:LineString>', { type: 'LineString', coordinates: [[1, 2], [3, 4]] }],
      ['<gml:LineString><gml:posList srsDimension="3">1 2 3 4 5 6</gml:posList></gml:LineString>', { type: 'LineString', coordinates: [[1, 2, 3], [4, 5, 6]] }],
      ['<gml:LineString srsDimension="3"><gml:posList>1 2 3 4 5 6</gml:posList></gml:LineString>', { type: 'LineString', coordinates: [[1, 2, 3], [4, 5, 6]] }],
      ['<gml:LineString><gml:posList>1 2 3 4 5 6 7 8 9</gml:posList></gml:LineString>', { type: 'LineString', coordinates: [[1, 2, 3], [4, 5, 6], [7, 8, 9]] }],
      ['<gml:LineString><gml:pos>1 2</gml:pos><gml:pointProperty><gml:Point><gml:pos>3 4</gml:pos></gml:Point></gml:pointProperty></gml:LineString>', { type: 'LineString', coordinates: [[1, 2], [3, 4]] }],
      ['<gml:Polygon><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>0,0 9,0 9,9 0,0</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs><gml:innerBoundaryIs><gml:LinearRing><gml:coordinates>1,1 2,1 2,2 1,1</gml:coordinates></gml:LinearRing></gml:innerBoundaryIs></gml:Polygon>', { type: 'Polygon', coordinates: [[[0, 0], [9, 0], [9, 9], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]] }],
      ['<gml:Surface><gml:patches><gml:PolygonPatch><gml:exterior><gml:LinearRing><gml:posList>0 0 9 0 9 9 0 0</gml:posList></gml:LinearRing></gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface>', { type: 'Polygon', coordinates: [[[0, 0], [9, 0], [9, 9], [0, 0]]] }],
      ['<gml:MultiPoint><gml:pointMember><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:pointMember></gml:MultiPoint>', { type: 'MultiPoint', coordinates: [[1, 2]] }],
      ['<gml:MultiPoint><gml:pointMembers><gml:Point><gml:pos>1 2</gml:pos></gml:Point><gml:Point><gml:pos>3 4</gml:pos></gml:Point></gml:pointMembers></gml:MultiPoint>', { type: 'MultiPoint', coordinates: [[1, 2], [3, 4]] }],
      ['<gml:MultiCurve><gml:curveMember><gml:LineString><gml:posList>1 2 3 4</gml:posList></gml:LineString></gml:curveMember></gml:MultiCurve>', { type: 'MultiLineString', coordinates: [[[1, 2], [3, 4]]] }],
      ['<gml:MultiSurface/>', { type: 'MultiPolygon', coordinates: [] }],
      ['<gml:MultiGeometry><gml:geometryMember><gml:Point><gml:pos>1 2</gml:pos></gml:Point></gml:geometryMember><gml:geometryMember><gml:LineString><gml:posList>1 2 3 4</gml:posList></gml:LineString></gml:geometryMember></gml:MultiGeometry>', { type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [1, 2] }, { type: 'LineString', coordinates: [[1, 2], [3, 4]] }] }],
      ['<gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>0 0 1 1</gml:posList></gml:LineStringSegment><gml:LineStringSegment><gml:posList>1 1 2 0</gml:posList></gml:LineStringSegment></gml:segments></gml:Curve>', { type: 'LineString', coordinates: [[0, 0], [1, 1], [2, 0]] }],
      ['<gml:OrientableCurve orientation="-"><gml:baseCurve><gml:LineString><gml:posList>1 2 3 4</gml:posList></gml:LineString></gml:baseCurve></gml:OrientableCurve>', { type: 'LineString', coordinates: [[3, 4], [1, 2]] }],
      ['<gml:Point><gml:pos/></gml:Point>', { type: 'Point', coordinates: [] }],
    ])('reads %s', async (text, geometry) => {
      expect(await geometryOf(text)).toEqual(geometry);
    }); // prettier-ignore

    it('makes an arc linear within 0.061 % of its radius, through its three points', async () => {
      const geometry = (await geometryOf(
        '<gml:Curve><gml:segments><gml:Arc><gml:posList>10 0 0 10 -10 0</gml:posList></gml:Arc></gml:segments></gml:Curve>',
      )) as { coordinates: [number, number][] };
      const { coordinates } = geometry;
      expect(coordinates[0]).toEqual([10, 0]);
      expect(coordinates.at(-1)).toEqual([-10, 0]);
      expect(coordinates).toContainEqual([0, 10]);
      for (const [x, y] of coordinates) expect(Math.hypot(x, y)).toBeCloseTo(10, 12);
      for (const [index, [x, y]] of coordinates.slice(1).entries()) {
        const [fromX, fromY] = coordinates[index]!;
        expect(Math.hypot((x + fromX) / 2, (y + fromY) / 2)).toBeGreaterThan(10 * (1 - 0.00061));
        expect(y).toBeGreaterThanOrEqual(0);
      }
    });

    it('closes circles where they began', async () => {
      const circle = (content: string) =>
        geometryOf(`<gml:Curve srsName="EPSG:32633"><gml:segments>${content}</gml:segments></gml:Curve>`) as Promise<{
          coordinates: [number, number][];
        }>;
      for (const { coordinates } of [
        await circle('<gml:Circle><gml:posList>10 0 0 10 -10 0</gml:posList></gml:Circle>'),
        await circle(
          '<gml:CircleByCenterPoint><gml:pos>0 0</gml:pos><gml:radius uom="m">10</gml:radius></gml:CircleByCenterPoint>',
        ),
      ]) {
        expect(coordinates).toHaveLength(91);
        expect(coordinates[0]).toEqual([10, 0]);
        expect(coordinates.at(-1)).toEqual([10, 0]);
        for (const [x, y] of coordinates) expect(Math.hypot(x, y)).toBeCloseTo(10, 12);
      }
    });

    it.each([
      ['coordinates-invalid', '<gml:Point><gml:pos>1</gml:pos></gml:Point>'],
      ['coordinates-invalid', '<gml:Point><gml:pos>1 x</gml:pos></gml:Point>'],
      ['coordinates-invalid', '<gml:LineString><gml:posList srsDimension="3">1 2 3 4</gml:posList></gml:LineString>'],
      ['coordinates-invalid', '<gml:LineString><gml:posList>1 2 3 4 5</gml:posList></gml:LineString>'],
      ['gml-geometry-unsupported', '<gml:Solid/>'],
      ['gml-curve-unsupported', '<gml:Curve><gml:segments><gml:BSpline/></gml:segments></gml:Curve>'],
      [
        'gml-curve-unsupported',
        '<gml:Curve srsName="EPSG:4326"><gml:segments><gml:CircleByCenterPoint><gml:pos>0 0</gml:pos><gml:radius uom="m">10</gml:radius></gml:CircleByCenterPoint></gml:segments></gml:Curve>',
      ],
      [
        'gml-geometry-invalid',
        '<gml:Curve><gml:segments><gml:Arc><gml:posList>1 2 3 4</gml:posList></gml:Arc></gml:segments></gml:Curve>',
      ],
      ['gml-reference-unresolved', '<gml:MultiPoint><gml:pointMember xlink:href="#p"/></gml:MultiPoint>'],
    ])('rejects with %s: %s', async (code, text) => {
      const { features, rejects } = await readLayer(
        gmlFormat,
        collection(member(`<app:geom>${text}</app:geom>`) + member('')),
      );
      expect(rejects.map(({ problem }) => problem.code)).toEqual([code]);
      expect(features).toHaveLength(1);
    });

    it('takes the first geometry of a feature, and notes the others', async () => {
      const point = (x: number) => `<app:g><gml:Point><gml:pos>${x} 0</gml:pos></gml:Point></app:g>`;
      const { features, notes } = await readLayer(gmlFormat, collection(member(point(1) + point(2))));
      expect(features[0]?.geometry).toEqual({ type: 'Point', coordinates: [1, 0] });
      expect(notes.map(({ code }) => code)).toEqual(['gml-second-geometry']);
    });
  });

  describe('CRS', () => {
    const point = (srsName: string) =>
      collection(member(`<app:g><gml:Point srsName="${srsName}"><gml:pos>1 2</gml:pos></gml:Point></app:g>`));

    it.each([
      ['EPSG:4326', { kind: 'epsg', code: 4326 }, [1, 2]],
      ['http://www.opengis.net/gml/srs/epsg.xml#4326', { kind: 'epsg', code: 4326 }, [1, 2]],
      ['urn:ogc:def:crs:EPSG::4326', { kind: 'epsg', code: 4326 }, [2, 1]],
      ['urn:x-ogc:def:crs:EPSG:6.9:4326', { kind: 'epsg', code: 4326 }, [2, 1]],
      ['http://www.opengis.net/def/crs/EPSG/0/4258', { kind: 'epsg', code: 4258 }, [2, 1]],
      ['urn:ogc:def:crs:EPSG::31467', { kind: 'epsg', code: 31467 }, [2, 1]],
      ['urn:ogc:def:crs:EPSG::25832', { kind: 'epsg', code: 25832 }, [1, 2]],
      ['urn:ogc:def:crs,crs:EPSG::4258,crs:EPSG::5783', { kind: 'epsg', code: 4258 }, [2, 1]],
      ['urn:ogc:def:crs:OGC:1.3:CRS84', { kind: 'crs84' }, [1, 2]],
      ['http://www.opengis.net/def/crs/OGC/1.3/CRS84', { kind: 'crs84' }, [1, 2]],
      ['CRS:84', { kind: 'crs84' }, [1, 2]],
    ])('reads %s with x first', async (srsName, crs, coordinates) => {
      const { layer, features } = await readLayer(gmlFormat, point(srsName));
      expect(layer.crs).toEqual(crs);
      expect(features[0]?.geometry).toEqual({ type: 'Point', coordinates });
    });

    it('notes a CRS that it does not know', async () => {
      const { layer, features } = await readLayer(gmlFormat, point('urn:example:local'));
      expect(layer.crs).toBeUndefined();
      expect(layer.notes).toEqual(['The CRS "urn:example:local" is none that is known by its name.']);
      expect(features[0]?.geometry).toEqual({ type: 'Point', coordinates: [1, 2] });
    });

    it('takes that of the envelope where geometries have none, with the order of its axes', async () => {
      const { layer, features } = await readLayer(
        gmlFormat,
        collection(
          `<gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::4326"><gml:lowerCorner>0 0</gml:lowerCorner></gml:Envelope></gml:boundedBy>` +
            member('<app:g><gml:Point><gml:pos>1 2</gml:pos></gml:Point></app:g>'),
        ),
      );
      expect(layer.crs).toEqual({ kind: 'epsg', code: 4326 });
      expect(features[0]?.geometry).toEqual({ type: 'Point', coordinates: [2, 1] });
    });

    it('rejects a geometry in another CRS than that of its layer', async () => {
      const at = (srs: string) =>
        member(`<app:g><gml:Point srsName="${srs}"><gml:pos>1 2</gml:pos></gml:Point></app:g>`);
      const { features, rejects } = await readLayer(
        gmlFormat,
        collection(at('EPSG:4326') + at('EPSG:3857') + at('urn:ogc:def:crs:EPSG::4326')),
      );
      expect(features.map(({ geometry }) => geometry)).toEqual([
        { type: 'Point', coordinates: [1, 2] },
        { type: 'Point', coordinates: [2, 1] },
      ]);
      expect(rejects.map(({ problem }) => problem.code)).toEqual(['gml-crs-differs']);
    });

    it('takes three numbers for a position where the CRS has heights', async () => {
      const line =
        '<gml:LineString srsName="urn:ogc:def:crs:EPSG::4979"><gml:posList>1 2 3 4 5 6</gml:posList></gml:LineString>';
      const { features } = await readLayer(gmlFormat, collection(member(`<app:g>${line}</app:g>`)));
      expect(features[0]?.geometry).toEqual({ type: 'LineString', coordinates: [[2, 1, 3], [5, 4, 6]] }); // prettier-ignore
    });
  });

  describe('fields', () => {
    it('flattens properties to paths, with their attributes', async () => {
      expect(
        await propertiesOf(`<gml:name>A &amp; B</gml:name><app:width uom="m">7.5</app:width>
          <app:address><app:Address><app:street>S</app:street></app:Address></app:address>
          <app:owner xlink:href="#o"/><app:lane>1</app:lane><app:lane>2</app:lane>`),
      ).toEqual({
        name: { lexical: 'A & B' },
        width: { lexical: '7.5' },
        'width@uom': { lexical: 'm' },
        'address.Address.street': { lexical: 'S' },
        'owner@href': { lexical: '#o' },
        lane: { json: ['1', '2'] },
      });
    });

    it('takes nil and empty properties for null', async () => {
      expect(
        await propertiesOf(
          '<app:a xsi:nil="true" nilReason="unknown"/><app:b/><app:c> </app:c><app:d xsi:nil="false">1</app:d>',
        ),
      ).toEqual({ 'a@nilReason': { lexical: 'unknown' }, d: { lexical: '1' } });
    });

    it('leaves boundedBy out', async () => {
      expect(
        await propertiesOf(
          '<gml:boundedBy><gml:Envelope><gml:lowerCorner>0 0</gml:lowerCorner></gml:Envelope></gml:boundedBy>',
        ),
      ).toEqual({});
    });

    it('tells properties that are called as geometries are from those of GML', async () => {
      const { features } = await readLayer(
        gmlFormat,
        collection(
          member(
            '<app:Point>x</app:Point><app:g><p:Point xmlns:p="http://www.opengis.net/gml/3.2"><p:pos>1 2</p:pos></p:Point></app:g>',
          ),
        ),
      );
      expect(features[0]?.properties['Point']).toEqual({ lexical: 'x' });
      expect(features[0]?.geometry).toEqual({ type: 'Point', coordinates: [1, 2] });
    });

    it('reads files that declare no namespaces', async () => {
      const { features } = await readLayer(
        gmlFormat,
        '<FeatureCollection><featureMember><road fid="7"><n>1</n><g><Point><pos>1 2</pos></Point></g></road></featureMember></FeatureCollection>',
      );
      expect(features[0]).toMatchObject({
        geometry: { type: 'Point', coordinates: [1, 2] },
        properties: { '\u0000id': { text: '7' }, n: { lexical: '1' } },
      });
    });
  });

  it('rejects a feature that is not well-formed, and reads the next', async () => {
    const { features, rejects } = await readLayer(
      gmlFormat,
      collection(
        `${member('<app:a>')}${member('<app:a>1</app:a>')}${member('<app:a b=1/>')}${member('<app:a>&nbsp;</app:a>')}`,
      ),
    );
    expect(rejects.map(({ problem, place }) => [problem.code, place.number])).toEqual([
      ['xml-not-well-formed', 0],
      ['xml-not-well-formed', 2],
      ['xml-entity-unknown', 3],
    ]);
    expect(features.map(({ place }) => place.number)).toEqual([1]);
  });
});
