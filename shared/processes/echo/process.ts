import { LonghaulError } from '../../errors/longhaul-error.ts';
import { defineProcess } from '../../jobs/process.ts';
import { inputs } from './inputs.ts';
import { echo, outputs } from './outputs.ts';

const SECOND = 1_000;

/** AWS list prices, us-east-1: a GB-second of Lambda on arm64, and the control plane of one small job. */
const DOLLARS_PER_GB_SECOND = 0.0000133334;
const DOLLARS_PER_JOB = 0.00001;

const MEMORY_MIB = 256;

/** Start of a worker and delivery of its message, in seconds. */
const OVERHEAD_SECONDS = 5;

/** Gives its inputs back: a client can practise every kind of value, polling and dismissal on it. */
export default defineProcess({
  id: 'echo',
  version: '1.0.0',
  title: 'Echo',
  description: 'Takes every kind of input and gives it back, at once or after a pause.',
  keywords: ['echo', 'test'],
  inputs,
  outputs,
  jobControlOptions: ['sync-execute', 'async-execute'],
  limits: { memoryMiB: MEMORY_MIB, timeoutSeconds: 660, concurrency: 10, attempts: 5, deadlineSeconds: 3_600 },

  async estimate(_context, { pause, ...values }) {
    const bytes = Buffer.byteLength(JSON.stringify(values));
    const dollars = (seconds: number): number =>
      DOLLARS_PER_JOB + seconds * (MEMORY_MIB / 1024) * DOLLARS_PER_GB_SECOND;
    const seconds = { low: pause, high: pause + OVERHEAD_SECONDS };
    return {
      units: 1,
      chunks: 1,
      bytes: { low: bytes, high: bytes },
      seconds,
      dollars: { low: dollars(seconds.low), high: dollars(seconds.high) },
      detail: { pause },
    };
  },

  async plan() {
    return { datasets: [{ id: 'echo', units: 1, chunkUnits: 1, detail: {} }], toleratedFailurePercentage: 0 };
  },

  async runChunk({ clock, signal }, { inputs: given }) {
    if (given.pause > 0) await clock.sleep(given.pause * SECOND, signal);
    const payload = new TextEncoder().encode(JSON.stringify(echo(given)));
    return { counts: { done: 1, failed: 0, skipped: 0, bytes: payload.length }, errors: [], payload };
  },

  async finish(_context, { datasets }) {
    for (const { layers } of datasets) {
      for (const layer of layers) {
        for await (const payload of layer) {
          const results = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>;
          return { results, artifacts: [] };
        }
      }
    }
    throw new LonghaulError({
      code: 'echo-lost',
      retryable: false,
      detail: 'The echo has no payload.',
      remedy: 'Submit the job again.',
    });
  },
});
