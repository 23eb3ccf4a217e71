import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createCatalogue } from './error-catalogue/catalogue.ts';
import { readErrors } from './error-catalogue/read-errors.ts';
import { renderCatalogue } from './error-catalogue/render-catalogue.ts';
import { sourceFiles, sourceProgram } from './error-catalogue/source-program.ts';

export const CATALOGUE_PAGE = new URL('../docs/errors.md', import.meta.url);

/** The page of all errors, from the code as it is now. */
export function errorCatalogue(): string {
  return renderCatalogue(createCatalogue(readErrors(sourceProgram(sourceFiles()))));
}

/** Writes the page; with `--check` says whether it is up to date. */
function main(options: readonly string[]): number {
  const page = errorCatalogue();
  if (!options.includes('--check')) {
    writeFileSync(CATALOGUE_PAGE, page);
    return 0;
  }
  if (readFileSync(CATALOGUE_PAGE, 'utf8') === page) return 0;
  console.error('docs/errors.md does not tell the errors of the code: run `npm run docs:errors`.');
  return 1;
}

const [, script = '', ...options] = process.argv;
if (import.meta.url === pathToFileURL(script).href) process.exitCode = main(options);
