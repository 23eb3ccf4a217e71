import path from 'node:path';
import type { MutantResult } from '@stryker-mutator/api/core';

/** Least part of the mutants that the tests must notice, in percent. */
export const MINIMUM_SCORE = 95;

const NOTICED: readonly string[] = ['Killed', 'Timeout'];
const UNNOTICED: readonly string[] = ['Survived', 'NoCoverage'];

/** The mutants by folder as a Markdown table: those excluded by a comment, each with its reason, do not count. */
export function scoreTable(results: readonly MutantResult[]): string {
  const folders = Object.groupBy(results, ({ fileName }) => path.relative(process.cwd(), path.dirname(fileName)));
  const rows = Object.entries(folders).sort(([a], [b]) => a.localeCompare(b));
  return [
    '| folder | mutants | noticed | not noticed | excluded | score |',
    '|---|---|---|---|---|---|',
    ...rows.map(([folder, mutants = []]) => row(`\`${folder}\``, mutants)),
    row('**all**', results),
  ].join('\n');
}

function row(title: string, mutants: readonly MutantResult[]): string {
  const noticed = count(mutants, NOTICED);
  const unnoticed = count(mutants, UNNOTICED);
  const excluded = count(mutants, ['Ignored']);
  const score = ((100 * noticed) / (noticed + unnoticed)).toFixed(1);
  return `| ${title} | ${noticed + unnoticed} | ${noticed} | ${unnoticed} | ${excluded} | ${score} |`;
}

function count(mutants: readonly MutantResult[], statuses: readonly string[]): number {
  return mutants.filter(({ status }) => statuses.includes(status)).length;
}
