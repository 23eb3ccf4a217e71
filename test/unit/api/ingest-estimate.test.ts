import { describe, expect, it } from 'vitest';
import { responseSchemas } from '../../../functions/api/documents/schemas.ts';
import ingest from '../../../shared/processes/ingest/process.ts';
import { memoryReader } from '../../helpers/memory-reader.ts';
import { createTestApi } from './test-api.ts';

const CSV = 'id,lon,lat\n1,2,3\n2,4,5\n';
const path = '/processes/ingest/estimate';

/** The API with a source behind every address. */
function apiOver(content: string, limits = { maxUnits: 10, maxOutputBytes: 1e9 }) {
  const created = createTestApi({ processes: [ingest], limits });
  created.platform.sourcesOf = () => ({ open: async (url) => memoryReader(Buffer.from(content), { url }) });
  return created;
}

describe('POST /processes/ingest/estimate', () => {
  it('says what a job would do, with its first features', async () => {
    const { call } = apiOver(CSV);
    const { statusCode, json } = await call({ path, method: 'POST', body: { inputs: { source: 's3://b/a.csv' } } });
    expect(statusCode).toBe(200);
    expect(responseSchemas.estimate.parse(json)).toEqual(json);
    expect(json).toMatchObject({
      units: 1,
      withinLimits: true,
      detail: { layers: [{ dataset: 'a', format: 'csv', preview: { features: [{ properties: { id: 1 } }, {}] } }] },
    });
  });

  it('refuses what the plan would refuse, and names the field', async () => {
    const { call } = apiOver('x,y\n500000,0\n');
    const { json } = await call({ path, method: 'POST', body: { inputs: { source: 's3://b/a.csv' } } });
    expect(json).toMatchObject({ code: 'crs-missing', field: '/inputs/sourceCrs' });
  });

  it('lets a dry run of a job begin that is larger than may be', async () => {
    const { call } = apiOver(CSV, { maxUnits: 10, maxOutputBytes: 1 });
    const execute = (dryRun: boolean) =>
      call({
        path: '/processes/ingest/execution',
        method: 'POST',
        body: { inputs: { source: 's3://b/a.csv', dryRun } },
      });
    expect((await execute(false)).json).toMatchObject({ code: 'tenant-limit-exceeded' });
    expect((await execute(true)).statusCode).toBe(201);
  });
});
