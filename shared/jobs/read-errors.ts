import { errorsUrl } from './folders.ts';
import { isTerminal, type ErrorRecord, type JobKey } from './job.ts';
import { loadJob } from './load-job.ts';
import type { Platform } from './platform.ts';
import { failedUnits } from './write-errors.ts';

export interface ErrorPage {
  errors: ErrorRecord[];
  /** Pass as `after` for the next page. */
  next?: string;
}

/** Bytes of the list that are read for one page; a line has at most about 2 kB. */
const PAGE_BYTES = 512 * 1024;

/** Errors of a running job that one page looks at. */
const MAX_LIVE_ERRORS = 1_000;

/**
 * Pages through the errors of a job: of one that has finished from its complete list, of any other from the chunks
 * that have failed so far (the first 1,000). Undefined when the tenant has no such job.
 * @param after a byte offset into the list, or a position among the errors so far
 */
export async function readErrors(
  platform: Platform,
  key: JobKey,
  { limit, after }: { limit: number; after?: string },
): Promise<ErrorPage | undefined> {
  const job = await loadJob(platform.store, key);
  if (job === undefined) return undefined;
  const start = after === undefined ? 0 : Number(after);
  if (isTerminal(job.state)) {
    const listed = await readList(platform, key, start, limit);
    if (listed !== undefined) return listed;
  }
  return readLive(platform, key, start, limit);
}

async function readList(platform: Platform, key: JobKey, start: number, limit: number): Promise<ErrorPage | undefined> {
  const bytes = await platform.objects.getRange(errorsUrl(platform.locations, key), start, PAGE_BYTES);
  if (bytes === undefined) return undefined;
  const errors: ErrorRecord[] = [];
  let offset = 0;
  while (errors.length < limit) {
    const end = bytes.indexOf(0x0a, offset);
    if (end < 0) break;
    errors.push(JSON.parse(new TextDecoder().decode(bytes.subarray(offset, end))) as ErrorRecord);
    offset = end + 1;
  }
  const isLast = offset === bytes.length && bytes.length < PAGE_BYTES;
  return isLast ? { errors } : { errors, next: String(start + offset) };
}

async function readLive(platform: Platform, key: JobKey, start: number, limit: number): Promise<ErrorPage> {
  const errors: ErrorRecord[] = [];
  let position = 0;
  for await (const error of failedUnits(platform, key)) {
    if (position++ < start) continue;
    if (errors.length === limit) return { errors, next: String(position - 1) };
    errors.push(error);
    if (position >= MAX_LIVE_ERRORS) break;
  }
  return { errors };
}
