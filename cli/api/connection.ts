import { z } from 'zod';
import { failedWith } from '../../shared/local/file-system.ts';
import type { CliContext } from '../context.ts';
import { apiInvalid, apiUnknown, UsageError } from '../errors.ts';
import { readJsonFile } from '../inputs/read-text-file.ts';

/** The options that every command for a deployed API has. */
export interface ApiOptions {
  api?: string;
  token?: string;
  json?: true;
}

/** A deployed API, and the token to speak to it with. */
export interface Connection {
  /** Ends in `/`. */
  api: URL;
  /** Absent: only what is open to everybody can be asked. */
  token: string | undefined;
}

/** What a local cloud that is up writes down. */
const LOCAL_FILE = '.longhaul/local.json';
const localSchema = z.object({ api: z.string(), token: z.string() });

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The API that was named by option, by environment, or by a local cloud that is up, in this order. The token of a
 * local cloud is sent to no other API.
 * @throws UsageError `api-unknown`, `api-invalid`, `file-unreadable`
 */
export async function findConnection(context: CliContext, options: ApiOptions): Promise<Connection> {
  const { LONGHAUL_API: fromEnvironment, LONGHAUL_TOKEN: tokenOfEnvironment } = context.environment;
  const named = options.api ?? fromEnvironment;
  const token = options.token ?? tokenOfEnvironment;
  if (named !== undefined && named !== '') {
    return { api: apiUrl(named, options.api === undefined ? 'LONGHAUL_API' : '--api'), token };
  }
  const local = await readLocal(context);
  if (local === undefined) throw apiUnknown();
  return { api: apiUrl(local.api, LOCAL_FILE), token: options.token ?? local.token };
}

async function readLocal({ folder }: CliContext): Promise<z.output<typeof localSchema> | undefined> {
  try {
    const parsed = localSchema.safeParse(await readJsonFile(LOCAL_FILE, folder));
    if (!parsed.success) throw apiInvalid(LOCAL_FILE, 'it names no api and token');
    return parsed.data;
  } catch (error) {
    if (error instanceof UsageError && failedWith(error.cause, 'ENOENT')) return undefined;
    throw error;
  }
}

function apiUrl(text: string, origin: string): URL {
  if (!URL.canParse(text)) throw apiInvalid(origin, `${JSON.stringify(text)} is no URL`);
  const url = new URL(text);
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (!isSafe) throw apiInvalid(origin, `the token may not be sent to ${url.protocol}//${url.host}`);
  if (url.username !== '' || url.search !== '' || url.hash !== '') throw apiInvalid(origin, 'it has more than a path');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
