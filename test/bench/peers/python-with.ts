import { stat } from 'node:fs/promises';
import { runPinned } from './run-pinned.ts';

/** What a peer written in Python is measured with. */
export interface PythonPeer {
  /** Folder that it is installed into. */
  environment: URL;
  /** Packages of PyPI with their versions, the one that is measured first. */
  requirements: readonly string[];
}

/** Path of a Python that has these packages: installed once from PyPI into an environment of its own. */
export async function pythonWith({ environment, requirements }: PythonPeer): Promise<string> {
  const python = new URL('bin/python', environment).pathname;
  const checks = requirements.map((requirement) => {
    const [name, version] = requirement.split('==');
    return `assert version("${name}") == "${version}"`;
  });
  const check = ['from importlib.metadata import version', ...checks].join('\n');
  const ready = await runPinned(python, ['-c', check]).catch(() => undefined);
  if (ready !== undefined) return python;
  console.log(`installing ${requirements.join(', ')} …`);
  if ((await stat(environment).catch(() => undefined)) === undefined) {
    await runPinned('python3', ['-m', 'venv', environment.pathname]);
  }
  await runPinned(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements]);
  return python;
}
