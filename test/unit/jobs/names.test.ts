import { describe, expect, it } from 'vitest';
import { chunkUrl, errorsUrl, outputFolder, planUrl, requestUrl, resultsUrl } from '../../../shared/jobs/folders.ts';
import {
  ACTIVE_PARTITIONS,
  activePartition,
  datasetItemKey,
  deadLetterItemKey,
  jobItemKey,
  jobKeyOf,
  shardItemKey,
  submissionItemKey,
} from '../../../shared/jobs/items/keys.ts';
import { shardOfSortKey } from '../../../shared/jobs/items/shard-item.ts';

const KEY = { tenant: 'acme', jobId: '01J00000000000000000000001' };
const LOCATIONS = {
  work: new URL('s3://data/work/'),
  outputs: new URL('s3://data/outputs/'),
  deadLetters: new URL('s3://data/dead-letters/'),
};

describe('keys of the table', () => {
  it('begin with the tenant', () => {
    expect(jobItemKey(KEY)).toEqual({ pk: 'TENANT#acme', sk: 'JOB#01J00000000000000000000001' });
    expect(datasetItemKey('acme', 'scene')).toEqual({ pk: 'TENANT#acme', sk: 'DATASET#scene' });
    expect(deadLetterItemKey('acme', 'm-1')).toEqual({ pk: 'TENANT#acme', sk: 'DEADLETTER#m-1' });
    expect(submissionItemKey('acme', 'ff')).toEqual({ pk: 'SUBMISSION#acme#ff', sk: 'SUBMISSION' });
    expect(shardItemKey(KEY, 7)).toEqual({ pk: 'JOB#acme#01J00000000000000000000001', sk: 'SHARD#00007' });
  });

  it('are read back', () => {
    expect(jobKeyOf(jobItemKey(KEY))).toEqual(KEY);
    expect(shardOfSortKey(shardItemKey(KEY, 12_345).sk)).toBe(12_345);
  });

  it('spread active jobs over all partitions of the index', () => {
    const partitions = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'].map((last) => activePartition(`x${last}`));
    expect(partitions.slice(0, 3)).toEqual(['active#0', 'active#1', 'active#2']);
    expect(new Set(partitions)).toEqual(
      new Set(Array.from({ length: ACTIVE_PARTITIONS }, (_, partition) => `active#${partition}`)),
    );
  });
});

describe('objects of a job', () => {
  it('lie in folders of its tenant and its own', () => {
    const names = [requestUrl, planUrl, resultsUrl, errorsUrl, outputFolder].map((url) => url(LOCATIONS, KEY).href);
    expect([...names, chunkUrl(LOCATIONS, KEY, 3, 12).href]).toEqual([
      's3://data/work/acme/01J00000000000000000000001/request.json',
      's3://data/work/acme/01J00000000000000000000001/plan.json',
      's3://data/outputs/acme/01J00000000000000000000001/results.json',
      's3://data/outputs/acme/01J00000000000000000000001/errors.ndjson',
      's3://data/outputs/acme/01J00000000000000000000001/',
      's3://data/work/acme/01J00000000000000000000001/chunks/00003/012',
    ]);
  });
});
