import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { TestRun } from '../../../scripts/testing/test-run.ts';
import { Steps } from '../../../scripts/steps.ts';

function start(signal = new AbortController().signal) {
  const stream = new PassThrough({ encoding: 'utf8' });
  const run = new TestRun(new Steps(stream as unknown as WriteStream), signal);
  return { run, printed: () => stream.read() as string };
}

const counts =
  (passed: number, failed: number, output = '') =>
  async () => ({ passed, failed, skipped: 0, output });

describe('TestRun', () => {
  it('adds up the steps and succeeds when nothing failed', async () => {
    const { run } = start();
    await run.step('unit', counts(10, 0));
    await run.step('lint', counts(1, 0));
    expect([run.summary, run.exitCode]).toEqual(['11 passed, 0 failed', 0]);
  });

  it('goes on after a step that failed, and shows what it said', async () => {
    const { run, printed } = start();
    await run.step('unit', counts(10, 2, 'expected 1 to be 2'));
    await run.step('lint', counts(1, 0));
    expect([run.summary, run.exitCode]).toEqual(['11 passed, 2 failed', 1]);
    expect(printed()).toContain('expected 1 to be 2');
  });

  it('shows the figures of a step that went well, and nothing else of what it said', async () => {
    const { run, printed } = start();
    await run.step('e2e', counts(8, 0, 'RUN v5\n» kills 51\n ✓ storm.test.ts\n» chunks 2000\n'));
    expect(printed().split('\n').slice(1)).toEqual(['  » kills 51', '  » chunks 2000', '']);
  });

  it('counts a step that could not be run as one failure', async () => {
    const { run } = start();
    await run.step('unit', () => Promise.reject(new Error('no vitest')));
    expect(run.summary).toBe('0 passed, 1 failed');
  });

  it('ends at once when it is interrupted', async () => {
    const { run } = start(AbortSignal.abort(new Error('Ctrl+C')));
    await expect(run.step('unit', counts(1, 0))).rejects.toThrow('Ctrl+C');
  });
});
