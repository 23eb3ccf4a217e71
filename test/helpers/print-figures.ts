import { FIGURE_MARK } from '../../scripts/testing/test-run.ts';

/**
 * Prints figures that `npm test` shows although all went well. Each begins a line of its own: vitest puts the name of the
 * test, and colours, before what is printed.
 */
export function printFigures(...lines: string[]): void {
  console.log(lines.map((line) => `\n${FIGURE_MARK}${line}`).join(''));
}
