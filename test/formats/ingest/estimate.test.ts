import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import type { WorkFiles } from '../../../shared/jobs/process.ts';
import { estimateIngest } from '../../../shared/processes/ingest/estimate/estimate.ts';
import type { SourceFormat } from '../../../shared/processes/ingest/formats.ts';
import { ingestInputs } from '../../../shared/processes/ingest/inputs.ts';
import { planIngest } from '../../../shared/processes/ingest/plan.ts';
import { makeZip } from '../../helpers/make-zip.ts';
import { ManualClock } from '../../helpers/manual-clock.ts';
import { memoryReader, type MemoryReader } from '../../helpers/memory-reader.ts';
import { NO_FILES, NOTHING_PUBLISHED } from '../../helpers/no-files.ts';
import { makePoints, POINTS_IN } from '../../helpers/points-in-every-format.ts';
import { createIngestEngine } from './ingest-engine.ts';

const MIB = 2 ** 20;
const FORMATS = Object.keys(POINTS_IN) as SourceFormat[];
const source = (name: string) => `s3://sources/${name}`;

const contextOf = (reader: MemoryReader) => ({
  tenant: 'acme',
  signal: new AbortController().signal,
  clock: new ManualClock(),
  sources: { open: async () => reader },
  files: NO_FILES,
  datasets: NOTHING_PUBLISHED,
});

async function estimate(bytes: Uint8Array, name: string, inputs: object = {}) {
  const reader = memoryReader(bytes);
  const parsed = ingestInputs.parse({ source: source(name), ...inputs });
  return { reader, ...(await estimateIngest(contextOf(reader), parsed)) };
}

const bytesRead = ({ reads }: MemoryReader): number => reads.reduce((sum, { length }) => sum + length, 0);

type Packing = 'as it is' | 'gzip' | 'deflated' | 'stored';

/** A source with points, in the container that is wanted; a shapefile is an archive in any case. */
function pack(format: SourceFormat, count: number, packing: Packing): { name: string; bytes: Uint8Array } {
  const files = Object.entries(POINTS_IN[format](makePoints(count)));
  const [name, bytes] = files[0]!;
  if (packing === 'as it is' && files.length === 1) return { name, bytes };
  if (packing === 'gzip' && files.length === 1) return { name: `${name}.gz`, bytes: gzipSync(bytes) };
  const method = packing === 'stored' ? 0 : 8;
  return { name: 'places.zip', bytes: makeZip(files.map(([each, data]) => ({ name: each, data, method }))) };
}

/** Files of a job in memory. */
function memoryFiles(): WorkFiles {
  const files = new Map<string, Uint8Array>();
  return {
    async create(name) {
      const parts: Uint8Array[] = [];
      return {
        url: new URL(`memory:${name}`),
        putPart: async (_, bytes) => void parts.push(bytes),
        complete: async () => void files.set(name, Buffer.concat(parts)),
        abort: async () => undefined,
      };
    },
    open: (name) => memoryReader(files.get(name)!),
  };
}

/** Place of a point among the others, by its name: "Graz 12". */
const numberOf = ({ properties }: { properties: Record<string, unknown> }): number =>
  Number(String(properties['name']).split(' ')[1]);

