import type { Context } from 'aws-lambda';
import type { Platform } from '../../../shared/jobs/platform.ts';
import type { DeadLetterReason, Queue } from '../../../shared/jobs/ports/queue.ts';
import { readJob } from '../../../shared/jobs/read-job.ts';
import { queueUnavailable } from '../../../shared/adapters/errors.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';
import type { NumbersHooks } from '../../helpers/numbers-process.ts';

/** The job that the captured events name: the first that a test engine gives an id to. */
export const CAPTURED_JOB = { tenant: 'acme', jobId: '01J00000000000000000000001' };

export type GivenState = 'accepted' | 'running' | 'finishing' | 'ended';

/** A test engine whose job of four units, two to a chunk, stands at a state; no message of it is on its way. */
export async function engineAt(state: GivenState, hooks: NumbersHooks = {}): Promise<TestEngine> {
  const test = createTestEngine(hooks);
  const { engine } = test;
  await test.submit({ datasets: [{ id: 'a', units: 4 }] });
  const steps = { accepted: 0, running: 1, finishing: 2, ended: 3 }[state];
  for (let step = 0; step < steps; step++) {
    await engine.followStream();
    await engine.workOnce();
  }
  engine.store.stream.take();
  return test;
}

/** What a status page shows of the job. */
export async function jobSummary(platform: Platform): Promise<unknown> {
  const view = await readJob(platform, CAPTURED_JOB);
  return view && { state: view.job.state, counts: view.counts };
}

export interface SentMessage {
  queue: string;
  message: unknown;
  delaySeconds: number;
  group: string;
}

export interface RecordingQueue extends Queue {
  sent: SentMessage[];
  deadLetters: { queue: string; body: string; reason: DeadLetterReason }[];
}

/** Writes down what is sent; what names the job `unreachable` cannot be sent. */
export function recordingQueue(unreachable?: string): RecordingQueue {
  const sent: RecordingQueue['sent'] = [];
  const deadLetters: RecordingQueue['deadLetters'] = [];
  return {
    sent,
    deadLetters,
    send: async (queue, messages) => {
      if (unreachable !== undefined && messages.some(({ body }) => body.includes(unreachable))) {
        throw queueUnavailable('SendMessageBatch', new Error('connection reset'));
      }
      sent.push(
        ...messages.map(({ body, delaySeconds, group }) => ({
          queue,
          message: JSON.parse(body) as unknown,
          delaySeconds,
          group,
        })),
      );
      return [];
    },
    sendToDeadLetters: async (queue, body, reason) => void deadLetters.push({ queue, body, reason }),
    depth: async () => 0,
  };
}

/** What Lambda tells a function of its invocation. */
export function invocation(remainingMilliseconds = 60_000): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'longhaul-numbers',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:longhaul-numbers',
    memoryLimitInMB: '128',
    awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    logGroupName: '/aws/lambda/longhaul-numbers',
    logStreamName: '2026/01/01/[$LATEST]0123456789abcdef',
    getRemainingTimeInMillis: () => remainingMilliseconds,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
