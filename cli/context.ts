import type { Clock } from '../shared/jobs/ports/clock.ts';
import type { Identifiers, Random } from '../shared/jobs/ports/identifiers.ts';
import type { ExitCode } from './exit-codes.ts';

/** A stream of text for a reader. */
export type TextStream = NodeJS.WritableStream & { isTTY?: boolean };

/** Everything that a command reaches the world through. */
export interface CliContext {
  /** Results: what another program may read. */
  out: TextStream;
  /** Progress, notes and errors. */
  err: TextStream;
  environment: Readonly<Record<string, string | undefined>>;
  /** What relative paths are relative to; ends in `/`. */
  folder: URL;
  clock: Clock;
  identifiers: Identifiers;
  random: Random;
  /** Aborted by Ctrl+C. */
  signal: AbortSignal;
  fetch: typeof fetch;
}

/** What every command is made with. */
export interface Cli {
  context: CliContext;
  /** Sets the exit code. */
  finish: (code: ExitCode) => void;
}
