import type { MiddlewareObj } from '@middy/core';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { QuotaError } from '../../shared/errors/quota-error.ts';
import { PROBLEM_MEDIA_TYPE, problemOf } from '../../shared/http/problem.ts';
import type { Problem } from '../../shared/http/problem.ts';
import type { Platform } from '../../shared/jobs/platform.ts';
import { InputError } from './errors.ts';
import type { ApiEvent } from './request.ts';
import type { ApiResponse } from './response.ts';

/** When a retryable error does not say so itself, in seconds. */
const DEFAULT_RETRY_SECONDS = 2;

const MILLISECONDS = 1_000;

/** Statuses that say when to come back (RFC 9110, 10.2.3). */
const RETRY_LATER: ReadonlySet<number> = new Set([409, 429, 503, 504]);

type Middleware = MiddlewareObj<ApiEvent, ApiResponse>;

/**
 * Answers every error as `application/problem+json` (RFC 9457). What is no LonghaulError is a defect: it is logged
 * with its cause, and the caller is told nothing of it.
 */
export function respondProblem({ logger }: Pick<Platform, 'logger'>): Middleware {
  return {
    onError: (request) => {
      const { requestId } = request.event.requestContext;
      const { error } = request;
      const known = error instanceof LonghaulError ? error : internalError(error);
      if (known !== error) logger.error('api.defect', { requestId, error });
      const problem: Problem = {
        ...problemOf(known, `urn:longhaul:request:${encodeURIComponent(requestId)}`),
        ...(known instanceof InputError && known.errors.length > 1 ? { errors: [...known.errors] } : {}),
        ...(known instanceof QuotaError ? quotaMembers(known) : {}),
      };
      request.response = {
        statusCode: problem.status,
        headers: { 'content-type': PROBLEM_MEDIA_TYPE, ...retryAfter(known, problem.status) },
        body: JSON.stringify(problem),
        isBase64Encoded: false,
      };
    },
  };
}

/** Headers that no response may lack: it is not cached unless it says so, and never taken for another type. */
export function withSafetyHeaders(): Middleware {
  const add = ({ response }: { response?: ApiResponse | null | undefined }): void => {
    if (response === undefined || response === null) return;
    response.headers = {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...response.headers,
    };
  };
  return { after: add, onError: add };
}

/** How full the quota is that a request does not fit into. */
function quotaMembers({ use }: QuotaError): Pick<Problem, 'quota' | 'used' | 'reserved'> {
  return { quota: use.quota, used: use.used, reserved: use.reserved };
}

function retryAfter(error: LonghaulError, status: number): Record<string, string> {
  const asked = error.retryAfterMs;
  if (asked === undefined && !(error.retryable && RETRY_LATER.has(status))) return {};
  const seconds = asked === undefined ? DEFAULT_RETRY_SECONDS : Math.max(1, Math.ceil(asked / MILLISECONDS));
  return { 'retry-after': String(seconds) };
}

const internalError = (cause: unknown): LonghaulError =>
  new LonghaulError({
    code: 'internal-error',
    retryable: false,
    detail: 'Something went wrong on our side.',
    remedy: 'Report the instance of this problem to those who run the service.',
    cause,
  });
