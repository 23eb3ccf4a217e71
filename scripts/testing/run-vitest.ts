import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PROJECT_FOLDER, searchPath } from '../local/project-folders.ts';
import { withoutAws } from './run-tier.ts';

export interface VitestOptions {
  signal: AbortSignal;
  environment?: Record<string, string>;
  /** Handed on to vitest, such as paths. */
  parameters: readonly string[];
}

/** Runs one tier with vitest's own output. @returns its exit code */
export async function runVitest(
  project: string,
  { signal, environment = {}, parameters }: VitestOptions,
): Promise<number> {
  const vitest = spawn('vitest', ['run', '--project', project, ...parameters], {
    cwd: PROJECT_FOLDER,
    env: { ...withoutAws(), PATH: searchPath(), ...environment },
    stdio: 'inherit',
    signal,
  });
  const [code] = (await once(vitest, 'exit')) as [number | null];
  return code ?? 1;
}
