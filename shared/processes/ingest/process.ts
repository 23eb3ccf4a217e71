import { defineProcess } from '../../jobs/process.ts';
import type { IngestDetail } from './detail.ts';
import { ingestInputs } from './inputs.ts';
import { LIMITS } from './limits.ts';
import { datasetsOutput, estimateOutput } from './outputs.ts';
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
  outputs: { datasets: datasetsOutput, estimate: estimateOutput },
  sourceInputs: ['/source'],
  jobControlOptions: ['async-execute'],
  limits: LIMITS,
  estimate: async (context, inputs) => (await import('./estimate/estimate.ts')).estimateIngest(context, inputs),
  offersDryRun: true,
  plan: async (context, inputs) =>
    inputs.dryRun
      ? (await import('#worker/ingest/estimate/dry-run.ts')).planDryRun(context, inputs)
      : (await import('#worker/ingest/plan.ts')).planIngest(context, inputs),
  runChunk: async (context, work) =>
    work.inputs.dryRun
      ? (await import('#worker/ingest/estimate/dry-run.ts')).runDryChunk(context, work)
      : (await import('#worker/ingest/run-chunk.ts')).runIngestChunk(context, work),
  finish: async (context, work) =>
    work.inputs.dryRun
      ? (await import('#worker/ingest/estimate/dry-run.ts')).finishDryRun(context, work)
      : (await import('#worker/ingest/finish.ts')).finishIngest(context, work),
  async *listErrors(dataset, layers) {
    yield* (await import('#worker/ingest/publish/list-rejects.ts')).listRejects(dataset, layers);
  },
});
