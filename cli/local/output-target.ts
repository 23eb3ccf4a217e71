import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failedWith } from '../../shared/local/file-system.ts';
import { outputExists, outputImpossible } from '../errors.ts';
import { pathOf } from '../paths.ts';

/** Where a job's files go. */
export interface OutputTarget {
  /** Absolute. */
  path: string;
  /** What stands there now. */
  is: 'absent' | 'file' | 'folder';
  /** True when the caller named it as a folder, or one stands there: a single file goes into it. */
  asFolder: boolean;
  /** Whether files that are there may be replaced. */
  force: boolean;
}

/** Name of the folder that holds a job's work while it runs, beside the output: on the same disk, so that a rename publishes. */
const WORK_PREFIX = '.longhaul-run-';

/**
 * Looks at the place before anything runs: no job may end with nowhere to put its results.
 * @throws UsageError `output-exists` for a file, or a folder that is not empty, without `force`; LonghaulError
 *   `output-impossible`
 */
export async function findTarget(out: string, force: boolean, folder: URL): Promise<OutputTarget> {
  const path = pathOf(out, folder);
  const is = await kindOf(path);
  const asFolder = is === 'folder' || out.endsWith('/');
  if (is === 'file' && out.endsWith('/')) throw outputImpossible(path, 'it is a file, not a folder');
  if (is === 'file' && !force) throw outputExists(path, 'exists already');
  if (is === 'folder' && !force && (await readdir(path)).length > 0)
    throw outputExists(path, 'is a folder with content');
  return { path, is, asFolder, force };
}

/** A folder that is removed when it is disposed of, or the process ends in any way that it can still act upon. */
export interface WorkFolder extends AsyncDisposable {
  path: string;
}

/** @throws LonghaulError `output-impossible` */
export async function createWorkFolder(target: OutputTarget): Promise<WorkFolder> {
  const parent = dirname(target.path);
  try {
    const path = await mkdtemp(join(parent, WORK_PREFIX));
    const removeAtExit = (): void => rmSync(path, { recursive: true, force: true });
    process.once('exit', removeAtExit);
    return {
      path,
      async [Symbol.asyncDispose]() {
        await rm(path, { recursive: true, force: true });
        process.off('exit', removeAtExit);
      },
    };
  } catch (error) {
    const reason = failedWith(error, 'ENOENT') ? `there is no folder ${parent}` : String(error);
    throw outputImpossible(target.path, reason, error);
  }
}

async function kindOf(path: string): Promise<OutputTarget['is']> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (failedWith(error, 'ENOENT')) return 'absent';
    if (failedWith(error, 'ENOTDIR')) throw outputImpossible(path, 'its parent is no folder', error);
    throw outputImpossible(path, String(error), error);
  }
}
