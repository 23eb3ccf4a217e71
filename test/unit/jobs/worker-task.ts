import type { Task } from '../../../shared/jobs/handlers/task.ts';
import type { JobKey } from '../../../shared/jobs/job.ts';
import { loadJob } from '../../../shared/jobs/load-job.ts';
import type { TestEngine } from '../../helpers/test-engine.ts';

/** What a worker of the numbers process is given for a job as it now is. */
export async function workerTask(test: TestEngine, key: JobKey, more: Partial<Task['platform']> = {}): Promise<Task> {
  const platform = { ...test.engine.platform, ...more };
  const job = await loadJob(platform.store, key, { consistent: true });
  const process = platform.processes.get('numbers');
  if (job === undefined || process === undefined) throw new Error(`no job ${key.jobId} of the numbers process`);
  return { platform, process, job, delivery: { body: '', receiveCount: 1, signal: new AbortController().signal } };
}

/** A stored JSON object; undefined when there is none. */
export function jsonAt({ objects }: TestEngine, url: string): unknown {
  const object = objects.objects.get(url);
  return object && (JSON.parse(new TextDecoder().decode(object.bytes)) as unknown);
}
