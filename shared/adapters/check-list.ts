import type { ListQuery } from '../jobs/ports/job-store.ts';
import { storeRequestInvalid } from './errors.ts';

/**
 * Refuses what DynamoDB refuses: a page of nothing, and a start that lies outside of the listing.
 * @throws LonghaulError `store-request-invalid` (final)
 */
export function checkList({ prefix, after, limit }: Pick<ListQuery, 'prefix' | 'after' | 'limit'>): void {
  if (!Number.isInteger(limit) || limit < 1) throw storeRequestInvalid(`A page of ${limit} items is not a page.`);
  if (after?.startsWith(prefix) === false) {
    throw storeRequestInvalid(`A listing of ${prefix}* cannot start behind ${after}.`);
  }
}
