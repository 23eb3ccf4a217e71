import { describe, expect, it } from 'vitest';
import { workFilesOf } from '../../../shared/jobs/work-files.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

const KEY = { tenant: 'acme', jobId: '01J00000000000000000000001' };
const NAME = 'roads/main.shp';

describe('files that a job keeps for its chunks', () => {
  async function written(bytes: Uint8Array) {
    const test = createTestEngine();
    const files = workFilesOf(test.engine.platform, KEY);
    const upload = await files.create(NAME);
    await upload.putPart(1, bytes);
    await upload.complete();
    return { test, files };
  }
  const content = Uint8Array.of(1, 2, 3, 4, 5);

  it('lie under the job, whatever their names', async () => {
    const { test } = await written(content);
    const [[url, object] = []] = [...test.objects.objects];
    expect(url).toBe(`s3://data/work/acme/${KEY.jobId}/files/roads%2Fmain.shp`);
    expect(object?.mediaType).toBe('application/octet-stream');
  });

  it('are read by ranges, fewer bytes only at the end', async () => {
    const { files } = await written(content);
    const reader = files.open(NAME, content.length);
    expect(reader).toMatchObject({ size: 5, etag: `"s3://data/work/acme/${KEY.jobId}/files/roads%2Fmain.shp"` });
    expect([...(await reader.read(1, 2))]).toEqual([2, 3]);
    expect([...(await reader.read(3, 100))]).toEqual([4, 5]);
    await expect(reader.read(5, 1)).rejects.toThrow(new RangeError('1 bytes from 5 are not in the file'));
    await expect(reader.read(-1, 2)).rejects.toThrow(new RangeError('2 bytes from -1 are not in the file'));
  });

  it('stay as they were written first', async () => {
    const { files } = await written(content);
    const again = await files.create(NAME);
    await again.putPart(1, Uint8Array.of(9));
    await again.complete();
    expect([...(await files.open(NAME, 5).read(0, 5))]).toEqual([1, 2, 3, 4, 5]);
  });

  it('that are gone, or shorter than they were, end the work for good', async () => {
    const { files } = await written(content);
    const expired = (bytes: number) => ({
      code: 'work-expired',
      retryable: false,
      detail: `A file of ${bytes} bytes that the job had written is no longer stored as it was.`,
    });
    await expect(files.open(NAME, 6).read(0, 6)).rejects.toMatchObject(expired(6));
    await expect(files.open('other', 5).read(0, 5)).rejects.toMatchObject(expired(5));
  });

  it('are not read for a job that is over', async () => {
    const { files } = await written(content);
    const reason = new Error('over');
    await expect(files.open(NAME, 5).read(0, 5, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
