import { z } from 'zod';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { defineProcess, type ChunkResult, type ProcessContext, type UnitError } from '../../shared/jobs/process.ts';

const inputs = z.strictObject({
  datasets: z.array(z.strictObject({ id: z.string(), units: z.int().min(0) })),
  chunkUnits: z.int().min(1).default(2),
  /** Unit numbers that fail for good. */
  failing: z.array(z.int()).default([]),
  /** Unit numbers that are empty. */
  empty: z.array(z.int()).default([]),
  toleratedFailurePercentage: z.number().default(50),
  /** Whether the numbers go behind those of the published version, which must be the same until the job is published. */
  appends: z.boolean().default(false),
});

/** What happens inside the process, for tests to arrange. */
export interface NumbersHooks {
  beforeChunk?: (units: number[], signal: AbortSignal) => Promise<void>;
  failing?: ReadonlySet<number>;
  planError?: () => Error | undefined;
  finishError?: () => Error | undefined;
  /** The output of a chunk, in the place of the list of its numbers. */
  payload?: () => Uint8Array;
  /** Attempts of each message, 5 by default. */
  attempts?: number;
}

/** The version that a job was planned upon. */
interface Detail {
  base?: { jobId: string; url: string; bytes: number };
}

async function readBase({ datasets }: ProcessContext, { url, bytes }: NonNullable<Detail['base']>): Promise<string> {
  return new TextDecoder().decode(await datasets.open({ url: new URL(url), bytes }).read(0, bytes));
}

/** A process whose units are numbers and whose output is the sorted list of them, as text. */
export function numbersProcess(hooks: NumbersHooks = {}) {
  return defineProcess<typeof inputs, Detail>({
    id: 'numbers',
    version: '1.0.0',
    title: 'Numbers',
    description: 'Writes down the number of each unit.',
    inputs,
    outputs: { lists: { title: 'Lists', schema: { type: 'array' } } },
    jobControlOptions: ['async-execute'],
    limits: {
      memoryMiB: 128,
      timeoutSeconds: 60,
      concurrency: 2,
      attempts: hooks.attempts ?? 5,
      deadlineSeconds: 3600,
    },

    async plan(context, { datasets, chunkUnits, toleratedFailurePercentage, appends }) {
      const error = hooks.planError?.();
      if (error !== undefined) throw error;
      const planned = [];
      for (const { id, units } of datasets) {
        const base = appends ? await context.datasets.current(id) : undefined;
        const detail = base === undefined ? {} : { base: { jobId: base.jobId, url: base.url.href, bytes: base.bytes } };
        planned.push({ id, units, chunkUnits, detail, numbering: `${units} ${detail.base?.jobId ?? ''}`.trimEnd() });
      }
      return { datasets: planned, toleratedFailurePercentage };
    },

    async runChunk({ signal }, { inputs, dataset, ranges }): Promise<ChunkResult> {
      const units = ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));
      await hooks.beforeChunk?.(units, signal);
      const failing = hooks.failing ?? new Set(inputs.failing);
      const errors: UnitError[] = units
        .filter((number) => failing.has(number))
        .map((number) => ({ number, code: 'unit-bad', detail: `Unit ${number} is bad.`, dataset: dataset.id }));
      const made = units.filter((number) => !failing.has(number) && !inputs.empty.includes(number));
      const payload = hooks.payload?.() ?? new TextEncoder().encode(made.join(' '));
      const skipped = units.filter((number) => !failing.has(number) && inputs.empty.includes(number)).length;
      return { counts: { done: made.length, failed: errors.length, skipped, bytes: payload.length }, errors, payload };
    },

    async finish(context, { inputs: { appends }, datasets, createOutput }) {
      const error = hooks.finishError?.();
      if (error !== undefined) throw error;
      const artifacts = [];
      for (const { plan, layers } of datasets) {
        const numbers = new Set<number>();
        for (const layer of layers) {
          for await (const payload of layer) {
            for (const word of new TextDecoder().decode(payload).split(' ')) if (word !== '') numbers.add(Number(word));
          }
        }
        const { base } = plan.detail;
        const before = base === undefined ? [] : [await readBase(context, base)];
        const sorted = [...numbers].sort((a, b) => a - b);
        const bytes = new TextEncoder().encode([...before, ...sorted].join(' '));
        const upload = await createOutput(`${plan.id}.txt`, 'text/plain');
        await upload.putPart(1, bytes);
        await upload.complete();
        const expects = { kind: 'unchanged', ...(base === undefined ? {} : { jobId: base.jobId }) } as const;
        const file = { dataset: plan.id, url: upload.url, mediaType: 'text/plain', bytes: bytes.length };
        artifacts.push({ ...file, ...(appends ? { expects } : {}) });
      }
      return { results: { lists: artifacts.map(({ dataset, url }) => ({ dataset, href: url })) }, artifacts };
    },

    selectUnits: (_dataset, area) => {
      const [[start, end]] = (area.type === 'Polygon' ? area.coordinates[0] : []) as [[number, number]];
      return [{ start, end }];
    },
  });
}

export function retryableError(detail = 'The upstream did not answer.'): LonghaulError {
  return new LonghaulError({ code: 'source-unavailable', retryable: true, detail });
}

export function finalError(detail = 'The source is no raster.'): LonghaulError {
  return new LonghaulError({ code: 'not-a-tiff', retryable: false, detail });
}
