import type { Command } from 'commander';
import { inputDescriptions } from '../../functions/api/documents/process-description.ts';
import { loadProcess } from '../load-processes.ts';
import type { Cli } from '../context.ts';
import { processCommand } from './process-command.ts';
import { run } from './run.ts';
import { addRunOptions, type RunOptions } from './run-options.ts';

const HELP = `A path under source or url is a file of this machine; s3: addresses need a deployed Longhaul.
Exit codes: 0 succeeded, 3 partial, 1 failed, 2 wrong command line, 130 Ctrl+C.`;

/** `longhaul run <process>` */
export function addRun(program: Command, { context, finish }: Cli): void {
  const command = program
    .command('run')
    .summary('run a process on this machine, with no cloud')
    .description('Runs a process on this machine: the same plan, chunks and finish as in the cloud.')
    .usage('<process> [options]')
    .argument('<process>', 'id of a process: longhaul processes lists them')
    .argument('[options...]', 'its inputs and more: longhaul run <process> --help lists them')
    .passThroughOptions()
    .action(async (id: string, rest: string[]) => {
      const process = await loadProcess(id);
      const own = processCommand<RunOptions>({
        name: `longhaul run ${id}`,
        description: process.description,
        inputs: inputDescriptions(process),
        folder: context.folder,
        addOptions: (child) => addRunOptions(child, process.offersDryRun === true),
        help: HELP,
        execute: async (inputs, options) => finish(await run(context, process, inputs, options)),
      });
      await own.copyInheritedSettings(command).parseAsync(rest, { from: 'user' });
    });
}
