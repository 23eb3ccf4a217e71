import path from 'node:path';
import { parseArgs } from 'node:util';
import type { MutantResult } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { LONGHAUL_FOLDER } from '../../scripts/local/project-folders.ts';
import { PARTS } from './parts.ts';
import { MINIMUM_SCORE, scoreTable } from './score.ts';

const HELP = `npm run test:mutation -- [options]

Changes the code in thousands of small ways and says which changes no test sees. The first run takes the better part of
an hour, a later one only what has changed since.

  --part <part>         ${Object.keys(PARTS).join(', ')}; all by default
  --mutate <pattern>    files of the part, such as 'shared/jobs/writes/*.ts'; their results are kept apart
  --concurrency <n>     test runners at once; 2 by default
  --help                this text
`;

const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    mutate: { type: 'string' },
    concurrency: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  },
});
const folder = path.join(LONGHAUL_FOLDER, 'mutation');
const results: MutantResult[] = [];

if (values.help) {
  console.log(HELP);
} else {
  for (const [name, { mutate }] of Object.entries(PARTS)) {
    if (values.part?.includes(name) !== false) results.push(...(await mutatePart(name, mutate)));
  }
  console.log(scoreTable(results));
}

function mutatePart(name: string, patterns: readonly string[]): Promise<MutantResult[]> {
  process.env['LONGHAUL_MUTATION_PART'] = name;
  const mutate = values.mutate === undefined ? [...patterns] : [values.mutate];
  const kept = values.mutate === undefined ? name : `${name}-${values.mutate.replaceAll(/[^a-z]+/g, '-')}`;
  return new Stryker({
    mutate,
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'test/mutation/vitest.config.ts', pool: 'threads', related: false },
    coverageAnalysis: 'perTest',
    incremental: true,
    incrementalFile: path.join(folder, `${kept}.json`),
    tempDirName: path.join(folder, 'sandboxes'),
    ignorePatterns: ['.longhaul', 'cdk.out*', 'coverage', 'docs', 'test/e2e', 'test/infra', 'viewer'],
    concurrency: Number(values.concurrency),
    timeoutMS: 10_000,
    thresholds: { high: 98, low: MINIMUM_SCORE, break: MINIMUM_SCORE },
    reporters: ['clear-text', 'progress-append-only'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: false },
  }).runMutationTest();
}
