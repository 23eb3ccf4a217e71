import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildBundle } from '../../../cli/bundle/build-bundle.ts';
import { bundleFolder } from '../../../cli/bundle/bundle-folder.mjs';
import { sourceStack } from '../../../cli/bundle/source-stack.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const RUN = `import { runBundle } from '${new URL('../../../cli/bundle/run-bundle.mjs', import.meta.url).href}';
  runBundle(process.argv[1], process.argv.slice(2));`;

function run(...args: string[]): string {
  return execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Runs a bundle in a process of its own. */
const runBundle = (file: string, ...args: string[]): string =>
  run('--input-type=module', '--eval', RUN, '--', file, ...args);

describe('where the bundle belongs', () => {
  let project: string;
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(project + file), { recursive: true });
    writeFileSync(project + file, text);
  };

  beforeEach(() => {
    project = `${mkdtempSync(path.join(tmpdir(), 'longhaul-sources-'))}/`;
    for (const file of ['cli/start.ts', 'shared/jobs/job.ts', 'package.json', 'node_modules/.package-lock.json']) {
      put(file, file);
    }
  });

  afterEach(() => {
    rmSync(project, { recursive: true });
    vi.unstubAllEnvs();
  });

  it('stays while the sources do', () => {
    expect(bundleFolder(project)).toBe(bundleFolder(project));
    expect(bundleFolder(project)).toMatch(/\/node_modules\/\.cache\/longhaul\/[0-9a-f]{32}\/$/);
  });

  it.each<[string, () => void]>([
    ['a source has more in it', () => put('shared/jobs/job.ts', 'more than before')],
    ['a source was written again', () => utimesSync(`${project}cli/start.ts`, 1, 1)],
    ['there is a further process', () => put('shared/processes/new/process.ts', '')],
    ['a source is gone', () => rmSync(`${project}shared/jobs/job.ts`)],
    ['packages were installed', () => put('node_modules/.package-lock.json', 'other versions')],
  ])('is another one when %s', (_what, change) => {
    const before = bundleFolder(project);
    change();
    expect(bundleFolder(project)).not.toBe(before);
  });

  it('is nowhere while there are processes elsewhere', () => {
    vi.stubEnv('LONGHAUL_PROCESS_FOLDERS', '/somewhere');
    expect(bundleFolder(project)).toBeUndefined();
  });
});

describe('a bundle', () => {
  let bundles: string;

  // Within the project: native modules are looked for from here.
  beforeEach(() => {
    const cache = path.join(PROJECT, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    bundles = mkdtempSync(path.join(cache, 'bundles-'));
  });

  afterEach(() => rmSync(bundles, { recursive: true }));

  it('does what the sources do', async () => {
    await buildBundle(path.join(bundles, 'new/'));
    expect(readdirSync(bundles)).toEqual(['new']);
    // Others than who made it may run it, as they may any folder that is made here.
    mkdirSync(path.join(bundles, 'usual'));
    expect(statSync(path.join(bundles, 'new')).mode).toBe(statSync(path.join(bundles, 'usual')).mode);
    const args = ['processes', '--json'];
    const answer = runBundle(path.join(bundles, 'new/start.cjs'), ...args);
    expect(answer).toBe(run(path.join(PROJECT, 'cli/start.ts'), ...args));
    expect(answer).toContain('ingest');
  });

  it('has stack traces that name the sources', async () => {
    await buildBundle(path.join(bundles, 'new/'));
    const file = path.join(bundles, 'new/start.cjs');
    const name = 'function createProgram(';
    const place = (text: string): string => {
      const before = text.slice(0, text.indexOf(name)).split('\n');
      return `${before.length}:${before.at(-1)!.length + name.length}`;
    };
    const source = path.join(PROJECT, 'cli/program.ts');
    const trace = (url: string, at: string): string =>
      `Error: no\n    at createProgram (${url}:${at})\n    at node:fs:1:2`;
    expect(sourceStack(trace(pathToFileURL(file).href, place(readFileSync(file, 'utf8'))))).toBe(
      trace(pathToFileURL(source).href, place(readFileSync(source, 'utf8'))),
    );
    expect(sourceStack(trace('file:///elsewhere.cjs', '1:1'))).toBe(trace('file:///elsewhere.cjs', '1:1'));
  });

  it('takes the place of old ones, not of those that may still run', async () => {
    for (let number = 1; number <= 9; number++) {
      mkdirSync(path.join(bundles, `old-${number}`));
      utimesSync(path.join(bundles, `old-${number}`), number, number);
    }
    await buildBundle(path.join(bundles, 'new/'));
    expect(readdirSync(bundles)).toEqual(['new', ...[3, 4, 5, 6, 7, 8, 9].map((number) => `old-${number}`)]);
  });

  it('is not there, nor any part of it, when it cannot be made', async () => {
    const full = path.join(bundles, 'taken');
    mkdirSync(path.join(full, 'by-another'), { recursive: true });
    await buildBundle(full);
    expect(readdirSync(bundles)).toEqual(['taken']);
    writeFileSync(path.join(bundles, 'file'), '');
    await buildBundle(path.join(bundles, 'file/new/'));
    expect(existsSync(path.join(bundles, 'file/new/'))).toBe(false);
  });
});

describe('what was compiled of a bundle', () => {
  /** A bundle that answers with its arguments, and runs many functions more when one of them is `more`. */
  const CODE = `(function (require, bundleUrl) {
    const args = process.argv.slice(2);
    if (args.includes('more')) { ${Array.from({ length: 2000 }, (_, index) => `(() => args.map((arg) => arg + ${index}.5))();`).join('\n')} }
    if (args.includes('stay')) return setInterval(() => {}, 1e6);
    console.log(args.join(), bundleUrl.startsWith('file:'), require('node:path').sep);
    process.exit(args.includes('fail') ? 1 : 0);
  })`;
  let folder: string;
  const answer = (...args: string[]): string => runBundle(path.join(folder, 'start.cjs'), ...args);
  const statOf = (name: string) => statSync(path.join(folder, name));

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'longhaul-bundle-'));
    writeFileSync(path.join(folder, 'start.cjs'), CODE);
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it('is kept for each command, and for each process that is run here', () => {
    expect(answer('jobs', 'list')).toBe('jobs,list true /\n');
    answer('run', 'raster-preseed', '--source', 'x.tif');
    answer('--version');
    expect(readdirSync(folder).sort()).toEqual([
      'jobs.compiled',
      'run-raster-preseed.compiled',
      'start.cjs',
      'version.compiled',
    ]);
    expect(answer('jobs', 'list')).toBe('jobs,list true /\n');
  });

  it('is replaced when a run compiled much more, and not when it compiled less', () => {
    answer('run', 'ingest');
    const { size } = statOf('run-ingest.compiled');
    answer('run', 'ingest', 'more');
    const replaced = statOf('run-ingest.compiled');
    expect(replaced.size).toBeGreaterThan(size);
    answer('run', 'ingest');
    expect(statOf('run-ingest.compiled').mtimeMs).toBe(replaced.mtimeMs);
  });

  it('is kept of a command that runs long before it ends, which is when V8 has forgotten the start', async () => {
    const changes = watch(folder);
    const staying = spawn(process.execPath, [
      ...['--input-type=module', '--eval', RUN, '--'],
      ...[path.join(folder, 'start.cjs'), 'jobs', 'stay'],
    ]);
    for await (const { filename } of changes) if (filename === 'jobs.compiled') break;
    staying.kill('SIGKILL');
    expect(statOf('jobs.compiled').size).toBeGreaterThan(100);
  });

  it('is replaced when it is of no use', () => {
    writeFileSync(path.join(folder, 'jobs.compiled'), 'what V8 has not written');
    expect(answer('jobs')).toBe('jobs true /\n');
    expect(statOf('jobs.compiled').size).toBeGreaterThan(100);
  });

  it('is not kept of a command that failed', () => {
    expect(() => answer('nonsense', 'fail')).toThrow('Command failed');
    expect(readdirSync(folder)).toEqual(['start.cjs']);
  });

  it('is not missed where nothing can be written', () => {
    mkdirSync(path.join(folder, 'jobs.compiled'));
    expect(answer('jobs')).toBe('jobs true /\n');
    expect(readdirSync(folder).sort()).toEqual(['jobs.compiled', 'start.cjs']);
  });
});
