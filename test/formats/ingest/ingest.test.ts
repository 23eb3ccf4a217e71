import { gzipSync } from 'node:zlib';
import { deserialize } from 'flatgeobuf/lib/mjs/geojson.js';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { makeZip } from '../../helpers/make-zip.ts';
import { createIngestEngine } from './ingest-engine.ts';

const point = (id: number, longitude: number, latitude: number) => ({
  type: 'Feature',
  properties: { id, name: `point ${id}` },
  geometry: { type: 'Point', coordinates: [longitude, latitude] },
});
const collection = (features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features });
const points = (count: number) =>
  Array.from({ length: count }, (_, index) => point(index, (index * 37) % 180, (index * 17) % 80));
const source = (name: string) => `s3://sources/${name}`;

/** The properties of the features of a file. */
async function flatGeobuf(bytes: Uint8Array): Promise<Record<string, unknown>[]> {
  const properties: Record<string, unknown>[] = [];
  for await (const feature of deserialize(bytes)) properties.push(feature.properties ?? {});
  return properties;
}

describe('ingest', () => {
  it('publishes the features of a file in every format that is asked for', async () => {
    const engine = createIngestEngine({ files: { 'Some places.geojson': collection(points(300)) } });
    const outputs = ['flatgeobuf', 'geoparquet', 'geojson-seq'];
    const { job, reports } = await engine.run({ source: source('Some%20places.geojson'), outputs });
    expect(job).toMatchObject({ state: 'succeeded' });
    const [report] = reports;
    expect(report).toMatchObject({
      dataset: 'some-places',
      format: 'geojson',
      crs: { source: 'EPSG:4326 (WGS 84)', by: 'source', target: 'OGC:CRS84' },
      statistics: { features: 300, rejected: 0, geometryTypes: { Point: 300 } },
    });
    expect(report!.fields.map(({ source: from, name, type }) => [from, name, type])).toEqual([
      ['id', 'id', 'int32'],
      ['name', 'name', 'text'],
    ]);
    const ids = (rows: Record<string, unknown>[]) => rows.map((row) => Number(row['id'])).sort((a, b) => a - b);
    const all = Array.from({ length: 300 }, (_, index) => index);
    const fgb = await flatGeobuf(engine.output(job.jobId, 'some-places.fgb')!);
    expect(ids(fgb)).toEqual(all);
    const parquet = engine.output(job.jobId, 'some-places.parquet')!;
    const { zstdDecompressSync } = await import('node:zlib');
    const rows = await parquetReadObjects({
      file: { byteLength: parquet.length, slice: (from, to) => parquet.slice(from, to).buffer },
      compressors: { ZSTD: (bytes) => zstdDecompressSync(bytes) },
    });
    expect(ids(rows)).toEqual(all);
    const lines = engine.features(job.jobId, 'some-places.geojsonl.gz');
    expect(ids(lines.map(({ properties }) => properties))).toEqual(all);
  });

  it('leads the dataset to the first output, and names the others', async () => {
    const engine = createIngestEngine({ files: { 'a.geojson': collection(points(2)) } });
    const { job } = await engine.run({ source: source('a.geojson'), outputs: ['geojson-seq', 'flatgeobuf'] });
    const dataset = await engine.dataset('a');
    expect(dataset?.url.href).toBe(`s3://data/outputs/acme/${job.jobId}/a.geojsonl.gz`);
    expect(dataset?.alternates.map(({ url }) => url.href)).toEqual([`s3://data/outputs/acme/${job.jobId}/a.fgb`]);
  });

  describe('of a source with features that cannot be used', () => {
    const bad = { type: 'Feature', properties: { id: 99 }, geometry: { type: 'Point', coordinates: ['x', 1] } };
    const files = { 'a.geojson': collection([point(0, 1, 1), bad, point(2, 2, 2), point(3, 3, 3)]) };

    it('publishes the others within the tolerance, and lists each with its place and its text', async () => {
      const engine = createIngestEngine({ files });
      const { job, reports } = await engine.run({ source: source('a.geojson'), toleratedRejects: { count: 1 } });
      expect(job.state).toBe('partial');
      expect(reports[0]?.statistics).toMatchObject({ features: 3, rejected: 1 });
      expect(reports[0]?.rejects?.href).toBe(`s3://data/outputs/acme/${job.jobId}/errors.ndjson`);
      const errors = await engine.errors(job.jobId);
      expect(errors).toEqual([
        expect.objectContaining({
          dataset: 'a',
          unit: 'feature 1',
          number: 1,
          byteOffset: files['a.geojson'].indexOf('{"type":"Feature","properties":{"id":99}'),
        }),
      ]);
      expect(JSON.parse(errors[0]!['feature'] as string)).toEqual(bad);
    });

    it('publishes nothing beyond the tolerance, keeps the list, and says how many', async () => {
      const engine = createIngestEngine({ files });
      const { job } = await engine.run({ source: source('a.geojson'), toleratedRejects: { percentage: 24 } });
      expect(job).toMatchObject({ state: 'failed', failure: { code: 'too-many-rejects' } });
      expect(job.failure?.detail).toContain('1 of 4 features of "a"');
      expect(await engine.dataset('a')).toBeUndefined();
      expect(engine.output(job.jobId, 'a.fgb')).toBeUndefined();
      expect(await engine.errors(job.jobId)).toHaveLength(1);
    });
  });

  it('reads every source of an archive, each as a dataset', async () => {
    const zip = makeZip([
      { name: 'data/east.geojson', data: collection(points(3)) },
      { name: 'data/west.csv', data: 'name,lon,lat\nA,1,2\nB,3,4\n', method: 0 },
      { name: 'readme.txt', data: 'hello' },
    ]);
    const engine = createIngestEngine({ files: { 'all.zip': zip } });
    const { job, reports } = await engine.run({ source: source('all.zip'), outputs: ['geojson-seq'] });
    expect(job.state).toBe('succeeded');
    expect(reports.map(({ dataset, statistics }) => [dataset, statistics.features])).toEqual([
      ['all-data-east', 3],
      ['all-data-west', 2],
    ]);
    expect(JSON.stringify(reports[0]?.notes)).toContain('readme.txt');
    expect(engine.features(job.jobId, 'all-data-west.geojsonl.gz').map(({ geometry }) => geometry)).toContainEqual({
      type: 'Point',
      coordinates: [3, 4],
    });
  });

  describe('of a KML file that only links to others', () => {
    const links = '<kml><NetworkLink><Link><href>files/more.kml</href></Link></NetworkLink><GroundOverlay/></kml>';

    it('publishes no dataset for it beside others, and says that links are not followed', async () => {
      const zip = makeZip([
        { name: 'doc.kml', data: links },
        { name: 'files/more.kml', data: '<kml><Placemark/></kml>' },
      ]);
      const engine = createIngestEngine({ files: { 'tour.kmz': zip } });
      const { job, reports } = await engine.run({ source: source('tour.kmz') });
      expect(job.state).toBe('succeeded');
      expect(reports.map(({ dataset, statistics }) => [dataset, statistics.features])).toEqual([['tour', 1]]);
      expect(reports[0]?.notes.map(({ code, reason }) => [code, reason])).toEqual([
        ['source', 'doc has no features, and is left out.'],
        ['source', 'NetworkLink elements are left out (1): nothing that a file links to is read.'],
        ['source', 'GroundOverlay elements are left out (1): nothing that a file links to is read.'],
      ]);
    });

    it('fails alone, and says why nothing was found', async () => {
      const engine = createIngestEngine({ files: { 'links.kml': links } });
      const { job } = await engine.run({ source: source('links.kml') });
      expect(job.failure).toMatchObject({ code: 'source-without-layers' });
      expect(job.failure?.detail).toContain('nothing that a file links to is read');
    });
  });

  it('names a file of an archive that has no features', async () => {
    const zip = makeZip([
      { name: 'none.gpx', data: '<gpx/>' },
      { name: 'one.gpx', data: '<gpx><wpt lat="1" lon="2"/></gpx>' },
    ]);
    const { reports } = await createIngestEngine({ files: { 'a.zip': zip } }).run({ source: source('a.zip') });
    expect(reports.map(({ dataset }) => dataset)).toEqual(['a']);
    expect(reports[0]?.notes).toContainEqual({
      code: 'source',
      reason: 'none has no features, and is left out.',
      count: 1,
    });
  });

  it('reads a gzipped file, and reprojects what the caller says is in another CRS', async () => {
    const csv = gzipSync('id,x,y\n1,500000,0\n');
    const engine = createIngestEngine({ files: { 'places.csv.gz': csv } });
    const inputs = { source: source('places.csv.gz'), sourceCrs: 'EPSG:32631', outputs: ['geojson-seq'] };
    const { job, reports } = await engine.run(inputs);
    expect(job.state).toBe('succeeded');
    expect(reports[0]).toMatchObject({ dataset: 'places', layer: 'places', crs: { by: 'caller' } });
    const [feature] = engine.features(job.jobId, `${reports[0]!.dataset}.geojsonl.gz`);
    const { coordinates } = feature!.geometry as { coordinates: [number, number] };
    // The central meridian of UTM zone 31 on the equator.
    expect(coordinates[0]).toBeCloseTo(3, 9);
    expect(coordinates[1]).toBeCloseTo(0, 9);
  });

  it('creates a dataset only where none is', async () => {
    const engine = createIngestEngine({ files: { 'a.geojson': collection(points(1)) } });
    const first = await engine.run({ source: source('a.geojson'), mode: 'create' });
    const second = await engine.run({ source: source('a.geojson'), mode: 'create', outputs: ['geojson-seq'] });
    expect(first.job.state).toBe('succeeded');
    expect(second.job).toMatchObject({ state: 'failed', failure: { code: 'dataset-exists' } });
    expect((await engine.dataset('a'))?.jobId).toBe(first.job.jobId);
  });

  it('refuses to write in another CRS what knows only longitude and latitude', async () => {
    const engine = createIngestEngine({ files: { 'a.geojson': collection(points(1)) } });
    const inputs = { source: source('a.geojson'), outputs: ['flatgeobuf', 'geojson-seq'], targetCrs: 'EPSG:3857' };
    const { job } = await engine.run(inputs);
    expect(job.failure).toMatchObject({ code: 'output-needs-crs84' });
  });

  it('refuses a CRS for its outputs that cannot be computed, before it plans', async () => {
    const engine = createIngestEngine({ files: { 'a.geojson': collection(points(1)) } });
    const { job } = await engine.run({ source: source('a.geojson'), targetCrs: 'EPSG:99999' });
    expect(job).toMatchObject({ state: 'failed', planAttempt: 1, failure: { code: 'crs-unknown' } });
  });

  it('describes in GeoParquet the CRS that it writes in, so that its positions are found again', async () => {
    const engine = createIngestEngine({ files: { 'a.geojson': collection([point(1, 9, 0), point(2, 10.5, 48)]) } });
    const first = await engine.run({ source: source('a.geojson'), outputs: ['geoparquet'], targetCrs: 'EPSG:25832' });
    expect(first.job.state).toBe('succeeded');
    const parquet = engine.output(first.job.jobId, 'a.parquet')!;
    const { key_value_metadata: metadata } = parquetMetadata(new Uint8Array(parquet).buffer);
    const geo = JSON.parse(metadata!.find(({ key }) => key === 'geo')!.value!) as {
      columns: { geometry: { crs: object; bbox: number[] } };
    };
    const { crs, bbox } = geo.columns.geometry;
    expect(crs).toMatchObject({ type: 'ProjectedCRS', id: { authority: 'EPSG', code: 25832 } });
    // The central meridian of UTM zone 32 on the equator, with its false easting.
    expect(bbox[0]).toBeCloseTo(500_000, 3);
    expect(bbox[1]).toBeCloseTo(0, 3);
    const again = createIngestEngine({ files: { 'a.parquet': parquet } });
    const { job, reports } = await again.run({ source: source('a.parquet'), outputs: ['geojson-seq'] });
    expect(reports[0]?.crs).toMatchObject({ source: 'EPSG:25832 (ETRS89 / UTM zone 32N)', by: 'source' });
    const positions = again.features(job.jobId, 'a.geojsonl.gz').map(({ geometry }) => geometry);
    for (const [index, expected] of [
      [9, 0],
      [10.5, 48],
    ].entries()) {
      const { coordinates } = positions[index] as { coordinates: number[] };
      expect(coordinates[0]).toBeCloseTo(expected[0]!, 7);
      expect(coordinates[1]).toBeCloseTo(expected[1]!, 7);
    }
  });

  it('winds rings and closes them, and counts what it mended', async () => {
    const ring = [
      [0, 0],
      [0, 2],
      [2, 2],
      [2, 0],
    ];
    const polygon = { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } };
    const engine = createIngestEngine({ files: { 'a.geojson': collection([polygon]) } });
    const { job, reports } = await engine.run({ source: source('a.geojson'), outputs: ['geojson-seq'] });
    expect(job.state).toBe('succeeded');
    const [feature] = engine.features(job.jobId, 'a.geojsonl.gz');
    const [outer] = (feature!.geometry as { coordinates: number[][][] }).coordinates;
    expect(outer).toHaveLength(5);
    expect(outer![0]).toEqual(outer![4]);
    expect(reports[0]!.notes.map(({ count }) => count)).toEqual([1, 1]);
  });

  it('refuses a layer that is not there, and names those that are', async () => {
    const engine = createIngestEngine({ files: { 'a.geojson': collection(points(1)) } });
    const { job } = await engine.run({ source: source('a.geojson'), layers: ['roads'] });
    expect(job.failure).toMatchObject({ code: 'layer-missing' });
    expect(job.failure?.detail).toContain('it has a');
  });

  it('reads in blocks, whose number changes no byte of the output', async () => {
    const files = { 'a.geojson': collection(points(500)) };
    const outputs = [];
    for (const blockBytes of [1_000, 9_000, 1_000_000]) {
      const engine = createIngestEngine({ files, blockBytes });
      const { job } = await engine.run({ source: source('a.geojson') });
      outputs.push(Buffer.from(engine.output(job.jobId, 'a.fgb')!).toString('base64'));
    }
    expect(new Set(outputs).size).toBe(1);
  });

  it('runs again only the block that failed, and publishes what an undisturbed job publishes', async () => {
    const files = { 'a.geojson': collection(points(200)) };
    const undisturbed = createIngestEngine({ files, blockBytes: 2_000 });
    const whole = await undisturbed.run({ source: source('a.geojson') });
    let isBroken = true;
    const ran: number[] = [];
    const engine = createIngestEngine({
      files,
      blockBytes: 2_000,
      beforeChunk: (block) => {
        ran.push(block);
        if (block === 3 && isBroken)
          throw new LonghaulError({ code: 'source-access-denied', retryable: false, detail: 'Denied.' });
      },
    });
    const first = await engine.run({ source: source('a.geojson') });
    expect(first.job).toMatchObject({ state: 'failed', failure: { code: 'too-many-failures' } });
    isBroken = false;
    ran.length = 0;
    const second = await engine.retry(first.job.jobId);
    expect(second.job.state).toBe('succeeded');
    expect(ran).toEqual([3]);
    const bytes = engine.output(second.job.jobId, 'a.fgb')!;
    expect(Buffer.compare(bytes, undisturbed.output(whole.job.jobId, 'a.fgb')!)).toBe(0);
  });
});
