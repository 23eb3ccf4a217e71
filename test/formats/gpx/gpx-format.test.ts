import { describe, expect, it } from 'vitest';
import { gpxFormat } from '../../../shared/geo/formats/gpx/gpx-format.ts';
import { readLayers } from '../../helpers/read-layers.ts';

const gpx = (content: string): string =>
  `<?xml version="1.0"?><gpx version="1.1" creator="test" xmlns="http://www.topografix.com/GPX/1/1"
  xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"><metadata><name>M</name></metadata>${content}</gpx>`;

const TRACK = `<trk><name>T</name><number>7</number><link href="http://example.com/t"><text>more</text></link>
  <trkseg><trkpt lat="1" lon="2"><ele>3</ele><time>2009-10-17T18:37:31Z</time>
    <extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>171</gpxtpx:hr></gpxtpx:TrackPointExtension></extensions></trkpt>
    <trkpt lat="4" lon="5"/></trkseg>
  <trkseg><trkpt lat="6" lon="7"/><trkpt lat="8" lon="9"/></trkseg></trk>`;
const ROUTE = '<rte><name>R</name><rtept lat="1" lon="2"><name>p</name></rtept><rtept lat="3" lon="4"/></rte>';

const read = (content: string, blockBytes?: number) =>
  readLayers(gpxFormat, gpx(content), blockBytes === undefined ? {} : { blockBytes });

