import { runScript } from './run-script.ts';
import { runVitest } from './testing/run-vitest.ts';

/** The simulation with many times the seeds, runs and pairs of a push: for a night. */
await runScript(({ signal }) => runVitest('simulation', { signal, environment: { LONGHAUL_SOAK: '1' } }));
