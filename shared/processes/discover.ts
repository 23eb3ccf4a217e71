import { existsSync, readdirSync } from 'node:fs';
import type { ProcessDefinition } from '../jobs/process.ts';

/** Folders whose subfolders are processes; more are named, separated by commas, in LONGHAUL_PROCESS_FOLDERS. */
export function processFolders(): URL[] {
  const own = new URL('./', import.meta.url);
  const more = (process.env['LONGHAUL_PROCESS_FOLDERS'] ?? '').split(',').filter((folder) => folder !== '');
  return [
    own,
    ...more.map((folder) => new URL(folder.endsWith('/') ? folder : `${folder}/`, `file://${process.cwd()}/`)),
  ];
}

/** Files that define a process, one for each folder that has a `process.ts`, ordered by name. */
export function processFiles(folders: readonly URL[] = processFolders()): URL[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => new URL(`${entry.name}/process.ts`, folder))
      .filter((file) => existsSync(file))
      .sort((a, b) => (a.href < b.href ? -1 : 1)),
  );
}

/** Loads every process that the folders hold: adding a folder is all that it takes to add a process. */
export async function discoverProcesses(folders?: readonly URL[]): Promise<ProcessDefinition[]> {
  return Promise.all(processFiles(folders).map(loadProcess));
}

/** Loads the process whose folder has this name, which is its id; undefined where there is none. */
export async function discoverProcess(id: string): Promise<ProcessDefinition | undefined> {
  const file = processFiles().find(({ pathname }) => pathname.endsWith(`/${encodeURIComponent(id)}/process.ts`));
  return file && loadProcess(file);
}

async function loadProcess(file: URL): Promise<ProcessDefinition> {
  const module = (await import(file.href)) as { default: ProcessDefinition };
  return module.default;
}

/** What a bundle replaces by static imports (see `infra/`): the same list without a look at the disk. */
export const processes: ProcessDefinition[] = await discoverProcesses();
