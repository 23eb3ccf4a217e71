import { InvalidArgumentError, type Command } from 'commander';

/** What `longhaul run <process>` is told besides the inputs. */
export interface RunOptions {
  inputs?: string;
  out?: string;
  force?: true;
  concurrency: number;
  errors?: string;
  dryRun?: true;
  stats?: true;
  json?: true;
  verbose?: true;
}

/** Chunks at once that a caller may ask for. */
const MAX_CONCURRENCY = 64;

/** While one chunk reads, the other computes: JavaScript has one thread, and each further chunk costs memory. */
const DEFAULT_CONCURRENCY = 2;

/** @param hasDryRun whether a dry run is an input of the process, which then has the option */
export function addRunOptions(command: Command, hasDryRun: boolean): Command {
  const options = command
    .option('--inputs <file>', 'all inputs as a JSON file; options win over it')
    .option(
      '--out <place>',
      'file for one output file; folder for several. By default a new folder, named after the job',
    )
    .option('--force', 'replace files that are there')
    .option('--concurrency <n>', `chunks at once, 1 to ${MAX_CONCURRENCY}`, readConcurrency, DEFAULT_CONCURRENCY)
    .option('--errors <file>', 'write the complete list of errors there, as NDJSON')
    .option('--stats', 'print seconds, units, bytes, reads and memory as one line of JSON at the end')
    .option('--json', 'print the outcome as JSON')
    .option('--verbose', 'print every event of the engine as a line of JSON');
  return hasDryRun ? options : options.option('--dry-run', 'only say what the job would do');
}

function readConcurrency(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_CONCURRENCY) return count;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${MAX_CONCURRENCY}.`);
}
