import { execFileSync } from 'node:child_process';
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
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildBundle } from '../../../cli/bundle/build-bundle.ts';
import { bundleFolder } from '../../../cli/bundle/bundle-folder.mjs';
import { sourceStack } from '../../../cli/bundle/source-stack.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const run = (file: string): string => execFileSync(process.execPath, [file, 'processes'], { encoding: 'utf8' });

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
    expect(run(path.join(bundles, 'new/start.js'))).toBe(run(path.join(PROJECT, 'cli/start.ts')));
  });

  it('has stack traces that name the sources', async () => {
    await buildBundle(path.join(bundles, 'new/'));
    const file = path.join(bundles, 'new/start.js');
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
    expect(sourceStack(trace('file:///elsewhere.js', '1:1'))).toBe(trace('file:///elsewhere.js', '1:1'));
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
