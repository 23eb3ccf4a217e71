import { z } from 'zod';
import { NO_COUNTS } from '../../../../shared/jobs/job.ts';
import {
  defineProcess,
  type ChunkPayloads,
  type ChunkResult,
  type ProcessContext,
} from '../../../../shared/jobs/process.ts';

/** Units of every job, one to a chunk: chunk n runs unit n. */
const UNITS = 8;

const inputs = z.strictObject({
  lethalChunk: z
    .int()
    .min(0)
    .max(UNITS - 1)
    .optional()
    .meta({ title: 'Lethal chunk', description: 'The chunk that ends its worker, at every attempt' }),
  mode: z
    .enum(['kill', 'hang'])
    .default('kill')
    .meta({ title: 'Mode', description: 'Whether the worker dies at once, or stops answering until its time is up' }),
  pause: z
    .int()
    .min(0)
    .max(4000)
    .default(100)
    .meta({ title: 'Pause', description: 'Milliseconds that each other chunk takes' }),
  toleratedFailurePercentage: z
    .number()
    .min(0)
    .max(100)
    .default(50)
    .meta({ title: 'Tolerated failures', description: 'Percentage of the units that may fail' }),
  run: z
    .string()
    .max(64)
    .default('')
    .meta({ title: 'Run', description: 'Makes jobs with otherwise equal inputs different' }),
});

/** A process whose chunks can be told to take their worker with them. For the end-to-end tests; never deployed else. */
export default defineProcess<typeof inputs, null>({
  id: 'self-destruct',
  version: '1.0.0',
  title: 'Self-destruct',
  description: 'Eight units of which one may kill its worker.',
  inputs,
  outputs: {
    units: { title: 'Units that were made', schema: { type: 'array', items: { type: 'integer' } } },
  },
  jobControlOptions: ['async-execute'],
  limits: { memoryMiB: 256, timeoutSeconds: 5, concurrency: 5, attempts: 5, deadlineSeconds: 1200 },

  async plan(_context, { toleratedFailurePercentage }) {
    return { datasets: [{ id: 'units', units: UNITS, chunkUnits: 1, detail: null }], toleratedFailurePercentage };
  },

  async runChunk(context, { inputs: { lethalChunk, mode, pause }, ranges }) {
    const units = ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index));
    if (lethalChunk !== undefined && units.includes(lethalChunk)) die(mode);
    return makeUnits(context, units, pause);
  },

  async finish(_context, work) {
    const { datasets } = work;
    const layers = datasets.flatMap((dataset) => dataset.layers);
    const units = [...new Set((await Promise.all(layers.map(readUnits))).flat())].sort((a, b) => a - b);
    const output = await work.createOutput('units.json', 'application/json');
    const bytes = Buffer.from(JSON.stringify(units));
    await output.putPart(1, bytes);
    await output.complete();
    const artifact = { url: output.url, mediaType: 'application/json', bytes: bytes.length };
    return { results: { units }, artifacts: datasets.map(({ plan }) => ({ ...artifact, dataset: plan.id })) };
  },
});

function die(mode: 'kill' | 'hang'): void {
  if (mode === 'kill') process.kill(process.pid, 'SIGKILL');
  // Blocks the thread: no timer, no signal of ours and no answer, until the platform ends the process.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

async function makeUnits(context: ProcessContext, units: number[], pause: number): Promise<ChunkResult> {
  await context.clock.sleep(pause, context.signal);
  const payload = Buffer.from(JSON.stringify(units));
  return { counts: { ...NO_COUNTS, done: units.length, bytes: payload.length }, errors: [], payload };
}

async function readUnits(payloads: ChunkPayloads): Promise<number[]> {
  const units: number[] = [];
  for await (const payload of payloads)
    units.push(...z.array(z.int()).parse(JSON.parse(Buffer.from(payload).toString())));
  return units;
}
