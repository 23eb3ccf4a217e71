import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ApiOptions } from '../api/connection.ts';
import type { CliContext } from '../context.ts';

/** What the commands that make a job are told. */
export interface SubmissionOptions extends ApiOptions {
  idempotencyKey?: string;
  new?: true;
  watch?: true;
}

/** What the API takes as `Idempotency-Key`. */
const KEY = /^[\x21-\x7e]{1,128}$/;

export function addSubmissionOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--idempotency-key <key>', 'the same key gives the same job for 24 h')
        .argParser(readKey)
        .conflicts('new'),
    )
    .option('--new', 'a new job even when the same request was made within 24 h')
    .option('--watch', 'show the progress until the job has ended');
}

/** Without a key the same request gives the same job; a key of its own makes it another. */
export function idempotencyHeaders(
  { identifiers, clock }: CliContext,
  options: SubmissionOptions,
): Record<string, string> {
  const key = options.new === true ? identifiers.next(clock.now()) : options.idempotencyKey;
  return key === undefined ? {} : { 'idempotency-key': key };
}

function readKey(text: string): string {
  if (KEY.test(text)) return text;
  throw new InvalidArgumentError('Expected 1 to 128 printable ASCII characters without spaces.');
}
