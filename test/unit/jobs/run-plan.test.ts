import { describe, expect, it } from 'vitest';
import { cancelJob } from '../../../shared/jobs/cancel-job.ts';
import { runPlan } from '../../../shared/jobs/handlers/run-plan.ts';
import type { ProcessContext, ProcessDefinition } from '../../../shared/jobs/process.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';
import { recordingLogger } from './recording-logger.ts';
import { jsonAt, workerTask } from './worker-task.ts';

const JOB = '01J00000000000000000000001';
const KEY = { tenant: 'acme', jobId: JOB };
const PLAN = `s3://data/work/acme/${JOB}/plan.json`;

describe('planning', () => {
  it('stores the plan of the process, and opens the job', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 3 }] });
    await runPlan(await workerTask(test, KEY), 1);
    expect(jsonAt(test, PLAN)).toEqual({
      datasets: [{ id: 'a', units: 3, chunkUnits: 2, detail: {}, numbering: '3' }],
      toleratedFailurePercentage: 50,
    });
    expect((await test.read(JOB)).job).toMatchObject({
      state: 'running',
      datasets: [{ id: 'a', units: 3, chunkUnits: 2 }],
    });
  });

  it('claims the job for as long as a planner may run, and ten seconds', async () => {
    const test = createTestEngine({ planError: () => new Error('stops after the claim') });
    await test.submit({ datasets: [{ id: 'a', units: 3 }] });
    await expect(runPlan(await workerTask(test, KEY), 1)).rejects.toThrow('stops after the claim');
    const { job } = await test.read(JOB);
    expect(job.leaseUntil).toBe(test.clock.now() + 70_000);
    expect(job.planAttempt).toBe(1);
  });

  it('that comes too late does nothing, and says so', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 3 }] });
    const { logger, lines } = recordingLogger();
    const task = await workerTask(test, KEY, { logger });
    await runPlan(task, 1);
    lines.length = 0;
    await runPlan(task, 1);
    expect(lines).toEqual([['info', 'job.message.dropped', { tenant: 'acme', job: JOB, kind: 'plan', attempt: 1 }]]);
  });

  it('takes the plan that an earlier planner wrote', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 3 }] });
    const earlier = { datasets: [{ id: 'z', units: 1, chunkUnits: 1, detail: {} }], toleratedFailurePercentage: 0 };
    const bytes = new TextEncoder().encode(JSON.stringify(earlier));
    await test.objects.putIfAbsent(new URL(PLAN), bytes, 'application/json');
    await runPlan(await workerTask(test, KEY), 1);
    expect((await test.read(JOB)).job.datasets).toEqual([{ id: 'z', units: 1, chunkUnits: 1 }]);
  });

  it('is refused beyond the units that the tenant may ask for', async () => {
    const test = createTestEngine();
    await test.submit({
      datasets: [
        { id: 'a', units: 3 },
        { id: 'b', units: 8 },
      ],
    });
    const asked: string[] = [];
    const limits = (tenant: string) => {
      asked.push(tenant);
      return { maxUnits: 10, maxOutputBytes: 1 };
    };
    await expect(runPlan(await workerTask(test, KEY, { limits }), 1)).rejects.toMatchObject({
      code: 'tenant-limit-exceeded',
      actual: 11,
      limit: 10,
    });
    expect(asked).toEqual(['acme']);
  });

  it('of a job that was cancelled meanwhile opens nothing, and does not say that it did', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 3 }] });
    const { logger, lines } = recordingLogger();
    const task = await workerTask(test, KEY, { logger });
    const plan: ProcessDefinition['plan'] = async (...given) => {
      await cancelJob(test.engine.platform, KEY, 'user:ann');
      return task.process.plan(...given);
    };
    await runPlan({ ...task, process: { ...task.process, plan } }, 1);
    expect((await test.read(JOB)).job.state).toBe('cancelled');
    expect(lines).toEqual([]);
  });

  it('gives the process its tenant, its sources and the clock', async () => {
    const test = createTestEngine();
    await test.submit({ datasets: [{ id: 'a', units: 3 }] });
    const sources = { open: () => Promise.reject(new Error('not opened')) };
    const task = await workerTask(test, KEY, { sourcesOf: (tenant) => ({ ...sources, tenant }) });
    let given: ProcessContext | undefined;
    const plan: ProcessDefinition['plan'] = (context, inputs) => {
      given = context;
      return task.process.plan(context, inputs);
    };
    await runPlan({ ...task, process: { ...task.process, plan } }, 1);
    expect(given).toMatchObject({ tenant: 'acme', clock: test.clock, sources: { tenant: 'acme' } });
    expect(given?.signal.aborted).toBe(false);
  });
});
