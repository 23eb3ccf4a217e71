import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const PROJECT_FOLDER = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** Everything that the scripts make: ignored by git, and safe to remove while nothing runs. */
export const LONGHAUL_FOLDER = path.join(PROJECT_FOLDER, '.longhaul');

/** Programs that `npm ci` installed, Node 24 among them. */
export const BINARIES_FOLDER = path.join(PROJECT_FOLDER, 'node_modules', '.bin');

/** PATH with the installed Node first: the local cloud runs functions with the first `node` that it finds. */
export function searchPath(): string {
  return `${BINARIES_FOLDER}${path.delimiter}${process.env['PATH'] ?? ''}`;
}
