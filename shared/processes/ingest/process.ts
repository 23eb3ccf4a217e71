import { defineProcess } from '../../jobs/process.ts';
import type { IngestDetail } from './detail.ts';
import { ingestInputs } from './inputs.ts';
import { LIMITS } from './limits.ts';
import { datasetsOutput } from './outputs.ts';
import { PROCESS_ID, PROCESS_VERSION } from './version.ts';

export default defineProcess<typeof ingestInputs, IngestDetail>({
  id: PROCESS_ID,
  version: PROCESS_VERSION,
  title: 'Ingest',
  description:
    'Reads vector data of any usual format, brings them into one CRS, and publishes them as FlatGeobuf, GeoParquet or ' +
    'GeoJSON, with a report of what was read, mended and left out.',
  keywords: [
    'vector',
    'features',
    'GeoJSON',
    'CSV',
    'KML',
    'GPX',
    'GML',
    'GeoPackage',
    'Shapefile',
    'FlatGeobuf',
    'GeoParquet',
  ],
  inputs: ingestInputs,
  outputs: { datasets: datasetsOutput },
  sourceInputs: ['/source'],
  jobControlOptions: ['async-execute'],
  limits: LIMITS,
  plan: async (context, inputs) => (await import('#worker/ingest/plan.ts')).planIngest(context, inputs),
  runChunk: async (context, work) => (await import('#worker/ingest/run-chunk.ts')).runIngestChunk(context, work),
  finish: async (context, work) => (await import('#worker/ingest/finish.ts')).finishIngest(context, work),
  async *listErrors(dataset, layers) {
    yield* (await import('#worker/ingest/list-rejects.ts')).listRejects(dataset, layers);
  },
});
