import { addCounts, isTerminal, NO_COUNTS, type Counts } from '../../shared/jobs/job.ts';
import { readJob, type JobView } from '../../shared/jobs/read-job.ts';
import { submitJob } from '../../shared/jobs/submit-job.ts';
import type { LocalEngine } from '../../shared/local/local-engine.ts';
import type { CliContext } from '../context.ts';
import { jobStalled } from '../errors.ts';
import { Progress } from '../output/progress.ts';
import { TENANT } from './create-engine.ts';
import type { RunLog } from './run-log.ts';

/** Milliseconds between two looks at a job. */
const LOOK_INTERVAL = 200;

export interface LocalJob {
  processId: string;
  /** Validated. */
  inputs: Record<string, unknown>;
}

/**
 * Runs a job to its end, and shows how far it is.
 * @throws the signal's reason when it is aborted; LonghaulError of the engine's own objects
 */
export async function runLocally(
  context: CliContext,
  engine: LocalEngine,
  log: RunLog,
  { processId, inputs }: LocalJob,
): Promise<JobView> {
  context.signal.throwIfAborted();
  const { job } = await submitJob(engine.platform, {
    tenant: TENANT,
    subject: 'cli',
    processId,
    request: { inputs },
  });
  const look = async (): Promise<JobView> => {
    const view = await readJob(engine.platform, { tenant: TENANT, jobId: job.jobId });
    return view ?? { job, counts: [], units: undefined };
  };
  const progress = new Progress(context.err);
  const stop = (): void => engine.stop(context.signal.reason as Error);
  context.signal.addEventListener('abort', stop, { once: true });
  // Whoever was interrupted while the job was stored has no event to come.
  if (context.signal.aborted) stop();
  const ended = new AbortController();
  const showing = showProgress(context, progress, look, ended.signal);
  try {
    await engine.run({
      isOver: async () => isTerminal((await look()).job.state),
      onWait: (milliseconds) => progress.note(log.waitingText(milliseconds)),
    });
  } finally {
    ended.abort();
    await showing;
    progress.stop();
    context.signal.removeEventListener('abort', stop);
  }
  context.signal.throwIfAborted();
  const view = await look();
  if (!isTerminal(view.job.state)) throw jobStalled(job.jobId, view.job.state);
  return view;
}

async function showProgress(
  { clock }: CliContext,
  progress: Progress,
  look: () => Promise<JobView>,
  ended: AbortSignal,
): Promise<void> {
  while (!ended.aborted) {
    const view = await look();
    progress.show({ state: view.job.state, counts: totalCounts(view), units: view.units }, clock.now());
    try {
      await clock.sleep(LOOK_INTERVAL, ended);
    } catch (error) {
      if (!ended.aborted) throw error;
    }
  }
}

/** Counts of all datasets together. */
export const totalCounts = ({ counts }: JobView): Counts => counts.reduce<Counts>(addCounts, NO_COUNTS);
