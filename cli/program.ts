import { Command } from 'commander';
import manifest from './package.json' with { type: 'json' };
import { addJobCommands } from './commands/add-job-commands.ts';
import { addListCommands } from './commands/add-list-commands.ts';
import { addProcesses } from './commands/add-processes.ts';
import { addRemoteProcessCommands } from './commands/add-remote-process-commands.ts';
import { addResults } from './commands/add-results.ts';
import { addRetry } from './commands/add-retry.ts';
import { addRun } from './commands/add-run.ts';
import { addUploadCommands } from './commands/add-upload-commands.ts';
import type { Cli } from './context.ts';
import { plain } from './output/text.ts';

/** The command line: one subcommand for each thing that it does. Errors are thrown, never exited with. */
export function createProgram(cli: Cli): Command {
  const { out, err } = cli.context;
  const program = new Command('longhaul')
    .description('Long geospatial jobs that are not lost: on this machine, or on a deployed Longhaul.')
    .version(manifest.version)
    .enablePositionalOptions()
    .showHelpAfterError('(--help says what there is)')
    .exitOverride()
    // Both spellings of an input are taken; help shows the one in kebab case.
    .configureHelp({ optionTerm: ({ flags }) => flags.replace(/^--\w+, --/, '--') })
    .configureOutput({
      // Help may hold what an API says.
      writeOut: (text) => void out.write(plain(text)),
      writeErr: (text) => void err.write(plain(text)),
    });
  program.commandsGroup('On this machine:');
  addRun(program, cli);
  addProcesses(program, cli);
  program.commandsGroup('On a deployed Longhaul:');
  addRemoteProcessCommands(program, cli);
  addUploadCommands(program, cli);
  addJobCommands(program, cli);
  addListCommands(program, cli);
  addResults(program, cli);
  addRetry(program, cli);
  return program;
}
