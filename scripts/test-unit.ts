import { runScript } from './run-script.ts';
import { runVitest } from './testing/run-vitest.ts';

/** The fast loop. */
await runScript(({ signal }) => runVitest('unit', { signal }));
