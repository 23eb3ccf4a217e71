import { describe, expect, it } from 'vitest';
import { sweep } from '../../../shared/jobs/handlers/sweep.ts';
import { parseMessage } from '../../../shared/jobs/messages.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import { moveTo } from './move-to.ts';

const SECOND = 1_000;
const SIX = { datasets: [{ id: 'a', units: 6 }], chunkUnits: 2 };

/** A job with three open chunks whose messages are lost. */
async function runningJobWithoutMessages(test: TestEngine): Promise<string> {
  const jobId = await test.submit(SIX);
  await test.engine.followStream();
  await test.engine.workOnce();
  await test.engine.followStream();
  test.engine.queue.purge('numbers');
  return jobId;
}

const messages = (test: TestEngine) => test.engine.queue.receive('numbers', 100).map(({ body }) => parseMessage(body));

describe('the sweeper', () => {
  it('sends exactly the unsettled chunks again, once nothing has moved for 120 s', async () => {
    const test = createTestEngine();
    const jobId = await test.submit(SIX);
    await test.engine.followStream();
    await test.engine.workOnce();
    await test.engine.followStream();
    const [first] = test.engine.queue.receive('numbers', 1);
    test.engine.queue.purge('numbers');
    await test.engine.queue.send('numbers', [{ body: first!.body, delaySeconds: 0, group: 'acme' }]);
    await test.engine.workOnce();
    test.clock.advance(119 * SECOND);
    expect((await sweep(test.engine.platform)).healed).toEqual({});
    test.clock.advance(SECOND);
    expect((await sweep(test.engine.platform)).healed).toEqual({ 'chunks-lost': 1 });
    expect(messages(test).map((message) => message.kind === 'chunk' && message.chunk)).toEqual([1, 2]);
    expect((await test.read(jobId)).job.healed).toEqual({ 'chunks-lost': 1 });
  });

  it('says how long the job that waited longest has been due', async () => {
    const test = createTestEngine();
    await runningJobWithoutMessages(test);
    test.clock.advance(60 * SECOND);
    await runningJobWithoutMessages(test);
    test.clock.advance(100 * SECOND);
    expect((await sweep(test.engine.platform)).lateSeconds).toBe(40);
  });

  it('sends nothing twice when two sweepers look at once', async () => {
    const test = createTestEngine();
    await runningJobWithoutMessages(test);
    test.clock.advance(120 * SECOND);
    await Promise.all([sweep(test.engine.platform), sweep(test.engine.platform)]);
    expect(messages(test)).toHaveLength(3);
  });

  it('leaves a job alone whose messages still wait in the queue', async () => {
    const test = createTestEngine();
    await test.submit(SIX);
    await test.engine.followStream();
    await test.engine.workOnce();
    await test.engine.followStream();
    test.clock.advance(600 * SECOND);
    expect((await sweep(test.engine.platform)).healed).toEqual({});
    expect(await test.engine.queue.depth('numbers')).toBe(3);
  });

  it('resumes a plan and a finish whose messages were lost', async () => {
    const test = createTestEngine();
    const jobId = await test.submit(SIX);
    await test.engine.followStream();
    test.engine.queue.purge('numbers');
    test.clock.advance(120 * SECOND);
    expect((await sweep(test.engine.platform)).healed).toEqual({ 'plan-lost': 1 });
    await moveTo(test, jobId, 'finishing');
    test.clock.advance(240 * SECOND);
    expect((await sweep(test.engine.platform)).healed).toEqual({ 'finish-lost': 1 });
    await test.engine.runUntilIdle();
    expect((await test.read(jobId)).job.state).toBe('succeeded');
  });

  it('ends a job at its deadline as failed, never as cancelled', async () => {
    const test = createTestEngine();
    const jobId = await runningJobWithoutMessages(test);
    test.clock.advance(3600 * SECOND - 1);
    expect((await sweep(test.engine.platform)).timedOut).toBe(0);
    test.clock.advance(120 * SECOND);
    expect((await sweep(test.engine.platform)).timedOut).toBe(1);
    expect((await test.read(jobId)).job).toMatchObject({ state: 'failed', failure: { code: 'timed-out' } });
  });

  it('forgets a job that has ended', async () => {
    const test = createTestEngine();
    await test.submit(SIX);
    await test.engine.runUntilIdle();
    test.clock.advance(24 * 3600 * SECOND);
    expect((await sweep(test.engine.platform)).looked).toBe(0);
  });
});
