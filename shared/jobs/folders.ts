import type { JobKey } from './job.ts';
import type { Locations } from './platform.ts';

/** Where the objects of a job lie. Every URL starts with the tenant's folder. */
export const requestUrl = (locations: Locations, key: JobKey): URL =>
  new URL(`${folderOf(key)}request.json`, locations.work);

export const planUrl = (locations: Locations, key: JobKey): URL => new URL(`${folderOf(key)}plan.json`, locations.work);

export function chunkUrl(locations: Locations, key: JobKey, shard: number, chunk: number): URL {
  const name = `${String(shard).padStart(5, '0')}/${String(chunk).padStart(3, '0')}`;
  return new URL(`${folderOf(key)}chunks/${name}`, locations.work);
}

/** Where a job keeps a file for its own chunks. */
export const workFileUrl = (locations: Locations, key: JobKey, name: string): URL =>
  new URL(`${folderOf(key)}files/${encodeURIComponent(name)}`, locations.work);

export const resultsUrl = (locations: Locations, key: JobKey): URL =>
  new URL(`${folderOf(key)}results.json`, locations.outputs);

/** The complete list of errors, one JSON object a line. */
export const errorsUrl = (locations: Locations, key: JobKey): URL =>
  new URL(`${folderOf(key)}errors.ndjson`, locations.outputs);

export const outputFolder = (locations: Locations, key: JobKey): URL => new URL(folderOf(key), locations.outputs);

const folderOf = ({ tenant, jobId }: JobKey): string => `${tenant}/${jobId}/`;
