import path from 'node:path';
import { z } from 'zod';
import { LONGHAUL_FOLDER, PROJECT_FOLDER, searchPath } from '../local/project-folders.ts';
import { readIfThere } from '../local/read-if-there.ts';
import { runProgram } from '../local/run-program.ts';

export const TIERS = [
  'unit',
  'formats',
  'simulation',
  'explorer',
  'bugs',
  'time',
  'upgrade',
  'budgets',
  'security',
  'infra',
  'contract',
  'e2e',
] as const;
export type Tier = (typeof TIERS)[number];

const MINUTE = 60_000;
/** Longest run of each tier: what hangs is ended and counted as failed. */
const LIMITS_MS: Record<Tier, number> = {
  unit: 2 * MINUTE,
  formats: 2 * MINUTE,
  simulation: 20 * MINUTE,
  explorer: 5 * MINUTE,
  bugs: 8 * MINUTE,
  time: 2 * MINUTE,
  upgrade: 2 * MINUTE,
  budgets: 2 * MINUTE,
  security: 6 * MINUTE,
  infra: 5 * MINUTE,
  contract: 5 * MINUTE,
  e2e: 40 * MINUTE,
};

/** What became of a step of the test run. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** What the program said; shown when something failed. */
  output: string;
}

/** The part of vitest's JSON report that is read. */
const reportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
});

export interface TierOptions {
  /** Variables besides the user's own; none of the user's AWS settings reaches a test. */
  environment: Record<string, string>;
  signal: AbortSignal;
  onLine: (line: string) => void;
}

/** Runs one tier and counts its tests. @throws LonghaulError as `runProgram` */
export async function runTier(tier: Tier, { environment, signal, onLine }: TierOptions): Promise<Tally> {
  const report = path.join(LONGHAUL_FOLDER, 'reports', `${tier}-${process.pid}.json`);
  const parameters = ['run', '--project', tier, '--passWithNoTests', '--reporter=default', '--reporter=json'];
  // Tests of the deployed stack share it: what one file does to it must not happen to another.
  if (tier === 'e2e') parameters.push('--no-file-parallelism');
  const result = await runProgram('vitest', [...parameters, `--outputFile.json=${report}`], {
    cwd: PROJECT_FOLDER,
    env: { ...withoutAws(), PATH: searchPath(), ...environment },
    limitMs: LIMITS_MS[tier],
    signal,
    onLine,
  });
  return tally(await readIfThere(report), result);
}

/**
 * Counts from vitest's report and its exit code: a file that could not be loaded has no failed test, and fails all the
 * same.
 */
export function tally(report: string | undefined, result: { code: number | undefined; output: string }): Tally {
  const { code, output } = result;
  if (report === undefined) return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
  const counts = reportSchema.parse(JSON.parse(report));
  const failed = counts.numFailedTests === 0 && code !== 0 ? 1 : counts.numFailedTests;
  return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests, output };
}

/** The user's environment without the settings that would let a test reach a real account. */
export function withoutAws(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
}
