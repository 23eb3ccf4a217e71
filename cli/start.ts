// Runs the command line of this process: see `longhaul.mjs`.
import { pathToFileURL } from 'node:url';
import { systemClock, systemIdentifiers, systemRandom } from '../shared/config/system.ts';
import { Interruption } from './errors.ts';
import { main } from './main.ts';

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interruption.abort(new Interruption(`Stopped by ${signal}.`)));
}
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads the output may stop before its end, such as `head`.
    if (error.code !== 'EPIPE') throw error;
    interruption.abort(new Interruption('Stopped: nobody reads the output any more.'));
  });
}

void main(process.argv.slice(2), {
  out: process.stdout,
  err: process.stderr,
  environment: process.env,
  folder: pathToFileURL(`${process.cwd()}/`),
  clock: systemClock,
  identifiers: systemIdentifiers,
  random: systemRandom,
  signal: interruption.signal,
  fetch,
})
  // What is still open (an idle connection) must not keep the command from ending.
  .then((code) => process.exit(code));
