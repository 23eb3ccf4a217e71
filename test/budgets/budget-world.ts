import { setImmediate as turn } from 'node:timers/promises';
import { cancelJob } from '../../shared/jobs/cancel-job.ts';
import { sweep } from '../../shared/jobs/handlers/sweep.ts';
import { isTerminal, type Job } from '../../shared/jobs/job.ts';
import type { ExecuteRequest } from '../../shared/jobs/execute-request.ts';
import { readJob } from '../../shared/jobs/read-job.ts';
import { retryJob } from '../../shared/jobs/retry-job.ts';
import { submitJob } from '../../shared/jobs/submit-job.ts';
import { UpgradeWorld, type StoredBytes } from '../upgrade/upgrade-world.ts';
import { Meter } from './meter.ts';

const MINUTE = 60_000;

/** The engine with the released processes, every call of which is counted. */
export class BudgetWorld extends UpgradeWorld {
  readonly meter: Meter;

  constructor(sources: Record<string, StoredBytes> = {}) {
    super({ sources });
    this.meter = new Meter(this.engine.store.capacity);
    Object.assign(this.engine.platform, this.meter.attach(this.engine.platform));
  }

  async submit(processId: string, request: ExecuteRequest): Promise<void> {
    const { platform } = this.engine;
    const inputs = platform.processes.get(processId)!.inputs.parse(request.inputs);
    await submitJob(platform, { tenant: 'acme', subject: 'ann', processId, request: { ...request, inputs } });
  }

  /** Works until the newest job is in a state, and its messages are sent. */
  async until(state: Job['state']): Promise<void> {
    await this.engine.followStream();
    while (this.newest.state !== state) {
      await this.engine.workOnce();
      await this.engine.followStream();
    }
  }

  async cancel(): Promise<void> {
    await cancelJob(this.engine.platform, this.newest, 'user:ann');
    await this.engine.runUntilIdle();
  }

  async retry(): Promise<void> {
    await retryJob(this.engine.platform, this.newest, { subject: 'ann' });
    await this.end();
  }

  async poll(): Promise<void> {
    await readJob(this.engine.platform, this.newest);
  }

  /** Lets so many minutes pass; then the sweeper looks once. */
  async sweepAfter(minutes: number): Promise<void> {
    this.clock.advance(minutes * MINUTE);
    await sweep(this.engine.platform);
  }

  /** Works until every job has ended; what is delayed comes when it is due, and no sweeper looks meanwhile. */
  async end(): Promise<void> {
    for (;;) {
      await this.engine.runUntilIdle();
      if (this.jobs().every(({ state }) => isTerminal(state))) return;
      const next = this.engine.queue.nextVisibleAt();
      if (next === undefined) throw new Error('the job waits for nothing');
      this.clock.advance(Math.max(0, next - this.clock.now()));
      await turn();
    }
  }

  get newest(): Job {
    const job = this.jobs().at(-1);
    if (job === undefined) throw new Error('there is no job');
    return job;
  }
}
