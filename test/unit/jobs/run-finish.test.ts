import { describe, expect, it } from 'vitest';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { absent } from '../../../shared/jobs/conditions.ts';
import { readDataset } from '../../../shared/jobs/datasets.ts';
import { runFinish } from '../../../shared/jobs/handlers/run-finish.ts';
import { datasetItemKey } from '../../../shared/jobs/items/keys.ts';
import type { JobStore } from '../../../shared/jobs/ports/job-store.ts';
import type {
  Artifact,
  FinishResult,
  FinishWork,
  ProcessContext,
  ProcessDefinition,
} from '../../../shared/jobs/process.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { moveTo } from './move-to.ts';
import { recordingLogger } from './recording-logger.ts';
import { jsonAt, workerTask } from './worker-task.ts';

const JOB = '01J00000000000000000000001';
const KEY = { tenant: 'acme', jobId: JOB };

describe('finishing', () => {
  /** A job all of whose chunks are settled. */
  async function finishing(inputs: Record<string, unknown>): Promise<TestEngine> {
    const test = createTestEngine();
    await test.submit(inputs);
    await moveTo(test, JOB, 'finishing');
    return test;
  }
  const datasets = [
    { id: 'a', units: 4 },
    { id: 'b', units: 2 },
  ];

  it('publishes results, states and pointers, and says so', async () => {
    const test = await finishing({ datasets });
    const { logger, lines } = recordingLogger();
    await runFinish(await workerTask(test, KEY, { logger }));
    expect((await test.read(JOB)).job).toMatchObject({
      state: 'succeeded',
      datasetStates: ['succeeded', 'succeeded'],
    });
    const href = (id: string) => `s3://data/outputs/acme/${JOB}/${id}.txt`;
    expect(jsonAt(test, `s3://data/outputs/acme/${JOB}/results.json`)).toEqual({
      lists: ['a', 'b'].map((id) => ({ dataset: id, href: { storedUrl: href(id) } })),
    });
    expect(test.objects.objects.get(href('a'))?.mediaType).toBe('text/plain');
    expect(lines).toEqual([['info', 'job.published', { tenant: 'acme', job: JOB, outcome: 'succeeded' }]]);
  });

  it('gives the process the datasets that are to be published, with their counts, and names for its files', async () => {
    const test = await finishing({ datasets, failing: [0, 1], toleratedFailurePercentage: 50 });
    const task = await workerTask(test, KEY);
    let given: { context: ProcessContext; work: FinishWork<unknown, unknown> } | undefined;
    const finish: ProcessDefinition['finish'] = async (context, work) => {
      given = { context, work };
      const upload = await work.createOutput('a file/name', 'text/plain');
      expect(upload.url.href).toBe(`s3://data/outputs/acme/${JOB}/a%20file%2Fname`);
      return { results: {}, artifacts: [] };
    };
    await runFinish({ ...task, process: { ...task.process, finish } });
    expect(given?.context).toMatchObject({ tenant: 'acme', clock: test.clock });
    expect(given?.work.inputs).toMatchObject({ datasets });
    expect(given?.work.datasets.map(({ plan, counts, layers }) => [plan.id, counts, layers.length])).toEqual([
      ['a', { done: 2, failed: 2, skipped: 0, bytes: 3 }, 1],
    ]);
    expect((await test.read(JOB)).job.datasetStates).toEqual(['partial', 'failed']);
  });

  it('gives the process a time that does not change, and stores small files of which the first one stays', async () => {
    const test = await finishing({ datasets });
    const { createdAt } = (await test.read(JOB)).job;
    test.clock.advance(60_000);
    const task = await workerTask(test, KEY);
    const url = new URL(`s3://data/outputs/acme/${JOB}/a%20file.json`);
    const finish: ProcessDefinition['finish'] = async (_context, { acceptedAt, putOutput }) => {
      expect(acceptedAt).toBe(createdAt);
      for (const text of ['{}', '[]']) {
        expect(await putOutput('a file.json', 'application/json', new TextEncoder().encode(text))).toEqual(url);
      }
      return { results: {}, artifacts: [] };
    };
    await runFinish({ ...task, process: { ...task.process, finish } });
    const stored = test.objects.objects.get(url.href);
    expect([new TextDecoder().decode(stored?.bytes), stored?.mediaType]).toEqual(['{}', 'application/json']);
  });

  it('publishes nothing of a job that failed, and says how much did', async () => {
    const test = await finishing({ datasets, failing: [0, 1, 2], toleratedFailurePercentage: 0 });
    await runFinish(await workerTask(test, KEY));
    const { job } = await test.read(JOB);
    expect(job.failure?.detail).toBe('5 of 6 units failed; 0 % are tolerated. Nothing was published.');
    expect(await test.engine.store.read(datasetItemKey('acme', 'a'))).toBeUndefined();
    expect(test.objects.objects.has(`s3://data/outputs/acme/${JOB}/results.json`)).toBe(false);
    expect(test.objects.objects.has(`s3://data/outputs/acme/${JOB}/errors.ndjson`)).toBe(true);
  });

  it('of a plan without datasets succeeds', async () => {
    const test = await finishing({ datasets: [] });
    await runFinish(await workerTask(test, KEY));
    expect((await test.read(JOB)).job).toMatchObject({ state: 'succeeded', datasetStates: [] });
    expect(jsonAt(test, `s3://data/outputs/acme/${JOB}/results.json`)).toEqual({ lists: [] });
  });

  it('waits until a pointer that is ahead of its clock is behind it', async () => {
    const test = await finishing({ datasets });
    const put = async (dataset: string, publishedAt: number) =>
      test.engine.store.write({
        kind: 'put',
        key: datasetItemKey('acme', dataset),
        item: { jobId: 'other', publishedAt },
        condition: { operator: 'absent', attribute: 'pk' },
      });
    await put('a', test.clock.now() + 1_500);
    await put('b', test.clock.now() + 2_500);
    const task = await workerTask(test, KEY);
    await expect(runFinish(task)).rejects.toMatchObject({
      code: 'dataset-pointer-ahead',
      retryable: true,
      detail: 'A dataset of this job was published at a time that has not come yet by the clock of this worker.',
      retryAfterMs: 2_500,
    });
    expect((await test.read(JOB)).job.state).toBe('finishing');
    test.clock.advance(2_500);
    await runFinish(task);
    expect((await test.read(JOB)).job.state).toBe('succeeded');
  });

  describe('with a process that judges its datasets itself', () => {
    const upload = async (work: FinishWork<unknown, unknown>, dataset: string) => {
      const { url } = await work.createOutput(dataset, 'text/plain');
      return { dataset, url, mediaType: 'text/plain', bytes: 1 };
    };
    const refused = { state: 'failed', failure: { code: 'too-many-rejects', detail: '3 of 4 features.' } } as const;

    async function finishWith(
      verdicts: NonNullable<FinishResult['verdicts']>,
      more: Partial<ProcessDefinition> = {},
      inputs: object = {},
    ): Promise<TestEngine> {
      const test = await finishing({ datasets, ...inputs });
      const task = await workerTask(test, KEY);
      const finish: ProcessDefinition['finish'] = async (_context, work) => ({
        results: { report: 'kept' },
        artifacts: await Promise.all(['a', 'b'].map((id) => upload(work, id))),
        verdicts,
      });
      await runFinish({ ...task, process: { ...task.process, finish, ...more } });
      return test;
    }
    const pointers = (test: TestEngine) =>
      Promise.all(['a', 'b'].map(async (id) => (await test.engine.store.read(datasetItemKey('acme', id)))?.['jobId']));

    it('publishes a dataset of which parts were left out, and says that it is partial', async () => {
      const test = await finishWith({ b: { state: 'partial' } });
      expect((await test.read(JOB)).job).toMatchObject({ state: 'partial', datasetStates: ['succeeded', 'partial'] });
      expect(await pointers(test)).toEqual([JOB, JOB]);
    });

    it('publishes the others when one is refused', async () => {
      const test = await finishWith({ a: refused });
      expect((await test.read(JOB)).job).toMatchObject({ state: 'partial', datasetStates: ['failed', 'succeeded'] });
      expect((await test.read(JOB)).job.failure).toBeUndefined();
      expect(await pointers(test)).toEqual([undefined, JOB]);
    });

    it('says why it refused one when the units of the other failed', async () => {
      const failing = { failing: [0, 1], toleratedFailurePercentage: 50 };
      const test = await finishWith({ b: { state: 'partial' }, a: refused }, {}, failing);
      expect((await test.read(JOB)).job).toMatchObject({
        state: 'failed',
        datasetStates: ['failed', 'failed'],
        failure: refused.failure,
      });
    });

    it('publishes nothing when all are refused, and says why', async () => {
      const test = await finishWith({ a: refused, b: refused });
      expect((await test.read(JOB)).job).toMatchObject({ state: 'failed', failure: refused.failure });
      expect(await pointers(test)).toEqual([undefined, undefined]);
    });

    it('adds what the process lists to the errors, dataset by dataset', async () => {
      const listed: (readonly [string, number])[] = [];
      const test = await finishWith(
        {},
        {
          async *listErrors(dataset, layers) {
            listed.push([dataset.id, layers.length]);
            yield { code: 'geometry-invalid', detail: 'A ring is open.', dataset: dataset.id, offset: 5 };
          },
        },
      );
      expect(listed).toEqual([
        ['a', 1],
        ['b', 1],
      ]);
      expect((await test.read(JOB)).job.errors).toEqual(
        ['a', 'b'].map((dataset) => ({ code: 'geometry-invalid', detail: 'A ring is open.', dataset })),
      );
    });
  });

  describe('with an artifact that expects something of its dataset', () => {
    const NEW = { kind: 'new' } as const;
    const upon = (jobId?: string) => ({ kind: 'unchanged', ...(jobId === undefined ? {} : { jobId }) }) as const;

    async function finishOver(there: { jobId: string; aheadMs?: number } | undefined, expects: Artifact['expects']) {
      const test = await finishing({ datasets: [{ id: 'a', units: 2 }] });
      if (there !== undefined) {
        const { jobId, aheadMs = 0 } = there;
        const publishedAt = test.clock.now() + aheadMs;
        await test.engine.store.write({
          kind: 'put',
          key: datasetItemKey('acme', 'a'),
          item: { jobId, url: 's3://data/other', mediaType: 'text/plain', bytes: 3, publishedAt },
          condition: absent('jobId'),
        });
      }
      const task = await workerTask(test, KEY);
      const artifact: Artifact = {
        dataset: 'a',
        url: new URL('s3://data/outputs/a'),
        mediaType: 'text/plain',
        bytes: 1,
        alternates: [{ url: new URL('s3://data/outputs/a.parquet'), mediaType: 'text/csv', bytes: 2 }],
        related: [{ rel: 'preview', url: new URL('s3://data/outputs/a.png'), mediaType: 'image/png', bytes: 3 }],
        ...(expects === undefined ? {} : { expects }),
      };
      const finish: ProcessDefinition['finish'] = async () => ({ results: {}, artifacts: [artifact] });
      const pointer = async () => (await readDataset(test.engine.platform, 'acme', 'a'))?.jobId;
      return { test, pointer, run: () => runFinish({ ...task, process: { ...task.process, finish } }) };
    }

    it('creates the dataset, with the same content in other formats and files about it', async () => {
      const { test, run } = await finishOver(undefined, NEW);
      await run();
      const dataset = await readDataset(test.engine.platform, 'acme', 'a');
      expect(dataset?.jobId).toBe(JOB);
      // Not by `toMatchObject`, to which a URL has no members and is like anything.
      expect(dataset?.alternates).toEqual([
        { url: new URL('s3://data/outputs/a.parquet'), mediaType: 'text/csv', bytes: 2 },
      ]);
      expect(dataset?.related).toEqual([
        { rel: 'preview', url: new URL('s3://data/outputs/a.png'), mediaType: 'image/png', bytes: 3 },
      ]);
    });

    it('refuses for good to create one that is there, and leaves it', async () => {
      const { pointer, run } = await finishOver({ jobId: 'other' }, NEW);
      await expect(run()).rejects.toMatchObject({
        code: 'dataset-exists',
        retryable: false,
        detail: 'The dataset "a" was to be created, and job other has published it.',
      });
      expect(await pointer()).toBe('other');
    });

    it.each([
      ['the version that it was planned upon', { jobId: 'base' }, 'base'],
      ['nothing, as when it was planned', undefined, undefined],
    ])('moves the pointer from %s', async (_, there, planned) => {
      const { pointer, run } = await finishOver(there, upon(planned));
      await run();
      expect(await pointer()).toBe(JOB);
    });

    it.each([
      ['another version', { jobId: 'other' }, 'base', 'it was what job base had published, and job other has'],
      ['one that there was not', { jobId: 'other' }, undefined, 'there was none, and job other has published it'],
      ['none that there was', undefined, 'base', 'it was what job base had published, and it is gone'],
    ])('fails for good over %s, and leaves it', async (_, there, planned, detail) => {
      const { pointer, run } = await finishOver(there, upon(planned));
      await expect(run()).rejects.toMatchObject({
        code: 'dataset-changed',
        retryable: false,
        detail: expect.stringContaining(detail) as string,
      });
      expect(await pointer()).toBe(there?.jobId);
    });

    it('waits until the version that it was planned upon is behind its clock', async () => {
      const { test, pointer, run } = await finishOver({ jobId: 'base', aheadMs: 700 }, upon('base'));
      await expect(run()).rejects.toMatchObject({ code: 'dataset-pointer-ahead', retryAfterMs: 700 });
      test.clock.advance(700);
      await run();
      expect(await pointer()).toBe(JOB);
    });
  });

  it('of two jobs that were planned upon one version publishes the first, and fails the other by name', async () => {
    const test = createTestEngine();
    const jobs = [];
    for (const units of [1, 2, 3]) {
      const input = { datasets: [{ id: 'a', units }], appends: true };
      jobs.push(await test.submit(input, { idempotencyKey: `${units}` }));
      if (jobs.length === 1) await test.engine.runUntilIdle();
    }
    await test.engine.runUntilIdle();
    const [first, second, third] = await Promise.all(jobs.map(async (jobId) => (await test.read(jobId)).job));
    expect([first?.state, second?.state]).toEqual(['succeeded', 'succeeded']);
    expect(third).toMatchObject({ state: 'failed', failure: { code: 'dataset-changed' } });
    expect(test.published(second!.jobId)).toBe('0 0 1');
    expect((await readDataset(test.engine.platform, 'acme', 'a'))?.jobId).toBe(second!.jobId);
  });

  it('of a job that was cancelled meanwhile publishes nothing, and does not say that it did', async () => {
    const test = await finishing({ datasets });
    const { logger, lines } = recordingLogger();
    const task = await workerTask(test, KEY, { logger });
    const finish: ProcessDefinition['finish'] = async (...given) => {
      await cancelJob(test.engine.platform, KEY, 'user:ann');
      return task.process.finish(...given);
    };
    await runFinish({ ...task, process: { ...task.process, finish } });
    expect((await test.read(JOB)).job.state).toBe('cancelled');
    expect(await test.engine.store.read(datasetItemKey('acme', 'a'))).toBeUndefined();
    expect(lines).toEqual([]);
  });

  it('of a job that was cancelled meanwhile waits for no pointer', async () => {
    const test = await finishing({ datasets });
    await test.engine.store.write({
      kind: 'put',
      key: datasetItemKey('acme', 'a'),
      item: { jobId: 'other', publishedAt: test.clock.now() + 5 },
      condition: { operator: 'absent', attribute: 'pk' },
    });
    const task = await workerTask(test, KEY);
    await cancelJob(test.engine.platform, KEY, 'user:ann');
    await expect(runFinish(task)).resolves.toBeUndefined();
  });

  it('that is delivered twice publishes once', async () => {
    const test = await finishing({ datasets });
    const tokens: string[] = [];
    const { store } = test.engine;
    const watching: JobStore = {
      ...store.labelled('finisher'),
      transact: (writes, token) => {
        tokens.push(token);
        return store.transact(writes, token);
      },
    };
    const task = await workerTask(test, KEY, { store: watching });
    await runFinish(task);
    test.clock.advance(5);
    await runFinish(task);
    const at = test.clock.now();
    expect(tokens).toEqual([`acme/${JOB}/publish/${at - 5}`, `acme/${JOB}/publish/${at}`]);
    expect((await test.read(JOB)).job).toMatchObject({ state: 'succeeded', finishedAt: at - 5 });
    expect((await store.read(datasetItemKey('acme', 'a')))?.['publishedAt']).toBe(at - 5);
  });

  it('does nothing for a job in another state', async () => {
    const test = await finishing({ datasets });
    const { logger, lines } = recordingLogger();
    const task = await workerTask(test, KEY, { logger });
    await runFinish({ ...task, job: { ...task.job, state: 'running' } });
    expect(lines).toEqual([['info', 'job.message.dropped', { tenant: 'acme', job: JOB, state: 'running' }]]);
  });
});
