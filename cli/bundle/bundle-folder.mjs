import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
/** What a bundle is made of; npm writes the last with each installation. */
const INGREDIENTS = ['cli', 'shared', 'package.json', 'node_modules/.package-lock.json'];

/**
 * Where the bundle of the sources as they are now belongs: a name made of their sizes and times.
 * @param {string} project ends in `/`
 * @returns {string | undefined} ends in `/`; undefined where no bundle may be: further processes share modules with the sources
 */
export function bundleFolder(project = PROJECT) {
  if (process.env['LONGHAUL_PROCESS_FOLDERS']) return undefined;
  const found = [process.version];
  for (const name of INGREDIENTS) addFiles(found, project + name);
  const name = createHash('sha256').update(found.join('\n')).digest('hex').slice(0, 32);
  return `${project}node_modules/.cache/longhaul/${name}/`;
}

function addFiles(found, path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) for (const name of readdirSync(path)) addFiles(found, `${path}/${name}`);
  else found.push(`${path} ${stats?.mtimeMs} ${stats?.size}`);
}
