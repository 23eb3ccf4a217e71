import { PROJECT_FOLDER, searchPath } from '../local/project-folders.ts';
import { runProgram } from '../local/run-program.ts';
import { withoutAws, type Tally } from './run-tier.ts';

const CHECK_LIMIT_MS = 5 * 60_000;

/** Checks of the text of the code; each counts as one test. */
export const CHECKS: Record<string, { program: string; parameters: string[] }> = {
  format: { program: 'prettier', parameters: ['--check', '--log-level', 'warn', '.'] },
  lint: { program: 'eslint', parameters: ['.'] },
  types: { program: 'tsc', parameters: ['-p', '.', '--noEmit'] },
  layers: { program: 'depcruise', parameters: ['shared', 'functions', 'infra', 'cli', 'scripts'] },
};

/** Runs one check. @throws LonghaulError as `runProgram` */
export async function runCheck(name: string, signal: AbortSignal, onLine: (line: string) => void): Promise<Tally> {
  const check = CHECKS[name];
  if (check === undefined) throw new RangeError(`there is no check ${name}`);
  const options = { cwd: PROJECT_FOLDER, env: { ...withoutAws(), PATH: searchPath() }, limitMs: CHECK_LIMIT_MS };
  const { code, output } = await runProgram(check.program, check.parameters, { ...options, signal, onLine });
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
}
