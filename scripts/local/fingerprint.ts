import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT_FOLDER } from './project-folders.ts';

/** Files and folders that the deployed stack is made from. */
const INGREDIENTS = ['cdk.json', 'package-lock.json', 'tsconfig.json', 'infra', 'functions', 'shared'];

/**
 * A hash over everything that a deployment depends on: the same hash, the same stack.
 * @param processFolders further folders of processes, relative to the project
 * @param context context values of the CDK app
 */
export async function deploymentFingerprint(
  processFolders: readonly string[],
  context: Record<string, string>,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(Object.entries(context).sort()));
  for (const name of [...INGREDIENTS, ...processFolders]) {
    for (const file of await filesUnder(path.join(PROJECT_FOLDER, name))) {
      hash.update(`\0${path.relative(PROJECT_FOLDER, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

/** A file itself, or all files below a folder, ordered by name. */
async function filesUnder(place: string): Promise<string[]> {
  const entries = await readdir(place, { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (entries === undefined) return [place];
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.join(entry.parentPath, entry.name)).sort();
}
