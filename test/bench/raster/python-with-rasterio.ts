import { stat } from 'node:fs/promises';
import { runPinned } from './run-pinned.ts';

/** What the peer is measured with. */
const REQUIREMENTS = ['rasterio==1.4.4', 'numpy==2.4.6'];

/** Path of a Python that has rasterio: installed once from PyPI into an environment of its own. */
export async function pythonWithRasterio(environment: URL): Promise<string> {
  const python = new URL('bin/python', environment).pathname;
  const ready = await runPinned(python, ['-c', 'import rasterio']).catch(() => undefined);
  if (ready !== undefined) return python;
  console.log(`installing ${REQUIREMENTS.join(', ')} …`);
  if ((await stat(environment).catch(() => undefined)) === undefined) {
    await runPinned('python3', ['-m', 'venv', environment.pathname]);
  }
  await runPinned(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...REQUIREMENTS]);
  return python;
}
