import { beforeAll, describe, expect, it } from 'vitest';
import { listDatasets, readDataset } from '../../../shared/jobs/datasets.ts';
import { newJobItem } from '../../../shared/jobs/items/job-item.ts';
import { jobItemKey } from '../../../shared/jobs/items/keys.ts';
import type { Job, JobState } from '../../../shared/jobs/job.ts';
import { listJobs, type JobFilter } from '../../../shared/jobs/list-jobs.ts';
import type { Item, ListQuery } from '../../../shared/jobs/ports/job-store.ts';
import { createTestEngine, type TestEngine } from '../../helpers/test-engine.ts';

const idOf = (number: number): string => `01J${String(number).padStart(23, '0')}`;

/** A store with jobs 1 … n, of which number k was created at k seconds; what it is asked for is kept. */
async function storeOf(jobs: number, more: (number: number) => Item = () => ({})) {
  const test = createTestEngine();
  const { store } = test.engine;
  for (let number = 1; number <= jobs; number++) {
    const key = { tenant: 'acme', jobId: idOf(number) };
    const job: Job = {
      ...key,
      state: 'accepted',
      version: 1,
      processId: 'numbers',
      processVersion: '1.0.0',
      createdAt: number * 1_000,
      updatedAt: 1,
      deadlineAt: 1,
      subject: 'ann',
      counts: [],
      nextShard: 0,
      settledShards: new Set(),
      healed: {},
      history: [],
    };
    const item = { ...newJobItem(job), ...more(number) };
    await store.write({ kind: 'put', key: jobItemKey(key), item, condition: { operator: 'absent', attribute: 'pk' } });
  }
  const queries: ListQuery[] = [];
  const platform = {
    ...test.engine.platform,
    store: {
      ...store.labelled('list'),
      list: (query: ListQuery) => {
        queries.push(query);
        return store.list(query);
      },
    },
  };
  const list = async (filter: Partial<JobFilter> = {}) => {
    const { jobs: found, ...rest } = await listJobs(platform, 'acme', { limit: 100, ...filter });
    return { ids: found.map(({ jobId }) => Number(jobId.slice(3))), ...rest };
  };
  return { ...test, platform, list, queries };
}

