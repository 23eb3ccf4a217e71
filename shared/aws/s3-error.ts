import { objectStoreUnavailable } from '../adapters/errors.ts';
import { isNamed, isUnavailable } from './service-error.ts';

/** Another write of the same key is under way: whoever comes later finds what it left (409). */
const CONFLICTS = ['ConditionalRequestConflict', 'OperationAborted'];

/** Types what passes by itself; a refusal (no permission, no bucket) stays as it is. */
export function s3Error(operation: string, url: URL, error: unknown): unknown {
  const passing = isUnavailable(error) || isNamed(error, ...CONFLICTS);
  return passing ? objectStoreUnavailable(operation, url, error) : error;
}
