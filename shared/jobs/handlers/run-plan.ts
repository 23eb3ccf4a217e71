import { planUrl } from '../folders.ts';
import { refuseAboveLimit } from '../limits.ts';
import { totalUnits } from '../numbering.ts';
import type { Plan } from '../process.ts';
import { planRetry } from '../plan-retry.ts';
import { readPlan, readRequest } from '../stored-plan.ts';
import { writeStoredJson } from '../stored-json.ts';
import { whileJobIsActive } from '../watch-cancellation.ts';
import { workContext } from '../work-context.ts';
import { claimPlanningWrite } from '../writes/claim-planning.ts';
import { storePlanWrite } from '../writes/store-plan.ts';
import type { Task } from './task.ts';

/** Time after which a planner that says nothing is taken for dead, beyond its function's timeout. */
const LEASE_MARGIN_MILLISECONDS = 10_000;

/** Claims the planning of a job, plans it, stores the plan, and opens the first shards. */
export async function runPlan(task: Task, attempt: number): Promise<void> {
  const { platform, process, job } = task;
  const now = platform.clock.now();
  const token = platform.identifiers.next(now);
  const leaseUntil = now + process.limits.timeoutSeconds * 1000 + LEASE_MARGIN_MILLISECONDS;
  const claim = await platform.store.write(claimPlanningWrite(job, { token, attempt, now, leaseUntil }));
  if (!claim.accepted) {
    platform.logger.info('job.message.dropped', { tenant: job.tenant, job: job.jobId, kind: 'plan', attempt });
    return;
  }
  const plan = await makePlan(task);
  const stored = await platform.store.write(
    storePlanWrite(job, { token, datasets: plan.datasets, now: platform.clock.now() }),
  );
  if (stored.accepted) platform.logger.info('job.planned', { tenant: job.tenant, job: job.jobId });
}

/** The first plan that was written is the plan: a planner that comes later takes it, whatever it made itself. */
async function makePlan(task: Task): Promise<Plan> {
  const { platform, process, job, delivery } = task;
  const request = await readRequest(platform, job);
  const plan = await whileJobIsActive(platform, job, delivery.signal, async (signal) => {
    const fresh = await process.plan(workContext(platform, job, signal), request.inputs);
    refuseAboveLimit(totalUnits(fresh.datasets), platform.limits(job.tenant).maxUnits);
    return job.retryOf === undefined ? fresh : planRetry(platform, process, job, fresh, request);
  });
  const written = await writeStoredJson(platform.objects, planUrl(platform.locations, job), plan);
  return written === 'written' ? plan : readPlan(platform, job);
}
