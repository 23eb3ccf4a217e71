import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DeployedProcess } from './deployed-processes.ts';

const GENERATED_FOLDER = new URL('../.longhaul/generated/', import.meta.url);

/**
 * The module that a bundle gets in the place of `#processes`: the same list by static imports, with the limits of
 * this deployment, so that the engine counts with the numbers that the infrastructure was built with.
 */
export function processListSource(processes: readonly DeployedProcess[]): string {
  const imports = processes.map(
    ({ file }, index) => `import process${index} from ${JSON.stringify(fileURLToPath(file))};`,
  );
  const members = processes.map(({ limits }, index) => `  { ...process${index}, limits: ${JSON.stringify(limits)} },`);
  return [...imports, 'export const processes = [', ...members, '];', ''].join('\n');
}

/**
 * Writes the module, named by its content so that several syntheses at once cannot disturb each other.
 * @returns its path
 */
export function writeProcessList(processes: readonly DeployedProcess[]): string {
  const source = processListSource(processes);
  const name = createHash('sha256').update(source).digest('hex').slice(0, 16);
  const file = new URL(`processes-${name}.ts`, GENERATED_FOLDER);
  mkdirSync(GENERATED_FOLDER, { recursive: true });
  writeFileSync(file, source);
  return fileURLToPath(file);
}
