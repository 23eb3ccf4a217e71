import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { discoverProcesses, processFiles } from '../../shared/processes/discover.ts';

const START = fileURLToPath(new URL('../start.ts', import.meta.url));

/** CommonJS dependencies inside an ESM bundle call `require`. */
const REQUIRE_BANNER = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

/** A command that runs may still load parts of an older bundle. */
const KEPT_BUNDLES = 8;

/**
 * Bundles the command line, in parts that are loaded when they are used. The folder appears whole or not at all: what keeps
 * it from being made (no esbuild in an installation for production, a disk that cannot be written, a source with a mistake)
 * leaves the sources to be run, which tell a mistake of theirs themselves.
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
      outdir: unfinished,
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      target: `node${process.versions.node}`,
      mainFields: ['module', 'main'],
      banner: { js: REQUIRE_BANNER },
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
      const imports = processFiles().map((process) => `import(${JSON.stringify(fileURLToPath(process))})`);
      return {
        contents: `export const discoverProcesses = async () =>
          (await Promise.all([${imports.join()}])).map((module) => module.default);`,
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
