import { describe, expect, it } from 'vitest';
import { readQuotaItem } from '../../../shared/jobs/items/quota-item.ts';

describe('the quota item of a tenant', () => {
  it('says what is in use of each quota, and which jobs are counted', () => {
    const item = {
      committedBytes: 7,
      inFlightBytes: 3,
      openUploads: 2,
      activeJobs: 1,
      'job:01J00000000000000000000001': true,
      ttl: 9,
    };
    expect(readQuotaItem(item)).toEqual({
      committedBytes: 7,
      inFlightBytes: 3,
      openUploads: 2,
      activeJobs: 1,
      heldJobs: ['01J00000000000000000000001'],
    });
  });

  it('has nothing in use when it is absent', () => {
    const nothing = { committedBytes: 0, inFlightBytes: 0, openUploads: 0, activeJobs: 0, heldJobs: [] };
    expect(readQuotaItem(undefined)).toEqual(nothing);
  });
});
