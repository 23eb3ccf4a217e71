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

const REQUIREMENTS = path.join(PROJECT_FOLDER, 'scripts', 'local', 'requirements.txt');
const FOLDER = path.join(LONGHAUL_FOLDER, 'venv');

/**
 * Makes the virtual environment of the local cloud, unless the one that is there has these very packages.
 * @returns path of its Python
 * @throws LonghaulError `python-environment-failed`, and as `runProgram`
 */
export async function ensurePythonEnvironment(signal?: AbortSignal): Promise<string> {
  const python = path.join(FOLDER, 'bin', 'python');
  const marker = path.join(FOLDER, 'longhaul-requirements.sha256');
  const hash = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  if ((await readIfThere(marker)) === hash) return python;

  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(LONGHAUL_FOLDER, { recursive: true });
  const base = process.env['LONGHAUL_PYTHON'] ?? 'python3';
  await run(base, ['-m', 'venv', FOLDER], MAKE_LIMIT_MS, 'Making the virtual environment', signal);
  const install = ['-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '-r', REQUIREMENTS];
  await run(python, install, INSTALL_LIMIT_MS, 'Installing the local cloud', signal);
  await writeFile(marker, hash);
  return python;
}

async function run(program: string, parameters: string[], limitMs: number, step: string, signal?: AbortSignal) {
  const result = await runProgram(program, parameters, { cwd: PROJECT_FOLDER, env: process.env, limitMs, signal });
  if (result.code !== 0) throw pythonEnvironmentFailed(step, result.output);
}
