import { ACTIVE_PARTITIONS, jobKeyOf } from '../items/keys.ts';
import { isTerminal, type Job, type JobKey, type Shard } from '../job.ts';
import { loadJob } from '../load-job.ts';
import { locateShard, shardCount } from '../numbering.ts';
import type { Platform } from '../platform.ts';
import type { ItemKey } from '../ports/job-store.ts';
import { timeToLive } from '../retention.ts';
import { cleanUp, cleanUpOf } from './clean-up.ts';
import { chunkMessages, finishMessage, planMessage, sendMessages } from '../send-messages.ts';
import { beginFinishing, loadShard, settleShard } from '../settle.ts';
import { refusePlanWrite, timeOutWrite } from '../writes/fail.ts';
import { observeShardWrite, postponeSweepWrite } from '../writes/postpone-sweep.ts';

const SECOND = 1_000;

/** Time without progress after which the sweeper acts; also the time between two looks at one job. */
export const STALE_MILLISECONDS = 120 * SECOND;

/** Time without progress after which chunks are sent again although the queue seems to hold messages enough. */
const STALE_BEHIND_A_BACKLOG_MILLISECONDS = 30 * 60 * SECOND;

/** Jobs that one look at an index partition takes on; the rest is due at the next minute. */
const JOBS_PER_PARTITION = 100;

/** Why a job was healed: each is counted on the row and in the metrics. */
export type HealingCause = 'plan-lost' | 'chunks-lost' | 'shard-not-carried' | 'finish-not-begun' | 'finish-lost';

export interface SweepReport {
  looked: number;
  /** How long the job that waited longest has been due, in seconds: no active job stands unseen for longer. */
  lateSeconds: number;
  timedOut: number;
  healed: Record<string, number>;
}

/** What else than jobs stands in the index of due items. */
export interface OtherDue {
  /** Sort keys of these items begin with it. */
  prefix: string;
  /** Looks at one item that is due; may run twice at once. */
  look: (key: ItemKey) => Promise<void>;
}

/**
 * Compares the active jobs that are due with the truth, and heals by rule. May run twice at once: a conditional write
 * lets one sweeper through to each look, and whatever it then sends may be sent twice.
 */
export async function sweep(platform: Platform, others: readonly OtherDue[] = []): Promise<SweepReport> {
  const report: SweepReport = { looked: 0, lateSeconds: 0, timedOut: 0, healed: {} };
  for (let partition = 0; partition < ACTIVE_PARTITIONS; partition++) {
    const due = await platform.store.listDue(`active#${partition}`, platform.clock.now(), JOBS_PER_PARTITION);
    for (const itemKey of due) {
      const cleaned = cleanUpOf(itemKey);
      const other = others.find(({ prefix }) => itemKey.sk.startsWith(prefix));
      const key = cleaned ?? jobKeyOf(itemKey);
      try {
        if (other !== undefined) await other.look(itemKey);
        else await (cleaned === undefined ? look(platform, key, report) : cleanUp(platform, cleaned));
      } catch (error) {
        // One job that cannot be healed now must not keep the others from being looked at; it stays due.
        const named = other === undefined ? { job: key.jobId } : { item: itemKey.sk };
        platform.logger.error('sweep.job.failed', { tenant: key.tenant, ...named, error: String(error) });
      }
    }
  }
  platform.logger.info('sweep.done', { ...report });
  return report;
}

async function look(platform: Platform, key: JobKey, report: SweepReport): Promise<void> {
  const job = await loadJob(platform.store, key, { consistent: true });
  const now = platform.clock.now();
  if (job === undefined || isTerminal(job.state) || job.dueAt === undefined || job.dueAt > now) return;
  report.looked++;
  report.lateSeconds = Math.max(report.lateSeconds, Math.floor((now - job.dueAt) / SECOND));
  if (job.deadlineAt <= now) {
    report.timedOut += (await timeOut(platform, job, now)) ? 1 : 0;
    return;
  }
  const { healing, staleAt } = await diagnose(platform, job, now);
  const nextLook = Math.min(Math.max(staleAt, now + SECOND), now + STALE_MILLISECONDS);
  const nextDueAt = Math.min(nextLook, job.deadlineAt);
  const claim = postponeSweepWrite(job, { seenDueAt: job.dueAt, nextDueAt, causes: healing.map(({ cause }) => cause) });
  if (!(await platform.store.write(claim)).accepted) return;
  for (const { cause, heal } of healing) {
    await heal();
    report.healed[cause] = (report.healed[cause] ?? 0) + 1;
    platform.logger.warn('job.healed', { event: 'resilience', tenant: job.tenant, job: job.jobId, cause });
  }
}

interface Healing {
  cause: HealingCause;
  heal: () => Promise<void>;
}

/** What is wrong with a job now, and when the next thing can be, if nothing moves until then. */
interface Diagnosis {
  healing: Healing[];
  staleAt: number;
}

