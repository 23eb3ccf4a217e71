import { runScript } from './run-script.ts';
import { runVitest } from './testing/run-vitest.ts';

/** The fast loop; parameters such as a path are handed on. */
await runScript(({ signal }) => runVitest('unit', { signal, parameters: process.argv.slice(2) }));
