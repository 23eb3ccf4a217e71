import {
  ConditionalCheckFailedException,
  IdempotentParameterMismatchException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../jobs/ports/job-store.ts';
import { describeCause, storeRequestInvalid, storeTokenReused, storeUnavailable } from '../adapters/errors.ts';
import { fromAttributes } from './attribute-value.ts';
import { isNamed, isUnavailable } from './service-error.ts';

const CONDITION_FAILED = 'ConditionalCheckFailed';
const VALIDATION_FAILED = 'ValidationError';
/** Two calls on one item at once: the later one is refused, and may be made again. */
const CONFLICTS = [
  'TransactionConflictException',
  'TransactionInProgressException',
  'ReplicatedWriteConflictException',
];

/** The writes of a transaction whose conditions did not hold; undefined when that is not why it failed. */
export function rejectedWrites(error: unknown): { index: number; item: Item | undefined }[] | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const rejected = (error.CancellationReasons ?? []).flatMap(({ Code, Item: found }, index) =>
    Code === CONDITION_FAILED ? [{ index, item: found && fromAttributes(found) }] : [],
  );
  return rejected.length > 0 ? rejected : undefined;
}

/**
 * What a failed call means: a condition that did not hold is left as it is, for it is an outcome; what is neither
 * ours nor passing (no permission, no table) too.
 * @param operation such as `a write` or `the transaction <token>`
 */
export function storeError(error: unknown, operation: string): unknown {
  if (error instanceof ConditionalCheckFailedException || rejectedWrites(error) !== undefined) return error;
  if (error instanceof IdempotentParameterMismatchException) return storeTokenReused(operation, error);
  if (error instanceof TransactionCanceledException) {
    const reasons = error.CancellationReasons ?? [];
    const invalid = reasons.find(({ Code }) => Code === VALIDATION_FAILED);
    if (invalid !== undefined) return storeRequestInvalid(`${invalid.Message ?? VALIDATION_FAILED}.`, error);
    return storeUnavailable(operation, error);
  }
  if (isNamed(error, 'ValidationException')) return storeRequestInvalid(`${describeCause(error)}.`, error);
  if (isNamed(error, ...CONFLICTS) || isUnavailable(error)) return storeUnavailable(operation, error);
  return error;
}
