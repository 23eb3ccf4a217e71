import { fileURLToPath, pathToFileURL } from 'node:url';
import { listDatasets } from '../../shared/jobs/datasets.ts';
import type { JobKey } from '../../shared/jobs/job.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import { readResults } from '../../shared/jobs/read-results.ts';
import type { PlacedFile } from './publish-files.ts';

/** What a job gave. */
export interface JobOutputs {
  /** By output, with `URL` objects for files. */
  results: Record<string, unknown>;
  /** Files that the results or published datasets name. */
  files: URL[];
}

/** Most datasets that are asked for at once. */
const PAGE = 100;

/** Reads the results of a job of this machine; empty when it has none. */
export async function collectOutputs(platform: Platform, key: JobKey): Promise<JobOutputs> {
  const results = (await readResults(platform, key))?.results ?? {};
  const files = new Map(urlsOf(results).map((url) => [url.href, url]));
  for (let after: string | undefined, more = true; more;) {
    const page = await listDatasets(platform, key.tenant, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const { url } of page.datasets) files.set(url.href, url);
    after = page.next;
    more = after !== undefined;
  }
  const inFolder = [...files.values()].filter((url) => url.href.startsWith(platform.locations.outputs.href));
  return { results, files: inFolder };
}

/** Results as JSON, in which every file is named by the place that it was put to. */
export function locateResults(
  results: Record<string, unknown>,
  placed: readonly PlacedFile[],
): Record<string, unknown> {
  const places = new Map(placed.map(({ from, path }) => [from.href, pathToFileURL(path).href]));
  const locate = (value: unknown): unknown => {
    if (value instanceof URL) return places.get(value.href) ?? value.href;
    if (Array.isArray(value)) return value.map(locate);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, locate(member)]));
  };
  return locate(results) as Record<string, unknown>;
}

function urlsOf(value: unknown): URL[] {
  if (value instanceof URL) return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(urlsOf);
}

/** Path of a file, relative to a folder where it lies below it. */
export function shortPath(path: string, folder: URL): string {
  const start = fileURLToPath(folder);
  return path.startsWith(start) ? path.slice(start.length) : path;
}
