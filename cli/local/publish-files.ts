import { mkdir, rename } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishFile } from '../../shared/local/file-system.ts';
import { outputExists } from '../errors.ts';
import type { JobOutputs } from './collect-outputs.ts';
import type { OutputTarget } from './output-target.ts';

/** A file of a job, and where it was put. */
export interface PlacedFile {
  /** Where the job wrote it. */
  from: URL;
  /** Absolute path. */
  path: string;
}

/**
 * Moves files to where the caller wants them, each in one step: one file gets the name of the target, several, or one
 * for a folder, keep theirs inside of it. Where the target is named as a file (`roads.fgb`) and one of several holds the whole
 * content, that one is kept, and what was made about it is not. All lie on one disk.
 * @param workFolder for a folder that is filled before it gets its name
 * @throws UsageError `output-exists` when something came to stand there meanwhile
 */
export async function publishFiles(
  { files, whole }: Pick<JobOutputs, 'files' | 'whole'>,
  target: OutputTarget,
  workFolder: string,
): Promise<PlacedFile[]> {
  if (files.length === 0) return [];
  const only = files.length === 1 ? files[0] : extname(target.path) === '' ? undefined : whole;
  if (only !== undefined && !target.asFolder) return [await place(only, target.path, target.force)];
  if (target.is !== 'folder' || !target.force) return placeFolder(files, target, workFolder);
  const placed: PlacedFile[] = [];
  for (const file of files) placed.push(await place(file, join(target.path, nameOf(file)), true));
  return placed;
}

/** A folder that is absent or empty appears with everything in it. */
async function placeFolder(files: readonly URL[], target: OutputTarget, workFolder: string): Promise<PlacedFile[]> {
  if (target.is === 'file') throw outputExists(target.path, 'is a file, and the job made several');
  const filled = join(workFolder, 'filled');
  await mkdir(filled);
  for (const file of files) await rename(fileURLToPath(file), join(filled, nameOf(file)));
  await rename(filled, target.path);
  return files.map((from) => ({ from, path: join(target.path, nameOf(from)) }));
}

async function place(file: URL, path: string, force: boolean): Promise<PlacedFile> {
  const from = fileURLToPath(file);
  if (force) await rename(from, path);
  else if ((await publishFile(from, path)) === 'exists') throw outputExists(path, 'was made while the job ran');
  return { from: file, path };
}

const nameOf = (file: URL): string => basename(fileURLToPath(file));
