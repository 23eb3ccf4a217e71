import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An absolute path. @param folder what relative ones are relative to */
export const pathOf = (path: string, folder: URL): string => resolve(fileURLToPath(folder), path);
