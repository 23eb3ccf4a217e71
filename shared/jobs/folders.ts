import type { JobKey } from './job.ts';
import type { Locations } from './platform.ts';

/** Where the objects of a job lie. Every URL starts with the tenant's folder. */
export const requestUrl = (locations: Locations, key: JobKey): URL =>
  new URL('request.json', workFolder(locations, key));

export const planUrl = (locations: Locations, key: JobKey): URL => new URL('plan.json', workFolder(locations, key));

export function chunkUrl(locations: Locations, key: JobKey, shard: number, chunk: number): URL {
  const name = `${String(shard).padStart(5, '0')}/${String(chunk).padStart(3, '0')}`;
  return new URL(`chunks/${name}`, workFolder(locations, key));
}

export const resultsUrl = (locations: Locations, key: JobKey): URL =>
  new URL('results.json', outputFolder(locations, key));

/** The complete list of errors, one JSON object a line. */
export const errorsUrl = (locations: Locations, key: JobKey): URL =>
  new URL('errors.ndjson', outputFolder(locations, key));

export const outputFolder = (locations: Locations, key: JobKey): URL =>
  new URL(`${key.tenant}/${key.jobId}/`, locations.outputs);

const workFolder = (locations: Locations, key: JobKey): URL => new URL(`${key.tenant}/${key.jobId}/`, locations.work);
