import type { JobState } from '../../../shared/jobs/job.ts';
import type { TestEngine } from '../../helpers/test-engine.ts';

/** More turns of the workers than the way to any state takes. */
const MAX_TURNS = 20;

/** Follows the stream and works, turn by turn, until a job has reached a state; then takes its messages away. */
export async function moveTo(test: TestEngine, jobId: string, state: JobState): Promise<void> {
  await test.engine.followStream();
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    if ((await test.read(jobId)).job.state === state) {
      test.engine.queue.purge('numbers');
      return;
    }
    await test.engine.workOnce();
    await test.engine.followStream();
  }
  throw new Error(`the job has not reached the state ${state}`);
}
