import { describe, expect, it } from 'vitest';
import type { Job } from '../../shared/jobs/job.ts';
import { runInline } from '../../shared/jobs/run-inline.ts';
import { processContext } from '../../shared/jobs/work-context.ts';
import { processes } from '#processes';
import { makeTiff } from '../helpers/make-tiff.ts';
import { makeZip } from '../helpers/make-zip.ts';
import { stored } from '../upgrade/upgrade-world.ts';
import { BudgetWorld } from './budget-world.ts';

/** A job, or a part of its life, and the state in which it is afterwards. */
interface Case {
  title: string;
  run: (world: BudgetWorld) => Promise<void>;
  ends: Job['state'] | 'without a job';
  /** Reads of sources: about twice of what they were. */
  mostSourceReads?: number;
}

interface Table {
  process: string;
  world: () => BudgetWorld;
  /** Kinds of objects whose bytes depend on the machine's image encoder. */
  unportable?: readonly string[];
  cases: Case[];
}

const ECHO = { inputs: { stringInput: 'hello' } };

const echo: Table = {
  process: 'echo',
  world: () => new BudgetWorld(),
  cases: [
    {
      title: 'executed while the caller waits',
      run: async ({ engine: { platform } }) => {
        const process = platform.processes.get('echo')!;
        const signal = new AbortController().signal;
        const context = processContext(platform, 'acme', signal);
        const results = await runInline(process, process.inputs.parse(ECHO.inputs), context);
        expect(results).toEqual({ stringOutput: 'hello' });
      },
      ends: 'without a job',
    },
    {
      title: 'a whole job',
      run: async (world) => {
        await world.submit('echo', ECHO);
        await world.end();
      },
      ends: 'succeeded',
    },
    {
      title: 'a whole job with a subscriber who wants to be told of everything',
      run: async (world) => {
        const uri = (path: string): string => `https://subscriber.example/${path}`;
        const subscriber = { successUri: uri('ok'), inProgressUri: uri('running'), failedUri: uri('failed') };
        await world.submit('echo', { ...ECHO, subscriber });
        await world.end();
      },
      ends: 'succeeded',
    },
    {
      title: 'the same request again, for a job that has ended',
      run: async (world) => {
        await world.submit('echo', ECHO);
        await world.end();
        world.meter.reset();
        await world.submit('echo', ECHO);
        await world.end();
      },
      ends: 'succeeded',
    },
    {
      title: 'one poll of a job that runs',
      run: async (world) => {
        await world.submit('echo', ECHO);
        await world.until('running');
        world.meter.reset();
        await world.poll();
      },
      ends: 'running',
    },
    {
      title: 'a job that is cancelled before it is planned',
      run: async (world) => {
        await world.submit('echo', ECHO);
        await world.until('accepted');
        await world.cancel();
      },
      ends: 'cancelled',
    },
    {
      title: 'a job that is cancelled while its chunk waits',
      run: async (world) => {
        await world.submit('echo', ECHO);
        await world.until('running');
        await world.cancel();
      },
      ends: 'cancelled',
    },
    {
      title: 'the end of a job that is cancelled while its finish waits, and the removal of what it may have written',
      run: async (world) => {
        await world.submit('echo', ECHO);
        await world.until('finishing');
        world.meter.reset();
        await world.cancel();
        await world.sweepAfter(20);
      },
      ends: 'cancelled',
    },
    {
      title: 'one look of the sweeper at a job whose chunk waits',
      run: async (world) => {
        await world.submit('echo', ECHO);
        await world.until('running');
        world.meter.reset();
        await world.sweepAfter(2);
      },
      ends: 'running',
    },
    {
      title: 'a job whose chunk message is lost: the look that heals it, and the rest',
      run: async (world) => {
        await world.submit('echo', ECHO);
        await world.until('running');
        world.engine.queue.purge('echo');
        world.meter.reset();
        await world.sweepAfter(2);
        await world.end();
      },
      ends: 'succeeded',
    },
    {
      title: 'the end of a job at its deadline',
      run: async (world) => {
        await world.submit('echo', ECHO);
        await world.until('running');
        world.engine.queue.purge('echo');
        world.meter.reset();
        await world.sweepAfter(60);
        await world.engine.runUntilIdle();
      },
      ends: 'failed',
    },
  ],
};

