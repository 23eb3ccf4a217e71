import type { JobLimits } from '../../../shared/jobs/platform.ts';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import type { Estimate, ProcessContext, ProcessDefinition } from '../../../shared/jobs/process.ts';

const SECOND = 1_000;

/** Longest estimate: behind it the API still has to answer within 30 s. */
export const ESTIMATE_TIMEOUT = 12 * SECOND;

/** Longest synchronous execution, by its estimate, in seconds: API Gateway gives up after 30. */
export const MAX_SYNC_SECONDS = 20;

/**
 * What a job would do; undefined when the process cannot say, or its sources are out of reach for now: planning
 * asks them again, and a source that is down must not keep a job from being accepted.
 * @throws LonghaulError (final) for what `plan` would refuse
 */
export async function estimateBeforeAccepting(
  process: ProcessDefinition,
  context: ProcessContext,
  inputs: Record<string, unknown>,
): Promise<Estimate | undefined> {
  if (process.estimate === undefined) return undefined;
  try {
    return await estimateWithin(process.estimate.bind(process), context, inputs);
  } catch (error) {
    if (error instanceof LonghaulError && error.retryable) return undefined;
    throw error;
  }
}

/** @throws LonghaulError `estimate-timed-out` (retryable) besides those of the process */
export async function estimateWithin(
  estimate: NonNullable<ProcessDefinition['estimate']>,
  context: ProcessContext,
  inputs: Record<string, unknown>,
): Promise<Estimate> {
  const deadline = AbortSignal.timeout(ESTIMATE_TIMEOUT);
  try {
    return await estimate({ ...context, signal: AbortSignal.any([context.signal, deadline]) }, inputs);
  } catch (cause) {
    if (!deadline.aborted || cause instanceof LonghaulError) throw cause;
    throw new LonghaulError({
      code: 'estimate-timed-out',
      retryable: true,
      detail: `The sources did not answer within ${ESTIMATE_TIMEOUT / SECOND} s.`,
      remedy: 'Try again later.',
      cause,
    });
  }
}

/** @throws LonghaulError `tenant-limit-exceeded` (final) with the number that is too large */
export function requireWithinLimits(estimate: Estimate, limits: JobLimits): void {
  if (estimate.units > limits.maxUnits) throw beyond('units', estimate.units, limits.maxUnits);
  if (estimate.bytes.high > limits.maxOutputBytes) {
    throw beyond('bytes of output', estimate.bytes.high, limits.maxOutputBytes);
  }
}

/** @throws LonghaulError `sync-too-long` (final) */
export function requireShort(estimate: Estimate | undefined): void {
  const seconds = estimate?.seconds.low ?? 0;
  if (seconds <= MAX_SYNC_SECONDS) return;
  throw new LonghaulError({
    code: 'sync-too-long',
    retryable: false,
    detail: `The execution takes ${Math.ceil(seconds)} s or more, and a synchronous one may take ${MAX_SYNC_SECONDS} s.`,
    field: '/inputs',
    limit: MAX_SYNC_SECONDS,
    actual: Math.ceil(seconds),
    remedy: 'Send Prefer: respond-async.',
  });
}

const beyond = (unit: string, actual: number, limit: number): LonghaulError =>
  new LonghaulError({
    code: 'tenant-limit-exceeded',
    retryable: false,
    detail: `The job would have ${actual} ${unit}, and your limit is ${limit}.`,
    field: '/inputs',
    limit,
    actual,
    remedy: 'Choose a smaller area, fewer zoom levels or fewer datasets, or have the limit raised.',
  });
