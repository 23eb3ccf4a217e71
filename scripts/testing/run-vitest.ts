import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PROJECT_FOLDER, searchPath } from '../local/project-folders.ts';
import { withoutAws } from './run-tier.ts';

/** Runs one tier with vitest's own output; parameters of the command line such as a path are handed on. */
export async function runVitest(
  project: string,
  { signal, environment = {} }: { signal: AbortSignal; environment?: Record<string, string> },
): Promise<number> {
  const vitest = spawn('vitest', ['run', '--project', project, ...process.argv.slice(2)], {
    cwd: PROJECT_FOLDER,
    env: { ...withoutAws(), PATH: searchPath(), ...environment },
    stdio: 'inherit',
    signal,
  });
  const [code] = (await once(vitest, 'exit')) as [number | null];
  return code ?? 1;
}
