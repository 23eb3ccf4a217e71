import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import type { StacItem } from '../../../shared/processes/ingest/publish/stac-item.ts';
import type { ManualClock } from '../../helpers/manual-clock.ts';
import { createIngestEngine, type IngestEngine } from './ingest-engine.ts';
import { collection, feature, SHAPES } from './stac-shapes.ts';

const MINUTE = 60_000;

const source = (name: string): string => `s3://sources/${name}`;

const itemOf = (engine: IngestEngine, jobId: string, dataset: string): StacItem =>
  JSON.parse(new TextDecoder().decode(engine.output(jobId, `${dataset}.stac.json`))) as StacItem;

async function itemOfShape(name: string): Promise<{ item: StacItem; hasThumbnail: boolean }> {
  const { source: file, content, inputs = {} } = SHAPES[name]!;
  const engine = createIngestEngine({ files: { [file]: content } });
  const { job } = await engine.run({ source: source(file), ...inputs });
  expect(job.state).toBe('succeeded');
  return {
    item: itemOf(engine, job.jobId, 'a'),
    hasThumbnail: engine.output(job.jobId, 'a.png') !== undefined,
  };
}

describe('the STAC item of a dataset', () => {
  it('tells where it is, when the job was accepted, its columns and its files', async () => {
    const square = { type: 'Polygon', coordinates: [[[1, 2], [3, 2], [3, 4], [1, 4], [1, 2]]] }; // prettier-ignore
    const content = collection(feature(square, { name: 'A', count: 3 }));
    const engine = createIngestEngine({ files: { 'Some places.geojson': content } });
    const { job, reports } = await engine.run({
      source: source('Some%20places.geojson'),
      outputs: ['flatgeobuf', 'geoparquet'],
    });
    const size = (name: string): number => engine.output(job.jobId, name)!.length;
    const png = engine.output(job.jobId, 'some-places.png')!;
    expect(itemOf(engine, job.jobId, 'some-places')).toEqual({
      type: 'Feature',
      stac_version: '1.1.0',
      stac_extensions: [
        'https://stac-extensions.github.io/file/v2.1.0/schema.json',
        'https://stac-extensions.github.io/projection/v2.0.0/schema.json',
        'https://stac-extensions.github.io/table/v1.2.0/schema.json',
      ],
      id: 'some-places',
      geometry: square,
      bbox: [1, 2, 3, 4],
      properties: {
        title: 'Some places',
        datetime: new Date(job.createdAt).toISOString(),
        'proj:code': 'OGC:CRS84',
        'proj:bbox': [1, 2, 3, 4],
        'table:row_count': 1,
        'table:primary_geometry': 'geometry',
        'table:columns': [
          { name: 'name', type: 'text' },
          { name: 'count', type: 'int32' },
          { name: 'geometry', type: 'geometry' },
        ],
      },
      links: [{ rel: 'via', href: 's3://sources/Some%20places.geojson', title: 'Source' }],
      assets: {
        flatgeobuf: {
          href: './some-places.fgb',
          type: 'application/vnd.flatgeobuf',
          roles: ['data'],
          'file:size': size('some-places.fgb'),
        },
        geoparquet: {
          href: './some-places.parquet',
          type: 'application/vnd.apache.parquet',
          roles: ['data'],
          'file:size': size('some-places.parquet'),
        },
        thumbnail: {
          href: './some-places.png',
          type: 'image/png',
          roles: ['thumbnail'],
          'file:size': png.length,
          'file:checksum': `1220${createHash('sha256').update(png).digest('hex')}`,
        },
      },
    });
    const files = reports[0]!.files.map(({ format, role, href, bytes }) => [format, role, href.pathname, bytes]);
    const path = (name: string): string => `/outputs/acme/${job.jobId}/${name}`;
    expect(files.slice(2)).toEqual([
      ['png', 'thumbnail', path('some-places.png'), png.length],
      ['stac', 'metadata', path('some-places.stac.json'), size('some-places.stac.json')],
    ]);
    expect((await engine.dataset('some-places'))?.related.map(({ rel, url }) => [rel, url.pathname])).toEqual([
      ['describedby', path('some-places.stac.json')],
      ['preview', path('some-places.png')],
    ]);
  });

  it.each<[string, Partial<StacItem>]>([
    [
      'points',
      {
        bbox: [10, 50, 11, 52],
        geometry: { type: 'Polygon', coordinates: [[[10, 50], [11, 50], [11, 52], [10, 52], [10, 50]]] }, // prettier-ignore
      },
    ],
    ['one point', { bbox: [10, 50, 10, 50], geometry: { type: 'Point', coordinates: [10, 50] } }],
    [
      'points on a parallel',
      { bbox: [10, 50, 12, 50], geometry: { type: 'LineString', coordinates: [[10, 50], [12, 50]] } }, // prettier-ignore
    ],
    [
      'a line across the antimeridian',
      {
        bbox: [177, -20, -178, -16],
        geometry: {
          type: 'MultiPolygon',
          coordinates: [
            [[[177, -20], [180, -20], [180, -16], [177, -16], [177, -20]]],
            [[[-180, -20], [-178, -20], [-178, -16], [-180, -16], [-180, -20]]],
          ], // prettier-ignore
        },
      },
    ],
  ])('of %s has the box that they lie in', async (name, expected) => {
    const { item, hasThumbnail } = await itemOfShape(name);
    expect(item).toMatchObject(expected);
    expect(hasThumbnail).toBe(true);
  });

  it('of a projected CRS is in longitude and latitude, and has the extent in the CRS beside it', async () => {
    const { item } = await itemOfShape('a projected CRS');
    // The point at 9°, 45° lies on the central meridian; the box of both, transformed back, is a little wider.
    expect(item.properties).toMatchObject({ 'proj:code': 'EPSG:32632' });
    const [minX, minY, maxX, maxY] = item.properties['proj:bbox'] as number[];
    expect([minX, minY].map((value) => Math.round(value!))).toEqual([500_000, 4_982_950]);
    expect(maxX).toBeGreaterThan(577_000);
    expect(maxY).toBeGreaterThan(5_094_000);
    const [west, south, east, north] = item.bbox!;
    expect([west, east]).toEqual([9, expect.closeTo(10, 1)]);
    expect([south, north]).toEqual([expect.closeTo(45, 1), expect.closeTo(46, 1)]);
    expect(west <= 9 && east >= 10 && south <= 45 && north >= 46).toBe(true);
  });

  it.each(['no features', 'features without a geometry', 'a table'])(
    'of %s has no geometry, box, CRS or thumbnail',
    async (name) => {
      const { item, hasThumbnail } = await itemOfShape(name);
      expect(item.geometry).toBeNull();
      expect(item).not.toHaveProperty('bbox');
      expect(Object.keys(item.properties)).toEqual(['title', 'datetime', 'table:row_count', 'table:columns']);
      expect(item.stac_extensions.join()).not.toContain('projection');
      expect(Object.keys(item.assets)).toEqual(['flatgeobuf']);
      expect(hasThumbnail).toBe(false);
    },
  );

  it.each([
    ['https://data.example/a.geojson?signature=secret'],
    ['https://user:secret@data.example/a.geojson'],
    ['s3://sources/a.geojson?versionId=secret'],
    ['file:///secret/a.geojson'],
  ])('does not tell an address that is not for everybody: %s', async (address) => {
    const files = { 'a.geojson': collection(), 'secret/a.geojson': collection() };
    const engine = createIngestEngine({ files });
    const { job } = await engine.run({ source: address });
    const item = itemOf(engine, job.jobId, 'a');
    expect(item.links).toEqual([]);
    expect(JSON.stringify(item)).not.toContain('secret');
  });

  const scattered = collection(
    ...Array.from({ length: 300 }, (_, number) =>
      feature({ type: 'Point', coordinates: [(number * 37) % 180, (number * 17) % 80] }),
    ),
  );
  const described = (engine: IngestEngine, jobId: string): string =>
    ['a.png', 'a.stac.json'].map((name) => Buffer.from(engine.output(jobId, name)!).toString('base64')).join();

  it('and the thumbnail are the same, however many blocks there are', async () => {
    const made = new Set<string>();
    for (const blockBytes of [1_000, 9_000, 1_000_000]) {
      const engine = createIngestEngine({ files: { 'a.geojson': scattered }, blockBytes });
      const { job } = await engine.run({ source: source('a.geojson') });
      made.add(described(engine, job.jobId));
    }
    expect(made.size).toBe(1);
  });

  it('and the thumbnail are the same when the finish runs again later', async () => {
    const made: string[] = [];
    const times: number[] = [];
    const engine: IngestEngine = createIngestEngine({
      files: { 'a.geojson': scattered },
      afterFinish: () => {
        const [jobId] = [...engine.objects.objects.keys()].flatMap(
          (url) => /outputs\/acme\/([^/]+)\//.exec(url)?.[1] ?? [],
        );
        made.push(described(engine, jobId!));
        times.push(engine.engine.platform.clock.now());
        if (made.length > 1) return;
        for (const url of engine.objects.objects.keys()) {
          if (url.includes('/outputs/')) engine.objects.remove(new URL(url));
        }
        throw new LonghaulError({ code: 'object-store-unavailable', retryable: true, detail: 'Lost.' });
      },
    });
    await engine.run({ source: source('a.geojson') });
    expect(await engine.dataset('a')).toBeUndefined();
    (engine.engine.platform.clock as ManualClock).advance(10 * MINUTE);
    await engine.engine.runUntilIdle();
    expect(await engine.dataset('a')).toBeDefined();
    expect(made).toHaveLength(2);
    expect(times[1]).toBeGreaterThan(times[0]!);
    expect(made[1]).toBe(made[0]);
  });

  it('is not written for a dataset that is not published', async () => {
    const bad = feature({ type: 'Point', coordinates: ['x', 1] });
    const engine = createIngestEngine({ files: { 'a.geojson': collection(bad) } });
    const { job } = await engine.run({ source: source('a.geojson') });
    expect(job.state).toBe('failed');
    expect(engine.output(job.jobId, 'a.stac.json')).toBeUndefined();
    expect(engine.output(job.jobId, 'a.png')).toBeUndefined();
  });
});
