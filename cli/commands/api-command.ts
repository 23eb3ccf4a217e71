import type { Command } from 'commander';
import { ApiClient } from '../api/api-client.ts';
import { findConnection, type ApiOptions } from '../api/connection.ts';
import type { CliContext } from '../context.ts';

/** The options of every command for a deployed API. */
export function addApiOptions(command: Command): Command {
  return command
    .option('--api <url>', 'address of the API; else LONGHAUL_API, else that of the local cloud')
    .option('--token <token>', 'bearer token; else LONGHAUL_TOKEN, which other users of the machine cannot see')
    .option('--json', 'print what the API answers, as JSON');
}

/** @throws UsageError of `findConnection` */
export async function connect(context: CliContext, options: ApiOptions): Promise<ApiClient> {
  return new ApiClient(context, await findConnection(context, options));
}

/** The path of a job; an id can leave no path. */
export const jobPath = (jobId: string, rest = ''): string => `jobs/${encodeURIComponent(jobId)}${rest}`;
