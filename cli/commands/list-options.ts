import { InvalidArgumentError, type Command } from 'commander';
import type { ApiOptions } from '../api/connection.ts';

/** Entries of one page. */
const MAX_LIMIT = 1000;

export interface ListOptions extends ApiOptions {
  limit?: string;
  all?: true;
}

export function addListOptions(command: Command): Command {
  return command
    .option('--limit <n>', `entries of one page, 1 to ${MAX_LIMIT}`, readLimit)
    .option('--all', 'every page, not only the first');
}

function readLimit(text: string): string {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_LIMIT) return text;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${MAX_LIMIT}.`);
}
