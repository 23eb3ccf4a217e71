import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { GatewayOptions } from './gateway-options.ts';
import { sendProblem } from './send-problem.ts';

const LIMIT_MS = 10_000;

/** Newest datasets that the map lists. */
const MAX_DATASETS = 100;

const pageSchema = z.object({
  datasets: z.array(
    z.object({
      id: z.string(),
      jobID: z.string(),
      mediaType: z.string(),
      bytes: z.number(),
      published: z.iso.datetime(),
    }),
  ),
});

export const PMTILES_TYPE = 'application/vnd.pmtiles';

/** Asks the API for the published tilesets and answers with what the map shows of them. */
export async function listDatasets(response: ServerResponse, options: GatewayOptions): Promise<void> {
  const answer = await fetch(new URL(`datasets?limit=${MAX_DATASETS}`, options.api), {
    headers: { authorization: `Bearer ${options.token}`, accept: 'application/json' },
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (!answer.ok) return sendProblem(response, 502, `The API answered ${answer.status} to the list of datasets.`);
  const { datasets } = pageSchema.parse(await answer.json());
  const tilesets = datasets
    .filter((dataset) => dataset.mediaType === PMTILES_TYPE)
    .map(({ id, jobID, bytes, published }) => ({
      id,
      jobID,
      bytes,
      published,
      archive: `/map/archives/${options.tenant}/${encodeURIComponent(id)}.pmtiles`,
    }));
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ tilesets }));
}
