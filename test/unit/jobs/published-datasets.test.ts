import { describe, expect, it } from 'vitest';
import { publishedDatasets } from '../../../shared/jobs/published-datasets.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

describe('what a tenant has published', () => {
  async function published() {
    const test = createTestEngine();
    const jobId = await test.submit({ datasets: [{ id: 'a', units: 3 }] });
    await test.engine.runUntilIdle();
    return { jobId, platform: test.engine.platform, datasets: publishedDatasets(test.engine.platform, 'acme') };
  }

  it('is the version that a pointer leads to, read as it is at that moment', async () => {
    const { jobId, platform, datasets } = await published();
    const url = new URL(`s3://data/outputs/acme/${jobId}/a.txt`);
    const current = await datasets.current('a');
    expect(current).toMatchObject({ id: 'a', jobId, bytes: 5 });
    // Not by `toMatchObject`, to which a URL has no members and is like anything.
    expect(current?.url).toEqual(url);
    expect(await datasets.current('b')).toBeUndefined();
    expect(await publishedDatasets(platform, 'other').current('a')).toBeUndefined();
    const asked: unknown[] = [];
    const store = { ...platform.store, read: async (...given: unknown[]) => void asked.push(given) };
    await publishedDatasets({ ...platform, store: store }, 'acme').current('a');
    expect(asked).toEqual([[{ pk: 'TENANT#acme', sk: 'DATASET#a' }, { consistent: true }]]);
  });

  it('has files that are read by ranges, under an address that is their version', async () => {
    const { jobId, datasets } = await published();
    const url = new URL(`s3://data/outputs/acme/${jobId}/a.txt`);
    const reader = datasets.open({ url, bytes: 5 });
    expect(reader).toMatchObject({ size: 5, etag: `"${url.href}"` });
    expect(new TextDecoder().decode(await reader.read(2, 3))).toBe('1 2');
  });

  it('does not have what is no longer stored, or not as it was published', async () => {
    const { jobId, datasets } = await published();
    const missing = { code: 'dataset-file-missing', retryable: false };
    const there = new URL(`s3://data/outputs/acme/${jobId}/a.txt`);
    await expect(datasets.open({ url: there, bytes: 6 }).read(0, 6)).rejects.toMatchObject(missing);
    const gone = new URL(`s3://data/outputs/acme/${jobId}/b.txt`);
    await expect(datasets.open({ url: gone, bytes: 5 }).read(0, 5)).rejects.toMatchObject(missing);
  });

  it.each([
    's3://data/outputs/other/01J/a.txt',
    's3://data/outputs/acme-2/01J/a.txt',
    's3://data/work/acme/01J/plan.json',
    's3://elsewhere/outputs/acme/01J/a.txt',
    'file:///data/outputs/acme/a.txt',
  ])('does not reach to %s', async (href) => {
    const { datasets } = await published();
    expect(() => datasets.open({ url: new URL(href), bytes: 1 })).toThrowError(
      expect.objectContaining({ code: 'source-not-allowed' }) as Error,
    );
  });
});
