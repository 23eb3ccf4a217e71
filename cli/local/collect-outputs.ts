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
  /** The one of them that holds all features or tiles, when one does: what a caller means who names a single file. */
  whole: URL | undefined;
}

/** Most datasets that are asked for at once. */
const PAGE = 100;

/** Reads the results of a job of this machine; empty when it has none. */
export async function collectOutputs(platform: Platform, key: JobKey): Promise<JobOutputs> {
  const results = (await readResults(platform, key))?.results ?? {};
  const files = new Map(urlsOf(results).map((url) => [url.href, url]));
  const holding: URL[] = [];
  for (let after: string | undefined, more = true; more;) {
    const page = await listDatasets(platform, key.tenant, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const { url, alternates } of page.datasets) holding.push(url, ...alternates.map((file) => file.url));
    after = page.next;
    more = after !== undefined;
  }
  for (const url of holding) files.set(url.href, url);
  const inFolder = [...files.values()].filter((url) => url.href.startsWith(platform.locations.outputs.href));
  return { results, files: inFolder, whole: holding.length === 1 ? holding[0] : undefined };
}

/** Results as JSON, in which every file is named by the place that it was put to; one that was not kept by none. */
export function locateResults(
  results: Record<string, unknown>,
  placed: readonly PlacedFile[],
): Record<string, unknown> {
  const places = new Map(placed.map(({ from, path }) => [from.href, pathToFileURL(path).href]));
  const locate = (value: unknown): unknown => {
    if (value instanceof URL) return places.get(value.href);
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