describe('estimateIngest', () => {
  it.each(FORMATS)('shows of %s the first features as they are published', async (format) => {
    const packings: Packing[] = ['as it is', 'gzip', 'deflated', 'stored'];
    const property = fc.asyncProperty(
      fc.integer({ min: 2, max: 40 }),
      fc.constantFrom(...packings),
      async (count, packing) => {
        const { name, bytes } = pack(format, count, packing);
        const { detail, chunks } = await estimate(bytes, name);
        const engine = createIngestEngine({ files: { [name]: bytes } });
        const { job, reports } = await engine.run({ source: source(name), outputs: ['geojson-seq'] });
        const [report] = reports;
        const published = engine.features(job.jobId, `${report!.dataset}.geojsonl.gz`);
        const [layer] = detail.layers;
        expect(detail.layers).toHaveLength(1);
        expect(chunks).toBe(1);
        expect(layer).toMatchObject({ dataset: report!.dataset, layer: report!.layer, format, crs: report!.crs });
        expect(layer!.fields).toEqual(report!.fields);
        expect(layer!.preview.features).toEqual(published.sort((a, b) => numberOf(a) - numberOf(b)).slice(0, 10));
        expect(layer!.looked).toEqual({ features: count, rejected: 0 });
      },
    );
    await fc.assert(property, { numRuns: 12 });
  });

  it.each(FORMATS)('is for %s what a dry run says', async (format) => {
    const { name, bytes } = pack(format, 30, 'as it is');
    const engine = createIngestEngine({ files: { [name]: bytes } });
    const { job, results } = await engine.run({ source: source(name), dryRun: true });
    const expected = await estimateIngest(contextOf(memoryReader(bytes)), ingestInputs.parse({ source: source(name) }));
    expect(job).toMatchObject({ state: 'succeeded', counts: [{ done: 1 }] });
    expect(results).toEqual({ estimate: expected });
  });

  it('puts the preview into the target CRS, and says who names that of the source', async () => {
    const { detail } = await estimate(Buffer.from('id,x,y\n7,500000,0\n'), 'a.csv', { sourceCrs: 'EPSG:32631' });
    const [layer] = detail.layers;
    expect(layer!.crs).toMatchObject({ by: 'caller', target: 'OGC:CRS84' });
    const [{ geometry, properties }] = layer!.preview.features as [
      { geometry: { coordinates: [number, number] }; properties: object },
    ];
    expect(properties).toEqual({ id: 7 });
    // The central meridian of UTM zone 31 on the equator.
    expect(geometry.coordinates[0]).toBeCloseTo(3, 9);
  });

  it('names the rejects among the features that it looked at', async () => {
    const { detail } = await estimate(Buffer.from('id,lon,lat\n1,2,3\n2,east,3\n'), 'a.csv');
    const [layer] = detail.layers;
    expect(layer!.looked).toEqual({ features: 2, rejected: 1 });
    expect(layer!.rejects).toEqual([
      expect.objectContaining({ number: 1, code: expect.stringMatching(/./) as string }),
    ]);
    expect(layer!.preview.features).toHaveLength(1);
  });

  describe('of a source larger than what it looks at', () => {
    const points = makePoints(60_000);
    const plain = (format: SourceFormat) => Object.values(POINTS_IN[format](points))[0]!;

    it.each(['geojson', 'geojson-seq', 'csv', 'kml', 'gpx', 'gml'] as const)(
      'reads the first MiB of %s, and no more',
      async (format) => {
        const bytes = plain(format);
        const { reader, detail, chunks } = await estimate(bytes, `places.${format}`);
        expect(bytes.length).toBeGreaterThan(1.5 * MIB);
        // The first 64 KiB are read twice before it is known what the source is.
        expect(bytesRead(reader)).toBe(MIB + 2 * 64 * 1024);
        expect(chunks).toBe(1);
        expect(detail.layers[0]!.looked).toEqual({ features: 1000, rejected: 0 });
        expect(detail.layers[0]!.preview.features).toHaveLength(10);
        expect(JSON.stringify(detail)).toContain('1024 KiB were looked at');
      },
    );

    it('unpacks the beginnings of the files of a zipped shapefile, and has their sizes from the archive', async () => {
      const { name, bytes } = pack('shapefile', 60_000, 'deflated');
      const { detail } = await estimate(bytes, name);
      const size = Object.values(POINTS_IN.shapefile(points)).reduce((sum, { length }) => sum + length, 0);
      expect(detail.source).toEqual({ bytes: bytes.length, unpackedBytes: size });
      expect(detail.layers[0]).toMatchObject({ layer: 'places', looked: { features: 1000, rejected: 0 } });
      expect(detail.layers[0]!.notes.map(({ reason }) => reason)).toEqual(['Only its first 1024 KiB were looked at.']);
    });

    it.each(['geopackage', 'flatgeobuf', 'geoparquet'] as const)(
      'says by name that the layers of a compressed %s are not known',
      async (format) => {
        const [name, content] = Object.entries(POINTS_IN[format](makePoints(120_000)))[0]!;
        const { detail, chunks } = await estimate(makeZip([{ name, data: content }]), 'places.zip');
        expect(content.length).toBeGreaterThan(MIB);
        expect(detail.layers).toEqual([]);
        expect(detail.unseen).toEqual([
          { name: 'places', format, bytes: content.length, reason: expect.stringContaining('compressed') as string },
        ]);
        expect(chunks).toBe(1);
      },
    );

    it('takes the size of a gzip file from its own account', async () => {
      const bytes = plain('geojson');
      const { detail } = await estimate(gzipSync(bytes), 'places.geojson.gz');
      expect(detail.source.unpackedBytes).toBe(bytes.length);
    });
  });

  it('expects as many blocks as the plan cuts, of text by its size', async () => {
    const line = `${JSON.stringify({ type: 'Feature', properties: { text: 'x'.repeat(1000) }, geometry: null })}\n`;
    const bytes = Buffer.from(line.repeat(Math.ceil((40 * MIB) / line.length)));
    const { chunks, seconds, dollars } = await estimate(bytes, 'a.geojsonl');
    expect(chunks).toBe(3);
    expect(seconds.low).toBeLessThan(seconds.high);
    expect(dollars.low).toBeGreaterThan(0);
    expect(dollars.low).toBeLessThan(dollars.high);
  });

  it('names a file that has no layer', async () => {
    const zip = makeZip([
      { name: 'doc.kml', data: '<kml><NetworkLink/></kml>' },
      { name: 'more.kml', data: '<kml><Placemark/></kml>' },
    ]);
    const inputs = ingestInputs.parse({ source: source('a.kmz') });
    const { detail } = await estimateIngest(contextOf(memoryReader(zip)), inputs);
    expect(detail.layers).toHaveLength(1);
    expect(detail.notes).toContain('doc has no features, and is left out.');
  });

  const refused: [string, string | Uint8Array, object][] = [
    ['a source without a CRS', 'x,y\n500000,0\n', {}],
    ['a CRS that is not known', 'lon,lat\n1,2\n', { sourceCrs: 'EPSG:999999' }],
    ['a layer that is not there', 'lon,lat\n1,2\n', { layers: ['roads'] }],
    [
      'an output that needs longitude and latitude',
      'lon,lat\n1,2\n',
      { targetCrs: 'EPSG:3857', outputs: ['geojson-seq'] },
    ],
    ['columns that are not there', 'lon,lat\n1,2\n', { csv: { x: 'east', y: 'north' } }],
    ['an unknown format', 'hello', {}],
    ['nothing', '', {}],
    ['a raster', Buffer.from('II*\0\b\0\0\0'), {}],
    ['an archive without a source', makeZip([{ name: 'readme.txt', data: 'hello' }]), {}],
    ['an archive in an archive', gzipSync(gzipSync('lon,lat\n1,2\n')), {}],
    ['gzip that is corrupt', gzipSync('lon,lat\n1,2\n').fill(7, 12), {}],
    ['GeoJSON that is cut off', '{"type":"FeatureCollection","features":[{', {}],
    ['a KML that only links to others', '<kml><NetworkLink/></kml>', {}],
    ['XML with a document type', '<!DOCTYPE kml><kml xmlns="http://www.opengis.net/kml/2.2"/>', {}],
  ];

  it.each(refused)('refuses %s as the plan does', async (_, content, inputs) => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const reader = memoryReader(bytes);
    const parsed = ingestInputs.parse({ source: source('a'), ...inputs });
    const error = (attempt: Promise<unknown>) =>
      attempt.then(
        () => undefined,
        (reason: unknown) => reason,
      );
    const planned = await error(planIngest({ ...contextOf(reader), files: memoryFiles() }, parsed));
    const estimated = await error(estimateIngest(contextOf(reader), parsed));
    expect(planned).toBeInstanceOf(LonghaulError);
    expect(estimated).toBeInstanceOf(LonghaulError);
    const { code, field, retryable } = planned as LonghaulError;
    expect(estimated).toMatchObject({ code, field, retryable });
    expect(field).toMatch(/^\/inputs\//);
  });
});