describe('listJobs', () => {
  it('gives the newest first, and the id to go on from while there are more', async () => {
    const { list } = await storeOf(5);
    expect(await list({ limit: 2 })).toEqual({ ids: [5, 4], next: idOf(4) });
    expect(await list({ limit: 2, after: idOf(4) })).toEqual({ ids: [3, 2], next: idOf(2) });
    expect(await list({ limit: 2, after: idOf(2) })).toEqual({ ids: [1] });
    expect(await list({ limit: 5 })).toEqual({ ids: [5, 4, 3, 2, 1] });
    expect(await list({ limit: 4 })).toEqual({ ids: [5, 4, 3, 2], next: idOf(2) });
    expect(await list({ after: idOf(1) })).toEqual({ ids: [] });
  });

  it('goes on behind the last row of a full page when the store has more', async () => {
    const { list, queries } = await storeOf(40, (number) => (number < 40 ? { tags: ['old'] } : {}));
    // Twenty rows are read, of which the first does not pass.
    expect(await list({ limit: 19, tag: 'old' })).toEqual({
      ids: Array.from({ length: 19 }, (_, index) => 39 - index),
      next: idOf(21),
    });
    expect(queries).toHaveLength(1);
    expect(queries[0]).not.toHaveProperty('after');
  });

  it('passes over a row that cannot be read, says so to the operator, and gives the others', async () => {
    const { platform } = await storeOf(3, (number) => (number === 2 ? { state: 'unheard-of' } : {}));
    const logged: unknown[] = [];
    const logger = {
      ...platform.logger,
      error: (event: string, fields?: unknown) => void logged.push([event, fields]),
    };
    const { jobs } = await listJobs({ ...platform, logger }, 'acme', { limit: 2 });
    expect(jobs.map(({ jobId }) => jobId)).toEqual([idOf(3), idOf(1)]);
    expect(logged).toEqual([['job.row.unreadable', expect.objectContaining({ tenant: 'acme', job: idOf(2) })]]);
  });

  it('knows of no job of another tenant, and of nothing that is no job', async () => {
    const { platform, submit, engine } = await storeOf(0);
    await submit({ datasets: [{ id: 'a', units: 1 }] });
    await engine.runUntilIdle();
    expect((await listJobs(platform, 'acme', { limit: 9 })).jobs).toHaveLength(1);
    expect(await listJobs(platform, 'other', { limit: 9 })).toEqual({ jobs: [] });
  });

  it('reads pages of a size that suits what is asked for', async () => {
    const { list, queries } = await storeOf(1);
    await list({ limit: 1 });
    await list({ limit: 19 });
    await list({ limit: 20 });
    await list({ limit: 500 });
    expect(queries.map(({ limit, descending, pk, prefix }) => [limit, descending, pk, prefix])).toEqual(
      [20, 20, 21, 200].map((limit) => [limit, true, 'TENANT#acme', 'JOB#']),
    );
  });

  it('looks at no more than 2,000 rows, and says where to go on', async () => {
    const { list, queries } = await storeOf(2_050, (number) => (number <= 3 ? { tags: ['old'] } : {}));
    expect(await list({ limit: 200, tag: 'old' })).toEqual({ ids: [], next: idOf(51) });
    expect(queries).toHaveLength(10);
    expect(await list({ limit: 200, tag: 'old', after: idOf(51) })).toEqual({ ids: [3, 2, 1] });
  });

  it('ends with the first job that is too old', async () => {
    const { list, queries } = await storeOf(60);
    expect(await list({ limit: 10, from: 58_000 })).toEqual({ ids: [60, 59, 58] });
    expect(queries).toHaveLength(1);
    expect(await list({ from: 2_000, to: 3_000 })).toEqual({ ids: [3, 2] });
    expect(await list({ to: 2_999 })).toEqual({ ids: [2, 1] });
  });

  it('gives the jobs that pass every filter', async () => {
    const states: JobState[] = ['accepted', 'running', 'failed'];
    const datasets = [
      { id: 'a', units: 1, chunkUnits: 1 },
      { id: 'b', units: 1, chunkUnits: 1 },
    ] as unknown as Item[];
    const { list } = await storeOf(6, (number) => ({
      state: states[number % 3]!,
      processId: number > 4 ? 'echo' : 'numbers',
      ...(number % 2 === 0 ? { tags: ['even', 'all'], datasets } : {}),
    }));
    expect(await list({ states: ['running', 'failed'] })).toEqual({ ids: [5, 4, 2, 1] });
    expect(await list({ states: [] })).toEqual({ ids: [] });
    expect(await list({ processId: 'echo' })).toEqual({ ids: [6, 5] });
    expect(await list({ tag: 'all' })).toEqual({ ids: [6, 4, 2] });
    expect(await list({ tag: 'none' })).toEqual({ ids: [] });
    expect(await list({ dataset: 'b' })).toEqual({ ids: [6, 4, 2] });
    expect(await list({ dataset: 'c' })).toEqual({ ids: [] });
    expect(await list({ matches: ({ createdAt }) => createdAt === 3_000 })).toEqual({ ids: [3] });
    expect(await list({ tag: 'even', processId: 'numbers', states: ['failed'] })).toEqual({ ids: [2] });
  });
});

describe('published datasets', () => {
  let test: TestEngine;
  const published = (id: string, bytes: number) => ({
    id,
    jobId: idOf(1),
    url: new URL(`s3://data/outputs/acme/${idOf(1)}/${id}.txt`),
    mediaType: 'text/plain',
    bytes,
    publishedAt: Date.UTC(2026, 0, 1),
    alternates: [],
    related: [],
  });

  beforeAll(async () => {
    test = createTestEngine();
    const datasets = ['a', 'b', 'c'].map((id, index) => ({ id, units: index + 1 }));
    await test.submit({ datasets });
    await test.engine.runUntilIdle();
  });

  it('are listed by id, page by page', async () => {
    const { platform } = test.engine;
    expect(await listDatasets(platform, 'acme', { limit: 2 })).toEqual({
      datasets: [published('a', 1), published('b', 3)],
      next: 'b',
    });
    expect(await listDatasets(platform, 'acme', { limit: 2, after: 'b' })).toEqual({ datasets: [published('c', 5)] });
    expect(await listDatasets(platform, 'other', { limit: 2 })).toEqual({ datasets: [] });
  });

  it('are found by id under their tenant', async () => {
    const { platform } = test.engine;
    expect(await readDataset(platform, 'acme', 'b')).toEqual(published('b', 3));
    expect(await readDataset(platform, 'acme', 'd')).toBeUndefined();
    expect(await readDataset(platform, 'other', 'b')).toBeUndefined();
  });
});
