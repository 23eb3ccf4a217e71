import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { JobProgress } from '../../../scripts/job-progress.ts';
import type { JobStatus } from '../../../scripts/local/api-client.ts';

const status = (done: number, failed = 0): JobStatus => ({
  jobID: 'job',
  processID: 'raster-preseed',
  status: 'running',
  state: 'running',
  message: '',
  progress: 0,
  units: 1000,
  counts: { done, failed, skipped: 0, bytes: 0 },
});

const unplanned = (): JobStatus => {
  const job = status(0);
  delete job.units;
  return job;
};

function start() {
  const stream = new PassThrough({ encoding: 'utf8' });
  return { progress: new JobProgress(stream as unknown as WriteStream), printed: () => stream.read() as string | null };
}

describe('JobProgress', () => {
  it('prints tiles, rate, failures and time left where there is no terminal', () => {
    const { progress, printed } = start();
    progress.show(status(100), 0);
    progress.show(status(590, 10), 5_000);
    expect(printed()).toBe(
      '  running: 100/1000 tiles · 0 tiles/s · 0 failed · no estimate yet\n' +
        '  running: 600/1000 tiles · 100 tiles/s · 10 failed · 4 s left\n',
    );
  });

  it('prints no more than a line in five seconds', () => {
    const { progress, printed } = start();
    for (let now = 0; now < 10_000; now += 500) progress.show(status(now / 100), now);
    expect(printed()?.trim().split('\n')).toHaveLength(2);
  });

  it('says nothing before there is a plan', () => {
    const { progress, printed } = start();
    progress.show(unplanned(), 0);
    expect(printed()).toBeNull();
  });
});
