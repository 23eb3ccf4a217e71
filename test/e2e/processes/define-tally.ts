import { z } from 'zod';
import { NO_COUNTS } from '../../../shared/jobs/job.ts';
import { defineProcess, type ChunkPayloads, type ProcessDefinition } from '../../../shared/jobs/process.ts';

/** Bytes that each unit makes. */
export const UNIT_BYTES = 8;

const MAX_UNITS = 10_000;
const MAX_PAUSE_MS = 1000;
const MAX_DATASETS = 4;

/** Spreads numbers over 64 bits, so that no two units make the same bytes (Knuth: 2^64 divided by the golden ratio). */
const SPREAD = 0x9e3779b97f4a7c15n;

const inputs = z.strictObject({
  units: z.int().min(1).max(MAX_UNITS).meta({ title: 'Units', description: 'Units of each dataset' }),
  chunkUnits: z.int().min(1).max(MAX_UNITS).meta({ title: 'Chunk', description: 'Units of one chunk' }),
  datasets: z
    .array(z.string().regex(/^[a-z0-9-]{1,40}$/))
    .min(1)
    .max(MAX_DATASETS)
    .meta({ title: 'Datasets', description: 'Datasets that are published' }),
  pause: z
    .int()
    .min(0)
    .max(MAX_PAUSE_MS)
    .default(0)
    .meta({ title: 'Pause', description: 'Milliseconds that each chunk takes' }),
});

/**
 * A process that makes eight bytes of each unit's number: cheap, so that thousands of chunks run in minutes, and exact,
 * so that a unit that is missing, double or in the wrong place shows in the file. For the end-to-end tests.
 * @param id one queue and one function each: what is done to one process touches no other
 */
export function defineTally(id: string): ProcessDefinition<typeof inputs, null> {
  return defineProcess<typeof inputs, null>({
    id,
    version: '1.0.0',
    title: 'Tally',
    description: 'Writes eight bytes for each unit.',
    inputs,
    outputs: { files: { title: 'Files that were published', schema: { type: 'integer' } } },
    jobControlOptions: ['async-execute'],
    // Short and many: work of a worker that was killed comes back within 30 s, and twenty deaths in a row are no chance.
    limits: { memoryMiB: 256, timeoutSeconds: 5, concurrency: 4, attempts: 20, deadlineSeconds: 1200 },

    async plan(_context, { datasets, units, chunkUnits }) {
      return {
        datasets: datasets.map((dataset) => ({ id: dataset, units, chunkUnits, detail: null })),
        toleratedFailurePercentage: 0,
      };
    },

    async runChunk(context, { inputs: { pause }, ranges }) {
      await context.clock.sleep(pause, context.signal);
      const payload = Buffer.concat(ranges.map(({ start, end }) => bytesOfUnits(start, end)));
      return {
        counts: { ...NO_COUNTS, done: payload.length / UNIT_BYTES, bytes: payload.length },
        errors: [],
        payload,
      };
    },

    async finish(_context, { datasets, createOutput }) {
      const artifacts = await Promise.all(
        datasets.map(async ({ plan, layers }) => {
          const bytes = Buffer.concat(await Promise.all(layers.map(joinPayloads)));
          const output = await createOutput(`${plan.id}.bin`, 'application/octet-stream');
          await output.putPart(1, bytes);
          await output.complete();
          return { dataset: plan.id, url: output.url, mediaType: 'application/octet-stream', bytes: bytes.length };
        }),
      );
      return { results: { files: artifacts.length }, artifacts };
    },
  });
}

/** What the units from `start` to before `end` make. */
function bytesOfUnits(start: number, end: number): Buffer {
  const bytes = Buffer.alloc((end - start) * UNIT_BYTES);
  for (let unit = start; unit < end; unit++) {
    bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(unit + 1) * SPREAD), (unit - start) * UNIT_BYTES);
  }
  return bytes;
}

async function joinPayloads(payloads: ChunkPayloads): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const payload of payloads) parts.push(payload);
  return Buffer.concat(parts);
}
