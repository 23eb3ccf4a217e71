import type { ExecuteRequest } from './execute-request.ts';
import { resultsUrl } from './folders.ts';
import type { JobKey } from './job.ts';
import type { Platform } from './platform.ts';
import { decodeResults } from './results.ts';
import { readStoredJson } from './stored-json.ts';
import { readRequest } from './stored-plan.ts';

/** The results of a published job, with `URL` objects for stored files, and the request that says how to give them. */
export async function readResults(
  platform: Platform,
  key: JobKey,
): Promise<{ results: Record<string, unknown>; request: ExecuteRequest } | undefined> {
  const stored = await readStoredJson(platform.objects, resultsUrl(platform.locations, key));
  if (stored === undefined) return undefined;
  return { results: decodeResults(stored) as Record<string, unknown>, request: await readRequest(platform, key) };
}
