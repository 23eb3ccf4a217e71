import { describe, expect, it } from 'vitest';
import { createTestApi, ROOT } from './test-api.ts';
import type { TestApi } from './test-api.ts';

const MINUTE = 60_000;

/** Three jobs: one that succeeded within a minute, one of echo that succeeded at once, one that waits. */
async function threeJobs(): Promise<TestApi & { ids: string[] }> {
  const api = createTestApi();
  const post = async (process: string, inputs: Record<string, unknown>, tags: string[]) => {
    const path = `/processes/${process}/execution`;
    const headers = { prefer: 'respond-async' };
    return (await api.call({ method: 'POST', path, headers, body: { inputs, tags } })).json.jobID;
  };
  const first = await post('numbers', { datasets: [{ id: 'a', units: 2 }], failing: [1] }, ['night']);
  await api.test.engine.followStream();
  await api.test.engine.workOnce();
  api.test.clock.advance(MINUTE);
  await api.test.engine.runUntilIdle();
  api.test.clock.advance(MINUTE);
  const second = await post('echo', { stringInput: 'b' }, ['day']);
  await api.test.engine.runUntilIdle();
  api.test.clock.advance(MINUTE);
  const third = await post('numbers', { datasets: [{ id: 'c', units: 2 }] }, ['night', 'day']);
  return { ...api, ids: [first, second, third] };
}

describe('job list', () => {
  it('shows the newest first, page by page', async () => {
    const { call, ids } = await threeJobs();
    const first = await call({ path: '/jobs?limit=2' });
    expect(first.json.jobs.map(({ jobID }) => jobID)).toEqual([ids[2], ids[1]]);
    const next = first.json.links.find(({ rel }) => rel === 'next')?.href ?? '';
    const second = await call({ path: next.slice(ROOT.length) });
    expect(second.json.jobs.map(({ jobID }) => jobID)).toEqual([ids[0]]);
    expect(second.json.links.map(({ rel }) => rel)).toEqual(['self', 'alternate']);
  });

  it('shows nothing of another tenant', async () => {
    const { call } = await threeJobs();
    expect((await call({ path: '/jobs', tenant: 'other' })).json.jobs).toEqual([]);
  });

  it.each([
    ['', [2, 1, 0]],
    ['processID=numbers', [2, 0]],
    ['processID=numbers,echo', [2, 1, 0]],
    ['status=successful', [1, 0]],
    ['status=accepted,running', [2]],
    ['status=dismissed', []],
    ['type=process', [2, 1, 0]],
    ['type=other', []],
    ['tag=night', [2, 0]],
    ['dataset=a', [0]],
    ['datetime=2026-01-01T00:02:00Z', [1]],
    ['datetime=2026-01-01T00:02:00Z/..', [2, 1]],
    ['datetime=../2026-01-01T00:02:00Z', [1, 0]],
    ['datetime=/2026-01-01T01:02:00%2B01:00', [1, 0]],
    ['datetime=2026-01-01T00:00:00.000Z/2026-01-01T00:01:00Z', [0]],
    ['minDuration=60', [0]],
    ['maxDuration=59', [1]],
    ['minDuration=0&maxDuration=60', [1, 0]],
    ['status=accepted&minDuration=0', []],
  ])('filters by %s', async (query, expected) => {
    const { call, ids } = await threeJobs();
    const { json } = await call({ path: `/jobs?${query}` });
    expect(json.jobs.map(({ jobID }) => ids.indexOf(jobID))).toEqual(expected);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=ten', 'limit'],
    ['status=done', 'status'],
    ['datetime=yesterday', 'datetime'],
    ['datetime=2026-02-01T00:00:00Z/2026-01-01T00:00:00Z', 'datetime'],
    ['datetime=../..', 'datetime'],
    ['minDuration=-1', 'minDuration'],
    ['tag=%3Cscript%3E', 'tag'],
    ['cursor=none', 'cursor'],
    ['limit=1&limit=2', 'limit'],
    ['colour=red', 'colour'],
  ])('refuses %s with 400 and its name', async (query, field) => {
    const { call } = createTestApi();
    expect((await call({ path: `/jobs?${query}` })).json).toMatchObject({ status: 400, field });
  });

  it('takes an instant in seconds for all of that second', async () => {
    const { call, test } = createTestApi();
    test.clock.advance(500);
    const headers = { prefer: 'respond-async' };
    await call({ method: 'POST', path: '/processes/echo/execution', headers, body: { inputs: {} } });
    expect((await call({ path: '/jobs?datetime=2026-01-01T00:00:00Z' })).json.jobs).toHaveLength(1);
    expect((await call({ path: '/jobs?datetime=2026-01-01T00:00:00.000Z' })).json.jobs).toHaveLength(0);
    expect((await call({ path: '/jobs?datetime=2026-01-01T00:00:01Z' })).json.jobs).toHaveLength(0);
  });

  it('answers 404 for a process that is not there', async () => {
    const { call } = createTestApi();
    expect((await call({ path: '/jobs?processID=none' })).json).toMatchObject({ status: 404, code: 'no-such-process' });
  });
});