describe('gpxFormat', () => {
  it('has the layers that are not empty, in longitude and latitude', async () => {
    expect([...(await read(TRACK)).keys()]).toEqual(['tracks', 'track_points']);
    expect([...(await read('<rte/>')).keys()]).toEqual(['routes']);
    const layers = await read(`<wpt lat="1" lon="2"/>${ROUTE}${TRACK}`);
    expect([...layers].map(([name, { layer }]) => [name, layer.features, layer.crs])).toEqual([
      ['waypoints', 1, { kind: 'crs84' }],
      ['routes', 1, { kind: 'crs84' }],
      ['tracks', 1, { kind: 'crs84' }],
      ['route_points', 2, { kind: 'crs84' }],
      ['track_points', 4, { kind: 'crs84' }],
    ]);
  });

  it('reads waypoints with everything that they have', async () => {
    const layers =
      await read(`<wpt lat="45.44283" lon="-121.72904" extra="x"><ele>1374</ele><time>2009-10-17T18:37:26Z</time>
      <magvar>2.5</magvar><name>Vista</name><link href="http://a"><text>t</text></link><link href="http://b"/>
      <sym>Scenic Area</sym><fix>3d</fix><sat>8</sat><hdop>1.2</hdop>
      <extensions><depth unit="m">5</depth></extensions></wpt>`);
    expect(layers.get('waypoints')?.features).toEqual([
      {
        geometry: { type: 'Point', coordinates: [-121.72904, 45.44283, 1374] },
        properties: {
          '@extra': { lexical: 'x' },
          time: { dateTime: '2009-10-17T18:37:26Z' },
          magvar: { double: 2.5 },
          name: { text: 'Vista' },
          'link@href': { json: ['http://a', 'http://b'] },
          'link.text': { text: 't' },
          sym: { text: 'Scenic Area' },
          fix: { text: '3d' },
          sat: { integer: 8 },
          hdop: { double: 1.2 },
          'extensions.depth': { lexical: '5' },
          'extensions.depth@unit': { lexical: 'm' },
        },
        place: { offset: 205, number: 0 },
      },
    ]);
  });

  it('reads routes as lines', async () => {
    const layers = await read(ROUTE);
    expect(layers.get('routes')?.features).toMatchObject([
      { geometry: { type: 'LineString', coordinates: [[2, 1], [4, 3]] }, properties: { name: { text: 'R' } } },
    ]); // prettier-ignore
  });

  it('reads tracks as a line for each segment', async () => {
    const layers = await read(TRACK);
    expect(layers.get('tracks')?.features).toMatchObject([
      {
        geometry: {
          type: 'MultiLineString',
          coordinates: [[[2, 1, 3], [5, 4, NaN]], [[7, 6, NaN], [9, 8, NaN]]],
        },
        properties: {
          name: { text: 'T' },
          number: { integer: 7 },
          'link@href': { lexical: 'http://example.com/t' },
          'link.text': { text: 'more' },
        },
      },
    ]); // prettier-ignore
  });

  it('reads the points of tracks and routes, each with its numbers', async () => {
    const layers = await read(`${TRACK}<trk/>${TRACK}${ROUTE}${ROUTE}`);
    expect(layers.get('track_points')?.features[0]).toMatchObject({
      geometry: { type: 'Point', coordinates: [2, 1, 3] },
      properties: {
        time: { dateTime: '2009-10-17T18:37:31Z' },
        'extensions.TrackPointExtension.hr': { lexical: '171' },
      },
    });
    const numbers = layers
      .get('track_points')
      ?.features.map(({ properties, place }) => [
        properties['track_fid']?.['integer'],
        properties['track_seg_id']?.['integer'],
        properties['track_seg_point_id']?.['integer'],
        place.number,
      ]);
    expect(numbers).toEqual([
      [0, 0, 0, 0],
      [0, 0, 1, 1],
      [0, 1, 0, 2],
      [0, 1, 1, 3],
      [2, 0, 0, 4],
      [2, 0, 1, 5],
      [2, 1, 0, 6],
      [2, 1, 1, 7],
    ]);
    expect(
      layers
        .get('route_points')
        ?.features.map(({ properties }) => [
          properties['route_fid']?.['integer'],
          properties['route_point_id']?.['integer'],
          properties['name']?.['text'],
        ]),
    ).toEqual([
      [0, 0, 'p'],
      [0, 1, undefined],
      [1, 0, 'p'],
      [1, 1, undefined],
    ]);
  });

  it('gives the same in blocks of any size', async () => {
    const content = `<wpt lat="1" lon="2"/>${TRACK}${ROUTE}<wpt lat="3" lon="4"/>${TRACK}<trk/>${ROUTE}${TRACK}`;
    const whole = await read(content);
    for (const blockBytes of [1, 100, 700]) {
      const cut = await read(content, blockBytes);
      for (const [name, { features }] of whole) expect(cut.get(name)?.features).toEqual(features);
    }
  });

  it('reads GPX 1.0, without namespace and in upper case', async () => {
    const layers = await readLayers(
      gpxFormat,
      '<GPX version="1.0"><WPT lat="1" lon="2"><NAME>A</NAME><url>u</url><speed>1.5</speed></WPT></GPX>',
    );
    expect(layers.get('waypoints')?.features[0]?.properties).toEqual({
      name: { text: 'A' },
      url: { text: 'u' },
      speed: { double: 1.5 },
    });
  });

  it('keeps a height or time that is none as text, and notes it', async () => {
    const layers = await read('<wpt lat="1" lon="2"><ele>high</ele><time>noon</time></wpt>');
    const waypoints = layers.get('waypoints')!;
    expect(waypoints.features[0]?.geometry).toEqual({ type: 'Point', coordinates: [2, 1] });
    expect(waypoints.features[0]?.properties).toEqual({ ele: { text: 'high' }, time: { text: 'noon' } });
    expect(waypoints.notes.map(({ code }) => code)).toEqual(['xml-value-not-of-type', 'xml-value-not-of-type']);
  });

  it.each(['lat="1"', 'lat="x" lon="1"', 'lat="" lon="1"', 'lat="1e999" lon="1"'])(
    'rejects a point at %s, and reads the next',
    async (attributes) => {
      const layers = await read(`<wpt ${attributes}/><wpt lat="1" lon="2"/>`);
      const waypoints = layers.get('waypoints')!;
      expect(waypoints.rejects.map(({ problem, source }) => [problem.code, source])).toEqual([
        ['gpx-position-invalid', { text: `<wpt ${attributes}/>` }],
      ]);
      expect(waypoints.features).toHaveLength(1);
    },
  );

  it('rejects a bad point of a track alone in the layer of points, and the whole of it in that of tracks', async () => {
    const bad = '<trkpt lat="x" lon="1"><name>bad</name></trkpt>';
    const layers = await read(`<trk><trkseg><trkpt lat="1" lon="2"/>${bad}<trkpt lat="3" lon="4"/></trkseg></trk>`);
    expect(layers.get('tracks')?.rejects.map(({ problem }) => problem.code)).toEqual(['gpx-position-invalid']);
    const points = layers.get('track_points')!;
    expect(points.features.map(({ place }) => place.number)).toEqual([0, 2]);
    expect(points.rejects).toMatchObject([{ place: { number: 1 }, source: { text: bad } }]);
  });

  it('rejects the rest of a track that is not well-formed, and goes on with the numbers of the next', async () => {
    const layers = await read(
      '<trk><trkseg><trkpt lat="1" lon="2"/><trkpt lat="3" lon="4"><name></trkpt><trkpt lat="5" lon="6"/></trkseg></trk>' +
        '<trk><trkseg><trkpt lat="7" lon="8"/></trkseg></trk>',
    );
    const points = layers.get('track_points')!;
    expect(points.features.map(({ place }) => place.number)).toEqual([0, 3]);
    expect(points.rejects).toMatchObject([
      {
        place: { number: 1 },
        problem: { code: 'xml-not-well-formed' },
        source: { text: expect.stringMatching(/^<trkpt lat="3"/) as string },
      },
    ]);
  });

  it('refuses what is not GPX', async () => {
    await expect(readLayers(gpxFormat, '<kml/>')).rejects.toMatchObject({ code: 'xml-root-unexpected' });
  });
});
