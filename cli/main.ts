import { CommanderError } from 'commander';
import type { CliContext } from './context.ts';
import { UsageError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printError } from './output/print-error.ts';
import { writeLine } from './output/text.ts';
import { createProgram } from './program.ts';

/** Runs one command line to its end. @param args without the program's own name. @returns the exit code */
export async function main(args: readonly string[], context: CliContext): Promise<ExitCode> {
  let code: ExitCode = EXIT.succeeded;
  const program = createProgram({
    context,
    finish: (given) => {
      code = given;
    },
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    // Help and the version are thrown as well; what is wrong with the command line commander has printed.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.succeeded : EXIT.usage;
    if (context.signal.aborted) {
      writeLine(context.err, 'Stopped.');
      return EXIT.interrupted;
    }
    printError(context.err, error);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}