describe('a dry run', () => {
  const csv = 'id,lon,lat\n1,2,3\n2,east,3\n';

  it('publishes nothing, whatever the mode says, and lists the rejects that it saw', async () => {
    const engine = createIngestEngine({ files: { 'a.csv': csv } });
    const first = await engine.run({ source: source('a.csv'), toleratedRejects: { count: 1 } });
    expect(first.job.state).toBe('partial');
    const { job, results } = await engine.run({ source: source('a.csv'), mode: 'create', dryRun: true });
    expect(job.state).toBe('succeeded');
    expect(Object.keys(results)).toEqual(['estimate']);
    expect((await engine.dataset('a'))?.jobId).toBe(first.job.jobId);
    expect(engine.output(job.jobId, 'a.fgb')).toBeUndefined();
    expect(await engine.errors(job.jobId)).toHaveLength(1);
  });

  it('unpacks what an estimate cannot look into', async () => {
    const [name, content] = Object.entries(POINTS_IN.geopackage(makePoints(60_000)))[0]!;
    const engine = createIngestEngine({ files: { 'places.zip': makeZip([{ name, data: content }]) } });
    const { results } = await engine.run({ source: source('places.zip'), dryRun: true });
    expect(results['estimate']).toMatchObject({
      detail: { layers: [{ layer: 'places', looked: { features: 1000 } }], unseen: [] },
    });
  });

  it('has one unit for each layer', async () => {
    const zip = makeZip([
      { name: 'east.csv', data: csv },
      { name: 'west.csv', data: csv },
    ]);
    const engine = createIngestEngine({ files: { 'all.zip': zip } });
    const { job, results } = await engine.run({ source: source('all.zip'), dryRun: true });
    expect(job).toMatchObject({ state: 'succeeded', counts: [{ done: 1 }, { done: 1 }] });
    const { detail } = results['estimate'] as { detail: { layers: { dataset: string }[] } };
    expect(detail.layers.map(({ dataset }) => dataset)).toEqual(['all-east', 'all-west']);
  });

  it('ends as the job would when the plan refuses', async () => {
    const engine = createIngestEngine({ files: { 'a.csv': 'x,y\n500000,0\n' } });
    const { job } = await engine.run({ source: source('a.csv'), dryRun: true });
    expect(job).toMatchObject({ state: 'failed', failure: { code: 'crs-missing' } });
  });

  it('is estimated as what it is itself', async () => {
    const { units, bytes } = await estimate(Buffer.from(csv), 'a.csv', { dryRun: true });
    expect({ units, bytes }).toEqual({ units: 1, bytes: { low: 0, high: 0 } });
  });
});
