import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PMTiles, type Source } from 'pmtiles';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../shared/config/system.ts';
import { discoverProcesses } from '../../../shared/processes/discover.ts';
import { makeTiff } from '../../helpers/make-tiff.ts';
import { countingIdentifiers } from '../../helpers/test-engine.ts';
import { addNumbersProcess } from './process-folder.ts';
import { createTestCli, type TestCli } from './test-cli.ts';

const datasets = (...units: number[]): string =>
  JSON.stringify(units.map((count, index) => ({ id: `set-${index}`, units: count })));

function addScene({ folder }: TestCli, name = 'scene.tif'): void {
  writeFileSync(
    join(folder, name),
    makeTiff({ width: 64, height: 48, bands: 3, tileSize: 32, compression: 'deflate' }),
  );
}

const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

/** The pmtiles package over a file. */
function openArchive(path: string): PMTiles {
  const bytes = readFileSync(path);
  const source: Source = {
    getKey: () => path,
    getBytes: async (offset, length) => ({ data: new Uint8Array(bytes.subarray(offset, offset + length)).buffer }),
  };
  return new PMTiles(source);
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('longhaul run raster-preseed', () => {
  it('makes an archive of a GeoTIFF that is named by its path', async () => {
    const cli = createTestCli();
    addScene(cli);
    const args = ['--source', 'scene.tif', '--minzoom', '8', '--maxzoom', '12', '--out', 'tiles.pmtiles'];
    const { code, out, err } = await cli.run('run', 'raster-preseed', ...args);
    expect(err).toContain('Estimate: ');
    expect(err).toContain('→ tiles.pmtiles');
    expect(code).toBe(0);
    const header = await openArchive(join(cli.folder, 'tiles.pmtiles')).getHeader();
    expect(header).toMatchObject({ minZoom: 8, maxZoom: 12, clustered: true });
    const { tilesets } = JSON.parse(out) as { tilesets: { href: string; tiles: number }[] };
    expect(tilesets).toMatchObject([{ dataset: 'scene', tiles: header.numAddressedTiles }]);
    expect(tilesets[0]?.href).toBe(`file://${cli.folder}/tiles.pmtiles`);
    expect(readdirSync(cli.folder).sort()).toEqual(['scene.tif', 'tiles.pmtiles']);
  });

  it('makes an archive for each source, in a folder', async () => {
    const cli = createTestCli();
    addScene(cli, 'a.tif');
    addScene(cli, 'b.tif');
    const args = ['--source', 'a.tif', 'b.tif', '--maxzoom=9', '--minzoom=9', '--format', 'webp', '--out', 'tiles'];
    const { code } = await cli.run('run', 'raster-preseed', ...args);
    expect(code).toBe(0);
    expect(readdirSync(join(cli.folder, 'tiles')).sort()).toEqual(['a.pmtiles', 'b.pmtiles']);
  });

  it('counts units, reads, bytes and memory in the last line of --stats', async () => {
    const cli = createTestCli();
    addScene(cli);
    const args = ['--source', 'scene.tif', '--minzoom', '9', '--maxzoom', '9', '--out', 'x.pmtiles', '--stats'];
    const { out } = await cli.run('run', 'raster-preseed', ...args);
    const stats = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, number>;
    expect(Object.keys(stats).sort()).toEqual(
      ['bytes', 'done', 'failed', 'peakMemoryBytes', 'rangeBytes', 'rangeReads', 'seconds', 'skipped'].concat(
        'units',
        'unitsPerSecond',
      ),
    );
    expect(stats['rangeReads']).toBeGreaterThan(0);
    expect(stats['done']).toBe(stats['units']);
    expect(stats['peakMemoryBytes']).toBeGreaterThan(10_000_000);
  });

  it('names a file that is not there, and leaves nothing behind', async () => {
    const cli = createTestCli();
    const { code, err } = await cli.run('run', 'raster-preseed', '--source', 'none.tif', '--out', 'x.pmtiles');
    expect(code).toBe(1);
    expect(err).toContain('none.tif does not exist.');
    expect(err).toContain('code: source-not-found');
    expect(readdirSync(cli.folder)).toEqual([]);
  });

  it('names every input that is wrong, with its limit', async () => {
    const cli = createTestCli();
    const { code, err } = await cli.run(
      'run',
      'raster-preseed',
      '--source',
      'a.tif',
      '--maxzoom',
      '30',
      '--quality',
      '0',
    );
    expect(code).toBe(1);
    expect(err).toContain('field: /inputs/maxzoom');
    expect(err).toContain('also: /inputs/quality');
    expect(err).toContain('limit: 24');
  });

  it('shows every input with title, description, limits and default in its help', async () => {
    const { code, out } = await createTestCli().run('run', 'raster-preseed', '--help');
    expect(code).toBe(0);
    expect(out).toMatch(/--minzoom <integer>\s+Lowest zoom: By default/);
    expect(out).toMatch(/--tile-size <256\|512>/);
    expect(out).toMatch(/--quality <integer>[^-]*1 to 100; default: 80/);
    expect(out).toMatch(/Short forms of --datasets[^]*--source <text\.\.\.>/);
  });
});

describe('longhaul run', () => {
  it('writes results without a file as JSON, to standard output and where --out says', async () => {
    const cli = createTestCli();
    const { code, out } = await cli.run(
      'run',
      'echo',
      '--string-input',
      'hello',
      '--arrayInput',
      '1,2.5',
      '--out',
      'a.json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ stringOutput: 'hello', arrayOutput: [1, 2.5] });
    expect(JSON.parse(read(cli.folder, 'a.json'))).toEqual(JSON.parse(out));
  });

  it('takes all inputs from a file; options win over it', async () => {
    const cli = createTestCli();
    writeFileSync(join(cli.folder, 'in.json'), JSON.stringify({ inputs: { numberInput: 1, stringInput: 'file' } }));
    const { out } = await cli.run('run', 'echo', '--inputs', 'in.json', '--number-input', '-2');
    expect(JSON.parse(out)).toEqual({ numberOutput: -2, stringOutput: 'file' });
  });

  it('ends 3 for a partial job, names errors, and writes the complete list', async () => {
    addNumbersProcess();
    const cli = createTestCli();
    const args = [
      '--datasets',
      datasets(40),
      '--failing',
      '1,3,5,7,9,11,13',
      '--out',
      'list.txt',
      '--errors',
      'bad.ndjson',
    ];
    const { code, err } = await cli.run('run', 'numbers', ...args);
    expect(code).toBe(3);
    expect(err).toContain('set-0: Unit 1 is bad. (unit-bad)');
    expect(err).toContain('and 2 more');
    expect(read(cli.folder, 'bad.ndjson').trim().split('\n')).toHaveLength(7);
    expect(read(cli.folder, 'list.txt').split(' ')).toHaveLength(33);
  });

  it('keeps the file of the features alone where a file is asked for, and all files where a folder is', async () => {
    const cli = createTestCli();
    writeFileSync(join(cli.folder, 'a.csv'), 'name,lon,lat\none,1,2\n');
    const file = await cli.run('run', 'ingest', '--source', 'a.csv', '--out', 'roads.fgb');
    expect(readFileSync(join(cli.folder, 'roads.fgb')).subarray(0, 3).toString()).toBe('fgb');
    expect(file.err).toContain('2 files about it left out: --out FOLDER/ keeps all');
    const { datasets } = JSON.parse(file.out) as { datasets: { files: { role: string; href?: string }[] }[] };
    expect(datasets[0]!.files.flatMap(({ role, href }) => (href === undefined ? [] : [role]))).toEqual(['data']);
    await cli.run('run', 'ingest', '--source', 'a.csv', '--out', 'all/');
    expect(readdirSync(join(cli.folder, 'all')).sort()).toEqual(['a.fgb', 'a.png', 'a.stac.json']);
    // Two files hold the features: neither is the one that was meant.
    await cli.run('run', 'ingest', '--source', 'a.csv', '--outputs', 'flatgeobuf,geoparquet', '--out', 'b.fgb');
    expect(readdirSync(join(cli.folder, 'b.fgb'))).toContain('a.parquet');
  });

  it('writes the list of errors where it was asked to, also when the results name it', async () => {
    const cli = createTestCli();
    const feature = (x: unknown) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'Point', coordinates: [x, 1] },
    });
    const source = JSON.stringify({ type: 'FeatureCollection', features: [feature('east'), feature(1)] });
    writeFileSync(join(cli.folder, 'a.geojson'), source);
    const args = ['--source', 'a.geojson', '--tolerated-rejects', '{"count":1}', '--out', 'out/', '--errors', 'e'];
    const { code } = await cli.run('run', 'ingest', ...args);
    expect(code).toBe(3);
    expect(JSON.parse(read(cli.folder, 'e'))).toMatchObject({ code: 'geojson-coordinate-type', number: 0 });
    expect(readdirSync(join(cli.folder, 'out')).sort()).toEqual(['a.fgb', 'a.png', 'a.stac.json', 'errors.ndjson']);
  });

  it('has no published dataset that a job could build upon, and says so', async () => {
    const cli = createTestCli();
    writeFileSync(join(cli.folder, 'a.geojson'), '{"type":"FeatureCollection","features":[]}');
    const { code, err } = await cli.run('run', 'ingest', '--source', 'a.geojson', '--mode', 'append', '--out', 'out/');
    expect(code).toBe(1);
    expect(err).toContain('a run on this machine knows no published datasets. (datasets-not-kept)');
    expect(readdirSync(cli.folder)).toEqual(['a.geojson']);
  });

  it('ends 1 for a failed job, publishes nothing, and says why', async () => {
    addNumbersProcess('{ planError: () => finalError() }');
    const cli = createTestCli();
    const { code, err } = await cli.run('run', 'numbers', '--datasets', datasets(2), '--out', 'a.txt', '--errors', 'e');
    expect(code).toBe(1);
    expect(err).toContain('The source is no raster. (not-a-tiff)');
    expect(readdirSync(cli.folder)).toEqual(['e']);
    expect(JSON.parse(read(cli.folder, 'e'))).toMatchObject({ code: 'not-a-tiff' });
  });

  it('says how long it waits for the next attempt, and why', async () => {
    addNumbersProcess(
      '{ beforeChunk: (() => { let n = 0; return async () => { if (++n === 1) throw retryableError(); } })() }',
    );
    let skipped = 0;
    const clock = {
      now: () => systemClock.now() + skipped,
      sleep: async (milliseconds: number, signal?: AbortSignal) => {
        // What is left of the 15 s when the engine falls asleep.
        if (milliseconds > 12_000 && milliseconds <= 15_000) skipped += milliseconds;
        else await systemClock.sleep(milliseconds, signal);
      },
    };
    const cli = createTestCli({ clock, random: () => 0.5 });
    const { code, err } = await cli.run('run', 'numbers', '--datasets', datasets(1), '--out', 'a.txt');
    expect(err).toMatch(/waiting 15 s for attempt 2: The upstream did not answer\. \(source-unavailable\)/);
    expect(code).toBe(0);
  });

  it('refuses to replace a file, before it runs, unless it is forced', async () => {
    addNumbersProcess();
    const cli = createTestCli();
    writeFileSync(join(cli.folder, 'a.txt'), 'mine');
    const refused = await cli.run('run', 'numbers', '--datasets', datasets(2), '--out', 'a.txt');
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.err).toMatch(/^Error: .*a\.txt exists already\./);
    expect(read(cli.folder, 'a.txt')).toBe('mine');
    expect(await cli.run('run', 'numbers', '--datasets', datasets(2), '--out', 'a.txt', '--force')).toMatchObject({
      code: 0,
    });
    expect(read(cli.folder, 'a.txt')).toBe('0 1');
  });

  it('fills a folder that is empty, and adds to one with content only when forced', async () => {
    addNumbersProcess();
    const cli = createTestCli();
    mkdirSync(join(cli.folder, 'lists'));
    const run = (...more: string[]) =>
      cli.run('run', 'numbers', '--datasets', datasets(1, 1), '--out', 'lists', ...more);
    expect((await run()).code).toBe(0);
    writeFileSync(join(cli.folder, 'lists/mine'), '');
    expect((await run()).code).toBe(2);
    expect((await run('--force')).code).toBe(0);
    expect(readdirSync(join(cli.folder, 'lists')).sort()).toEqual(['mine', 'set-0.txt', 'set-1.txt']);
  });

  it('makes a new folder without --out', async () => {
    addNumbersProcess();
    const cli = createTestCli();
    await cli.run('run', 'numbers', '--datasets', datasets(1));
    const [folder = ''] = readdirSync(cli.folder);
    expect(folder).toMatch(/^numbers-01J/);
    expect(readdirSync(join(cli.folder, folder))).toEqual(['set-0.txt']);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    addNumbersProcess(
      '{ beforeChunk: (_, signal) => new Promise((_, no) => { signal.throwIfAborted(); signal.addEventListener("abort", () => no(signal.reason)); }) }',
    );
    const interruption = new AbortController();
    const cli = createTestCli({ signal: interruption.signal });
    const running = cli.run('run', 'numbers', '--datasets', datasets(9), '--out', 'a.txt');
    await vi.waitUntil(() => readdirSync(cli.folder).length === 1);
    interruption.abort(new Error('Ctrl+C'));
    expect(await running).toMatchObject({ code: 130, out: '' });
    expect(readdirSync(cli.folder)).toEqual([]);
  });

  it('is interrupted while it stores the job, too', async () => {
    addNumbersProcess('{ beforeChunk: (_, signal) => new Promise((_, no) => { signal.throwIfAborted(); }) }');
    const interruption = new AbortController();
    const identifiers = countingIdentifiers();
    const cli = createTestCli({
      signal: interruption.signal,
      identifiers: {
        next: (now) => {
          interruption.abort(new Error('Ctrl+C'));
          return identifiers.next(now);
        },
      },
    });
    expect(await cli.run('run', 'numbers', '--datasets', datasets(9), '--out', 'a.txt')).toMatchObject({ code: 130 });
    expect(readdirSync(cli.folder)).toEqual([]);
  });

  it('says what a job would do, and runs nothing, with --dry-run', async () => {
    const cli = createTestCli();
    const { code, out, err } = await cli.run('run', 'echo', '--pause', '3', '--dry-run', '--json');
    expect(code).toBe(0);
    expect(err).toContain('Estimate: 1 unit, 1 chunk');
    expect(JSON.parse(out)).toMatchObject({ units: 1, detail: { pause: 3 } });
  });

  it.each(['--dry-run', '--dryRun'])(
    'runs what %s is an input of, prints what it says, and leaves no file',
    async (flag) => {
      const cli = createTestCli();
      writeFileSync(join(cli.folder, 'a.csv'), 'id,lon,lat\n1,2,3\n2,east,3\n');
      const { code, out, err } = await cli.run('run', 'ingest', '--source', 'a.csv', flag);
      expect(code).toBe(0);
      expect(err).toContain('succeeded: 1 unit');
      const lines = out.split('\n');
      expect(lines[0]).toBe('1 unit in 1 chunk');
      expect(lines).toContain('    crs: source EPSG:4326 (WGS 84), by source, target OGC:CRS84');
      expect(lines).toContain(
        '      {"type":"Feature","properties":{"id":1},"geometry":{"type":"Point","coordinates":[2,3]}}',
      );
      expect(lines).toContain('    looked: features 2, rejected 1');
      expect(readdirSync(cli.folder)).toEqual(['a.csv']);
    },
  );

  it('has the input for it in every process that offers a dry run, and in no other', async () => {
    for (const { id, inputs, offersDryRun } of await discoverProcesses()) {
      expect([id, Object.hasOwn(inputs.shape, 'dryRun')]).toEqual([id, offersDryRun === true]);
    }
  });

  it('estimates before a job only where no dry run is offered', async () => {
    const cli = createTestCli();
    writeFileSync(join(cli.folder, 'a.csv'), 'id,lon,lat\n1,2,3\n');
    expect((await cli.run('run', 'ingest', '--source', 'a.csv', '--out', 'a.fgb')).err).not.toContain('Estimate:');
    expect((await cli.run('run', 'echo', '--string-input', 'a')).err).toContain('Estimate:');
  });

  it('prints the outcome as one document with --json', async () => {
    addNumbersProcess();
    const cli = createTestCli();
    const { out } = await cli.run('run', 'numbers', '--datasets', datasets(3), '--out', 'a.txt', '--json');
    expect(JSON.parse(out)).toMatchObject({
      state: 'succeeded',
      counts: { done: 3 },
      files: [join(cli.folder, 'a.txt')],
    });
  });

  it.each([
    [['run'], "missing required argument 'process'"],
    [['run', 'nothing'], 'Take one of echo, ingest, raster-preseed.'],
    [['run', 'echo', '--strnig-input', 'a'], 'Did you mean --string-input?'],
    [['run', 'echo', '--number-input', 'many'], '--number-input: "many": expected a number'],
    [['run', 'echo', '--concurrency', '0'], 'Expected a whole number from 1 to 64.'],
    [['run', 'echo', '--inputs', 'none.json'], 'none.json cannot be read: it does not exist.'],
    [['run', 'echo', '--out', 'no/such/place'], 'there is no folder'],
  ])('refuses %j before anything runs', async (args, message) => {
    const cli = createTestCli();
    const { code, err } = await cli.run(...args);
    expect(code).toBe(message.startsWith('there is') ? 1 : 2);
    expect(err).toContain(message);
    expect(existsSync(join(cli.folder, 'no'))).toBe(false);
  });
});

describe('longhaul processes', () => {
  it('lists a process whose folder was just added, and its inputs', async () => {
    addNumbersProcess();
    const { code, out } = await createTestCli().run('processes');
    expect(code).toBe(0);
    expect(out).toContain('numbers 1.0.0: Numbers');
    expect(out).toMatch(/--chunk-units <integer>.*default: 2/);
    expect(out).toContain('raster-preseed');
  });

  it('names the folder that is wrong', async () => {
    vi.stubEnv('LONGHAUL_PROCESS_FOLDERS', '/no/such/folder');
    const { code, err } = await createTestCli().run('processes');
    expect(code).toBe(2);
    expect(err).toContain('/no/such/folder');
  });
});