async function diagnose(platform: Platform, job: Job, now: number): Promise<Diagnosis> {
  if (job.state === 'running') return diagnoseRunning(platform, job, now);
  const healing = await diagnoseWaiting(platform, job, now);
  const waitsUntil = job.state === 'planning' ? (job.leaseUntil ?? now) : job.updatedAt + STALE_MILLISECONDS;
  return { healing, staleAt: waitsUntil <= now ? now + STALE_MILLISECONDS : waitsUntil };
}

async function diagnoseWaiting(platform: Platform, job: Job, now: number): Promise<Healing[]> {
  const isStale = job.updatedAt + STALE_MILLISECONDS <= now;
  switch (job.state) {
    case 'accepted':
      return isStale ? [{ cause: 'plan-lost', heal: () => resendPlan(platform, job, 1) }] : [];
    case 'planning':
      return (job.leaseUntil ?? 0) <= now
        ? [{ cause: 'plan-lost', heal: () => resendPlan(platform, job, (job.planAttempt ?? 0) + 1) }]
        : [];
    case 'finishing':
      return isStale && (await isMissing(platform, job, 1, now))
        ? [{ cause: 'finish-lost', heal: () => sendMessages(platform.queue, job.processId, [finishMessage(job)]) }]
        : [];
    default:
      return [];
  }
}

async function diagnoseRunning(platform: Platform, job: Job, now: number): Promise<Diagnosis> {
  const datasets = job.datasets ?? [];
  const shards = shardCount(datasets);
  if (job.settledShards.size === shards) {
    const heal = (): Promise<void> => beginFinishing(platform, job, 'sweeper');
    return { healing: [{ cause: 'finish-not-begun', heal }], staleAt: now + STALE_MILLISECONDS };
  }
  let staleAt = now + STALE_MILLISECONDS;
  const full: Healing[] = [];
  const stale: Shard[] = [];
  for (let number = 0; number < Math.min(job.nextShard, shards); number++) {
    if (job.settledShards.has(number)) continue;
    const shard = await loadShard(platform, job, number);
    if (shard.settled.size === locateShard(datasets, number).chunks) {
      full.push({ cause: 'shard-not-carried', heal: () => settleShard(platform, { ...job, datasets }, shard) });
    } else if (shard.updatedAt === 0) {
      const ttl = timeToLive(job.deadlineAt, platform.retentionDays);
      if (job.updatedAt + STALE_MILLISECONDS <= now) stale.push(shard);
      else await platform.store.write(observeShardWrite(job, number, now, ttl));
    } else if (shard.updatedAt + STALE_MILLISECONDS <= now) stale.push(shard);
    else staleAt = Math.min(staleAt, shard.updatedAt + STALE_MILLISECONDS);
  }
  const lost = stale.flatMap((shard) =>
    chunkMessages(job, datasets, shard.shard, (chunk) => !shard.settled.has(chunk)),
  );
  const since = Math.max(job.updatedAt, ...stale.map(({ updatedAt }) => updatedAt));
  if (lost.length === 0 || !(await isMissing(platform, job, lost.length, now, since)))
    return { healing: full, staleAt };
  const heal = (): Promise<void> => sendMessages(platform.queue, job.processId, lost);
  return { healing: [...full, { cause: 'chunks-lost', heal }], staleAt };
}

/**
 * True when the queue cannot hold the messages that a job waits for: it has fewer than those. Messages that wait
 * behind a backlog, run now, or are delayed are not sent a second time, unless nothing moved for half an hour.
 */
async function isMissing(
  platform: Platform,
  job: Job,
  messages: number,
  now: number,
  since: number = job.updatedAt,
): Promise<boolean> {
  if (since + STALE_BEHIND_A_BACKLOG_MILLISECONDS <= now) return true;
  return (await platform.queue.depth(job.processId)) < messages;
}

async function resendPlan(platform: Platform, job: Job, attempt: number): Promise<void> {
  const attempts = platform.processes.get(job.processId)?.limits.attempts ?? 1;
  if (attempt <= attempts) {
    await sendMessages(platform.queue, job.processId, [planMessage(job, attempt)]);
    return;
  }
  const failure = {
    code: 'worker-lost',
    detail: `The planner ended without an answer ${attempts} times.`,
    remedy: 'Read the logs of the job, mend the cause, and retry it.',
  };
  const now = platform.clock.now();
  const { retentionDays } = platform;
  await platform.store.write(refusePlanWrite(job, { failure, actor: 'sweeper', now, retentionDays }));
}

async function timeOut(platform: Platform, job: Job, now: number): Promise<boolean> {
  const seconds = Math.round((job.deadlineAt - job.createdAt) / SECOND);
  const failure = {
    code: 'timed-out',
    detail: `The job had not ended ${seconds} s after it was accepted.`,
    remedy: 'Retry it: what is done is kept, only the rest is run.',
  };
  const write = timeOutWrite(job, { failure, actor: 'sweeper', now, retentionDays: platform.retentionDays });
  return (await platform.store.write(write)).accepted;
}