/** Half a kilometre of 8-bit grey in blocks of 16 pixels. */
const RASTER = { width: 48, height: 48, bands: 1, tileSize: 16, epsg: 32632, origin: [500_000, 5_000_000] } as const;

function raster(broken = false) {
  const bytes = makeTiff({ ...RASTER, compression: 'deflate' });
  // The last block: what covers it cannot be made.
  if (broken) bytes.fill(0xff, bytes.length - 8);
  return stored(bytes, 'image/tiff');
}

const rasterJob = (names: string[], more: object = {}) => ({
  inputs: {
    datasets: names.map((name) => ({ source: `s3://data/sources/acme/${name}` })),
    minzoom: 13,
    maxzoom: 16,
    toleratedFailurePercentage: 90,
    ...more,
  },
});
const ID = 'raster-preseed';

const rasterPreseed: Table = {
  process: ID,
  world: () => new BudgetWorld({ 'a.tif': raster(), 'b.tif': raster(), 'c.tif': raster(), 'broken.tif': raster(true) }),
  unportable: ['chunk', 'output file', 'results'],
  cases: [
    {
      title: 'a whole job of one dataset and one chunk (10 tiles)',
      run: async (world) => {
        await world.submit(ID, rasterJob(['a.tif']));
        await world.end();
      },
      ends: 'succeeded',
      mostSourceReads: 6,
    },
    {
      title: 'a whole job of one dataset and several chunks (64 tiles of 512 pixels to a chunk)',
      run: async (world) => {
        await world.submit(ID, rasterJob(['a.tif'], { tileSize: 512, minzoom: 17, maxzoom: 19 }));
        await world.end();
      },
      ends: 'succeeded',
      mostSourceReads: 36,
    },
    {
      title: 'a whole job of three datasets of one chunk each',
      run: async (world) => {
        await world.submit(ID, rasterJob(['a.tif', 'b.tif', 'c.tif']));
        await world.end();
      },
      ends: 'succeeded',
      mostSourceReads: 18,
    },
    {
      title: 'a job of three chunks that is cancelled after the first',
      run: async (world) => {
        await world.submit(ID, rasterJob(['a.tif', 'b.tif', 'c.tif']));
        await world.until('running');
        await world.engine.workOnce();
        await world.cancel();
      },
      ends: 'cancelled',
      mostSourceReads: 10,
    },
    {
      title: 'a job whose source does not exist',
      run: async (world) => {
        await world.submit(ID, rasterJob(['missing.tif']));
        await world.end();
      },
      ends: 'failed',
    },
    {
      title: 'a job some of whose tiles fail',
      run: async (world) => {
        await world.submit(ID, rasterJob(['broken.tif']));
        await world.end();
      },
      ends: 'partial',
      mostSourceReads: 10,
    },
    {
      title: 'the retry of that job, when the source was mended',
      run: async (world) => {
        await world.submit(ID, rasterJob(['broken.tif']));
        await world.end();
        world.sources['broken.tif'] = raster();
        world.meter.reset();
        await world.retry();
      },
      ends: 'succeeded',
      mostSourceReads: 6,
    },
    {
      title: 'a job one of whose two chunks is given up after its attempts',
      run: async (world) => {
        world.sources['down.tif'] = raster();
        await world.submit(ID, rasterJob(['a.tif', 'down.tif']));
        await world.until('running');
        delete world.sources['down.tif'];
        await world.end();
      },
      ends: 'partial',
      mostSourceReads: 8,
    },
  ],
};

const place = (id: number, longitude: unknown = id): object => ({
  type: 'Feature',
  properties: { id },
  geometry: { type: 'Point', coordinates: [longitude, 1] },
});
const geoJson = (features: object[]): string => JSON.stringify({ type: 'FeatureCollection', features });
const PLACES = geoJson([1, 2, 3].map((id) => place(id)));
const archive = makeZip([
  { name: 'east.geojson', data: PLACES },
  { name: 'west.csv', data: 'id,lon,lat\n1,2,3\n', method: 0 },
]);
const ingestJob = (source: string, more: object = {}) => ({
  inputs: { source: `s3://data/sources/acme/${source}`, ...more },
});

