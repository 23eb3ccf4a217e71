import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { discoverProcesses, processFiles } from '../../shared/processes/discover.ts';

const START = fileURLToPath(new URL('../start.ts', import.meta.url));

/** Of commands that started before the sources changed, and of the branches that one goes back and forth between. */
const KEPT_BUNDLES = 8;

/**
 * Bundles the command line to a script, a function of `require` and of the script's URL: of a script, other than of a module,
 * V8 gives away what it compiled while it ran. The folder appears whole or not at all: what keeps it from being made (no esbuild
 * in an installation for production, a disk that cannot be written, a source with a mistake) leaves the sources to be run, which
 * tell a mistake of theirs themselves.
 * @param folder such as `bundleFolder` names it
 */
export async function buildBundle(folder: string): Promise<void> {
  const bundles = path.dirname(folder);
  const unfinished = path.join(bundles, `unfinished-${process.pid}`);
  try {
    const { build } = await import('esbuild');
    // With the mode of any other folder: whoever shares the installation may read it.
    await mkdir(unfinished, { recursive: true });
    await build({
      entryPoints: [START],
      outfile: path.join(unfinished, 'start.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: `node${process.versions.node}`,
      mainFields: ['module', 'main'],
      banner: { js: '(function (require, bundleUrl) {' },
      footer: { js: '})' },
      define: { 'import.meta.url': 'bundleUrl' },
      minifyWhitespace: true,
      legalComments: 'none',
      external: await nativeModules(),
      plugins: [listProcesses],
      sourcemap: 'external',
      sourcesContent: false,
      logLevel: 'silent',
    });
    await rename(unfinished, folder);
    await removeOldBundles(bundles);
  } catch {
    // The reasons above; a bundle that others have made in the meantime is one, too.
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function nativeModules(): Promise<string[]> {
  return (await discoverProcesses()).flatMap((process) => process.nativeModules ?? []);
}

/** A bundle cannot look for processes on the disk. */
const listProcesses: Plugin = {
  name: 'list-processes',
  setup(build) {
    build.onLoad({ filter: /[\\/]shared[\\/]processes[\\/]discover\.ts$/ }, ({ path: file }) => {
      const entries = processFiles().map((process) => {
        const source = fileURLToPath(process);
        return `[${JSON.stringify(path.basename(path.dirname(source)))}, () => import(${JSON.stringify(source)})]`;
      });
      return {
        contents: `const processes = new Map([${entries.join()}]);
          export const discoverProcess = async (id) => (await processes.get(id)?.())?.default;
          export const discoverProcesses = () => Promise.all([...processes.keys()].map(discoverProcess));`,
        resolveDir: path.dirname(file),
      };
    });
  },
};

async function removeOldBundles(bundles: string): Promise<void> {
  const names = await readdir(bundles);
  const times = await Promise.all(names.map(async (name) => (await stat(path.join(bundles, name))).mtimeMs));
  const newestFirst = names.map((name, index) => ({ name, time: times[index]! })).sort((a, b) => b.time - a.time);
  for (const { name } of newestFirst.slice(KEPT_BUNDLES)) {
    await rm(path.join(bundles, name), { recursive: true, force: true });
  }
}
