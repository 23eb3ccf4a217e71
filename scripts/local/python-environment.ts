import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pythonEnvironmentFailed } from './errors.ts';
import { readIfThere } from './read-if-there.ts';
import { LONGHAUL_FOLDER, PROJECT_FOLDER } from './project-folders.ts';
import { runProgram } from './run-program.ts';

const MINUTE = 60_000;
const MAKE_LIMIT_MS = 2 * MINUTE;
const INSTALL_LIMIT_MS = 5 * MINUTE;

/** Packages of PyPI that are installed together, apart from all others. */
export interface PythonPackages {
  /** Name of the environment's folder within `.longhaul`. */
  folder: string;
  /** Path of the file that pins every one of them, relative to the project. */
  requirements: string;
  /** What they are, for the message when they cannot be installed. */
  title: string;
}

const LOCAL_CLOUD: PythonPackages = {
  folder: 'venv',
  requirements: 'scripts/local/requirements.txt',
  title: 'the local cloud',
};

/**
 * Makes a virtual environment, by default that of the local cloud, unless the one that is there has these very packages.
 * @returns path of its Python
 * @throws LonghaulError `python-environment-failed`, and as `runProgram`
 */
export async function ensurePythonEnvironment(
  signal?: AbortSignal,
  packages: PythonPackages = LOCAL_CLOUD,
): Promise<string> {
  const folder = path.join(LONGHAUL_FOLDER, packages.folder);
  const requirements = path.join(PROJECT_FOLDER, packages.requirements);
  const python = path.join(folder, 'bin', 'python');
  const marker = path.join(folder, 'longhaul-requirements.sha256');
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  if ((await readIfThere(marker)) === hash) return python;

  await rm(folder, { recursive: true, force: true });
  await mkdir(LONGHAUL_FOLDER, { recursive: true });
  const base = process.env['LONGHAUL_PYTHON'] ?? 'python3';
  await run(base, ['-m', 'venv', folder], MAKE_LIMIT_MS, 'Making the virtual environment', signal);
  // The requirements name every package: what another one would like besides is not wanted.
  const install = ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--no-deps', '-r'];
  await run(python, [...install, requirements], INSTALL_LIMIT_MS, `Installing ${packages.title}`, signal);
  await writeFile(marker, hash);
  return python;
}

async function run(program: string, parameters: string[], limitMs: number, step: string, signal?: AbortSignal) {
  const result = await runProgram(program, parameters, { cwd: PROJECT_FOLDER, env: process.env, limitMs, signal });
  if (result.code !== 0) throw pythonEnvironmentFailed(step, result.output);
}