const ingest: Table = {
  process: 'ingest',
  world: () =>
    new BudgetWorld({
      'places.geojson': stored(new TextEncoder().encode(PLACES), 'application/geo+json'),
      'survey.zip': stored(archive, 'application/zip'),
      'some.geojson': stored(new TextEncoder().encode(geoJson([place(1), place(2, 'east')])), 'application/geo+json'),
    }),
  // What deflate makes of the members, and ZSTD of columns, depends on the version of their libraries.
  unportable: ['work file', 'output file', 'results'],
  cases: [
    {
      title: 'a whole job of one layer and one block',
      run: async (world) => {
        await world.submit('ingest', ingestJob('places.geojson'));
        await world.end();
      },
      ends: 'succeeded',
      mostSourceReads: 8,
    },
    {
      title: 'the same in three formats',
      run: async (world) => {
        const outputs = ['flatgeobuf', 'geoparquet', 'geojson-seq'];
        await world.submit('ingest', ingestJob('places.geojson', { outputs }));
        await world.end();
      },
      ends: 'succeeded',
      mostSourceReads: 8,
    },
    {
      title: 'a whole job of an archive with a layer that is unpacked and one that lies in it as it is',
      run: async (world) => {
        await world.submit('ingest', ingestJob('survey.zip'));
        await world.end();
      },
      ends: 'succeeded',
      mostSourceReads: 40,
    },
    {
      title: 'a whole job that appends to the version that another one published',
      run: async (world) => {
        await world.submit('ingest', ingestJob('places.geojson'));
        await world.end();
        world.meter.reset();
        await world.submit('ingest', ingestJob('places.geojson', { mode: 'append' }));
        await world.end();
      },
      ends: 'succeeded',
      mostSourceReads: 8,
    },
    {
      title: 'the same by a key: every feature of that version is replaced',
      run: async (world) => {
        await world.submit('ingest', ingestJob('places.geojson'));
        await world.end();
        world.meter.reset();
        await world.submit('ingest', ingestJob('places.geojson', { mode: 'upsert', key: ['id'] }));
        await world.end();
      },
      ends: 'succeeded',
      mostSourceReads: 8,
    },
    {
      title: 'a job that leaves out one feature of two',
      run: async (world) => {
        await world.submit('ingest', ingestJob('some.geojson', { toleratedRejects: { count: 1 } }));
        await world.end();
      },
      ends: 'partial',
      mostSourceReads: 8,
    },
    {
      title: 'the same beyond its tolerance',
      run: async (world) => {
        await world.submit('ingest', ingestJob('some.geojson', { toleratedRejects: { count: 0 } }));
        await world.end();
      },
      ends: 'failed',
      mostSourceReads: 8,
    },
  ],
};

const TABLES = [echo, rasterPreseed, ingest];

describe('what whole jobs cost', () => {
  it.each(TABLES)(
    'is for $process what its table says',
    { timeout: 60_000 },
    async ({ process, world, unportable, cases }) => {
      const blocks: string[] = [];
      for (const { title, run, ends, mostSourceReads = 0 } of cases) {
        const measured = world();
        await run(measured);
        expect(measured.jobs().at(-1)?.state ?? 'without a job', title).toBe(ends);
        expect(measured.meter.sourceReads, title).toBeLessThanOrEqual(mostSourceReads);
        blocks.push([title, ...measured.meter.lines(unportable).map((line) => `  ${line}`)].join('\n'));
      }
      await expect(`${blocks.join('\n\n')}\n`).toMatchFileSnapshot(`tables/${process}.txt`);
    },
  );

  it('is told of every process that there is', () => {
    const deployed = processes.map(({ id }) => id);
    expect(TABLES.map(({ process }) => process)).toEqual(expect.arrayContaining(deployed));
  });
});
