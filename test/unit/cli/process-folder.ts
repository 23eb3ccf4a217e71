import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { temporaryFolder } from './test-cli.ts';

const helper = (name: string): string => new URL(`../../helpers/${name}`, import.meta.url).href;

/** A folder outside of the project with one process in it, which LONGHAUL_PROCESS_FOLDERS names. */
export function addProcessFolder(id: string, code: string): void {
  const folder = temporaryFolder();
  mkdirSync(join(folder, id));
  writeFileSync(join(folder, id, 'process.ts'), code);
  vi.stubEnv('LONGHAUL_PROCESS_FOLDERS', folder);
}

/** Adds the process `numbers` of the tests. @param hooks source text of its hooks */
export function addNumbersProcess(hooks = '{}'): void {
  addProcessFolder(
    'numbers',
    `import { finalError, numbersProcess, retryableError } from '${helper('numbers-process.ts')}';
void finalError, retryableError;
export default numbersProcess(${hooks});`,
  );
}
