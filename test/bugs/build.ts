import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Bug, Tier } from './bug.ts';

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** Bundles a tier into a file. @param bug what is changed in the code on the way; absent for the code as it is */
export async function buildTier(tier: Tier, outfile: string, bug?: Bug): Promise<void> {
  await build({
    entryPoints: [path.join(PROJECT, `test/bugs/searches/${tier}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { vitest: path.join(PROJECT, 'test/bugs/without-vitest.ts') },
    plugins: bug === undefined ? [] : [seed(bug)],
    logLevel: 'silent',
  });
}

/** Only the file with the bug is asked for here: each question costs a round trip. */
function seed(bug: Bug): Plugin {
  const file = path.join(PROJECT, bug.file);
  const filter = new RegExp(`[\\\\/]${path.basename(file, '.ts')}\\.ts$`);
  return {
    name: 'seed-a-bug',
    setup: (bundling) => {
      bundling.onLoad({ filter }, async (loaded) =>
        loaded.path === file ? { contents: plant(bug, await readFile(file, 'utf8')), loader: 'ts' } : undefined,
      );
    },
  };
}

/** The text of a file with the bug in it. @throws Error when it can stand in no place, or in more than one */
export function plant({ name, find, replace }: Pick<Bug, 'name' | 'find' | 'replace'>, text: string): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${name}: its place stands ${text.split(find).length - 1} times in its file`);
  }
  return before + replace + after;
}
