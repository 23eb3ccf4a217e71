import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ApiClient } from '../../../scripts/local/api-client.ts';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { JOB_PREFIX, jobItemKey, tenantPartition } from '../../../shared/jobs/items/keys.ts';
import { requestPatiently } from '../helpers/patient-request.ts';
import type { TestStack } from '../helpers/stack.ts';
import { apiOf, tableOf } from '../helpers/tenants.ts';

/** What a job of the tally processes is asked for. */
export interface TallyInputs {
  units: number;
  chunkUnits: number;
  datasets: string[];
  /** Milliseconds that each chunk takes. */
  pause?: number;
}

export interface SubmittedJob {
  tenant: string;
  jobId: string;
  processId: string;
  inputs: TallyInputs;
  /** When its submission was answered, in milliseconds since the epoch. */
  acceptedAt: number;
}

/** States that nothing leaves. */
const OVER: ReadonlySet<string> = new Set(['succeeded', 'partial', 'failed', 'cancelled']);
/** The states of a job that goes well, one after another. */
const WAY = ['accepted', 'planning', 'running', 'finishing', 'succeeded'];

/** Bounds what hangs: each step takes seconds, on a machine that has other work to do some ten times as long. */
export const STEP_LIMIT_MS = 180_000;
const POLL_MS = 2000;
/** For what is over soon. */
const SHORT_POLL_MS = 100;
const MAX_JOBS_OF_A_TENANT = 1000;

const rowSchema = z.object({ state: z.string() });
const progressSchema = z.object({ counts: z.object({ done: z.int() }) });
const acceptedSchema = z.object({ jobID: z.string() });

/** Every job of the run, with what tells what became of it. */
export class Load {
  readonly jobs: SubmittedJob[] = [];
  readonly #stack: TestStack;
  readonly #table: ReturnType<typeof tableOf>;
  readonly #apis = new Map<string, Promise<ApiClient>>();

  constructor(stack: TestStack) {
    this.#stack = stack;
    this.#table = tableOf(stack);
  }

  /** The API as this tenant. */
  api(tenant: string): Promise<ApiClient> {
    const api = this.#apis.get(tenant) ?? apiOf(this.#stack, tenant);
    this.#apis.set(tenant, api);
    return api;
  }

  get tenants(): string[] {
    return [...this.#apis.keys()];
  }

  /** Submits a job under a key of its own until it is accepted: however often that is, it is one job. */
  async submit(tenant: string, processId: string, inputs: TallyInputs): Promise<SubmittedJob> {
    const headers = { prefer: 'respond-async', 'idempotency-key': `${processId}-${inputs.datasets.join('-')}` };
    const path = `processes/${processId}/execution`;
    const { status, body } = await requestPatiently(await this.api(tenant), 'POST', path, { inputs }, headers);
    if (status !== 201 && status !== 202) throw new Error(`not accepted: ${status} ${JSON.stringify(body)}`);
    const { jobID: jobId } = acceptedSchema.parse(body);
    const job = { tenant, jobId, processId, inputs, acceptedAt: Date.now() };
    this.jobs.push(job);
    return job;
  }

  /** The state of a job by its row, past the API. */
  async stateOf({ tenant, jobId }: SubmittedJob): Promise<string> {
    const row = await this.#table.read(jobItemKey({ tenant, jobId }), { consistent: true });
    return rowSchema.parse(row).state;
  }

  /** Waits until a job has come as far as a state, or further: it may have left it before this looks. */
  async waitUntil(job: SubmittedJob, state: string, limitMs: number): Promise<void> {
    const isThere = async (): Promise<boolean> => WAY.indexOf(await this.stateOf(job)) >= WAY.indexOf(state);
    await until(isThere, limitMs, () => `job ${job.jobId} is not ${state}`, SHORT_POLL_MS);
  }

  /** Waits until a chunk of a job is done, and with it the messages of the others are in the queue. */
  async waitForFirstChunk({ tenant, jobId }: SubmittedJob, limitMs: number): Promise<void> {
    const hasBegun = async (): Promise<boolean> => {
      const { body } = await requestPatiently(await this.api(tenant), 'GET', `jobs/${jobId}`);
      return progressSchema.parse(body).counts.done > 0;
    };
    await until(hasBegun, limitMs, () => `no chunk of job ${jobId} is done`, SHORT_POLL_MS);
  }

  /** Waits until no job is left to work on. @throws when some are after the limit: it names them */
  async waitForAll(limitMs: number): Promise<void> {
    let open: unknown[] = [];
    const areOver = async (): Promise<boolean> => {
      open = await this.openJobs();
      return open.length === 0;
    };
    await until(areOver, limitMs, () => `these jobs are not over: ${JSON.stringify(open)}`);
  }

  /** How many jobs are not over; undefined when the table does not answer, as while the cloud is started anew. */
  async countOpen(): Promise<number | undefined> {
    try {
      return (await this.openJobs()).length;
    } catch (error) {
      if (error instanceof LonghaulError && error.retryable) return undefined;
      throw error;
    }
  }

  /** Jobs in the table that are not over, whoever made them. */
  async openJobs(): Promise<{ tenant: string; jobId: string; state: string }[]> {
    const rows = await Promise.all(this.tenants.map((tenant) => this.rowsOf(tenant)));
    return rows.flat().filter(({ state }) => !OVER.has(state));
  }

  /** Every job of a tenant that the table holds. */
  async rowsOf(tenant: string): Promise<{ tenant: string; jobId: string; state: string }[]> {
    const query = { pk: tenantPartition(tenant), limit: MAX_JOBS_OF_A_TENANT, prefix: JOB_PREFIX, consistent: true };
    const { items } = await this.#table.list(query);
    return items.map(({ key, item }) => ({
      tenant,
      jobId: key.sk.slice(JOB_PREFIX.length),
      state: rowSchema.parse(item).state,
    }));
  }

  /** Messages that were given up, over all tenants. */
  async deadLetters(): Promise<number> {
    const query = { prefix: 'DEADLETTER#', limit: MAX_JOBS_OF_A_TENANT };
    const pages = await Promise.all(
      [...this.tenants, '_unknown'].map((tenant) => this.#table.list({ ...query, pk: tenantPartition(tenant) })),
    );
    return pages.reduce((sum, { items }) => sum + items.length, 0);
  }

  /** Names of the objects in the output folder of a job. */
  async outputsOf({ tenant, jobId }: SubmittedJob): Promise<string[]> {
    const prefix = `outputs/${tenant}/${jobId}/`;
    const command = new ListObjectsV2Command({ Bucket: this.#stack.description.buckets.data, Prefix: prefix });
    const { Contents: objects = [] } = await this.#stack.clients.s3.send(command);
    return objects.map(({ Key: key = '' }) => key.slice(prefix.length)).sort();
  }
}

/** Looks again and again until it holds. @throws when it does not within the limit */
export async function until(
  holds: () => Promise<boolean>,
  limitMs: number,
  otherwise: () => string,
  pollMs = POLL_MS,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`after ${limitMs / 1000} s ${otherwise()}`);
    await delay(pollMs);
  }
}
