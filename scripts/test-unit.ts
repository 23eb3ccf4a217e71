import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PROJECT_FOLDER, searchPath } from './local/project-folders.ts';
import { runScript } from './run-script.ts';
import { withoutAws } from './testing/run-tier.ts';

/** The fast loop: the unit tier with vitest's own output; parameters such as a path are handed on. */
await runScript(async ({ signal }) => {
  const vitest = spawn('vitest', ['run', '--project', 'unit', ...process.argv.slice(2)], {
    cwd: PROJECT_FOLDER,
    env: { ...withoutAws(), PATH: searchPath() },
    stdio: 'inherit',
    signal,
  });
  const [code] = (await once(vitest, 'exit')) as [number | null];
  return code ?? 1;
});
