import { beforeAll, describe, expect, it } from 'vitest';
import type { StacItem } from '../../shared/processes/ingest/publish/stac-item.ts';
import { createIngestEngine } from '../formats/ingest/ingest-engine.ts';
import { SHAPES } from '../formats/ingest/stac-shapes.ts';
import { stacItemCheck } from './stac-schemas.ts';

/** The first time, the package with the schemas is installed with those of the local cloud. */
const INSTALL_LIMIT_MS = 8 * 60_000;

describe('the STAC item of a dataset, by the schemas of the specification', () => {
  let check: Awaited<ReturnType<typeof stacItemCheck>>;

  beforeAll(async () => {
    check = await stacItemCheck();
  }, INSTALL_LIMIT_MS);

  async function itemOf(shape: string): Promise<StacItem> {
    const { source, content, inputs = {} } = SHAPES[shape]!;
    const engine = createIngestEngine({ files: { [source]: content } });
    const { job } = await engine.run({ source: `s3://sources/${source}`, ...inputs });
    return JSON.parse(new TextDecoder().decode(engine.output(job.jobId, 'a.stac.json'))) as StacItem;
  }

  it.each(Object.keys(SHAPES))('is valid for %s', async (shape) => {
    expect(check(await itemOf(shape))).toEqual([]);
  });

  it('is not when something of it is missing: the schemas look at it', async () => {
    const item = await itemOf('points');
    expect(check({ ...item, bbox: undefined })).not.toEqual([]);
    expect(check({ ...item, geometry: null })).not.toEqual([]);
    expect(check({ ...item, properties: {} })).not.toEqual([]);
    expect(check({ ...item, stac_version: '1.0.0' })).not.toEqual([]);
  });
});
