import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyPersistenceLayerError,
  IdempotencyValidationError,
} from '@aws-lambda-powertools/idempotency';
import type { Context } from 'aws-lambda';
import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import type { ApiResponse } from './response.ts';

const HOUR = 3_600;

/** As long as a submission is remembered, in seconds. */
const REPLAY_SECONDS = 24 * HOUR;

/** Names one POST: the same names give the same response. */
export interface ReplayScope {
  /** Tenant, path and `Idempotency-Key`. */
  key: string;
  /** What the request says, as JSON; another one under the same key is a conflict. */
  fingerprint: unknown;
}

/**
 * Gives the stored response to a POST that was answered before.
 * @throws LonghaulError `idempotency-conflict` (final), `idempotency-in-progress`, `store-unavailable` (retryable: the
 *   submission itself gives the same job again), and what `run` throws:
 *   a request that failed may be sent again under its key
 */
export type Replay = (scope: ReplayScope, lambda: Context, run: () => Promise<ApiResponse>) => Promise<ApiResponse>;

/**
 * Replay by Powertools: it remembers the HTTP response, nothing more. It has no fencing, so what must not happen
 * twice is held by the conditional writes of the submission itself.
 */
export function createReplay(persistenceStore: BasePersistenceLayer): Replay {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: 'key',
    payloadValidationJmesPath: 'fingerprint',
    expiresAfterSeconds: REPLAY_SECONDS,
    hashFunction: 'sha256',
  });
  const idempotent = makeIdempotent(
    async (_scope: ReplayScope, run: () => Promise<ApiResponse>): Promise<ApiResponse> => run(),
    { persistenceStore, config, dataIndexArgument: 0 },
  );
  return async (scope, lambda, run) => {
    config.registerLambdaContext(lambda);
    try {
      return await idempotent(scope, run);
    } catch (error) {
      if (error instanceof IdempotencyValidationError) throw conflict(error);
      if (error instanceof IdempotencyAlreadyInProgressError) throw inProgress(error);
      if (error instanceof IdempotencyPersistenceLayerError) throw unavailable(error);
      throw error;
    }
  };
}

const conflict = (cause: Error): LonghaulError =>
  new LonghaulError({
    code: 'idempotency-conflict',
    retryable: false,
    detail: 'The Idempotency-Key was used with another request.',
    remedy: 'Take a new key for a new request.',
    cause,
  });

const inProgress = (cause: Error): LonghaulError =>
  new LonghaulError({
    code: 'idempotency-in-progress',
    retryable: true,
    detail: 'A request with this Idempotency-Key is being answered.',
    remedy: 'Send it again in a moment.',
    retryAfterMs: 1_000,
    cause,
  });

const unavailable = (cause: Error): LonghaulError =>
  new LonghaulError({
    code: 'store-unavailable',
    retryable: true,
    detail: 'The record of the Idempotency-Key could not be read or written.',
    remedy: 'Send the request again with its key.',
    cause,
  });
