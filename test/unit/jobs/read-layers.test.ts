import { expect, it } from 'vitest';
import { readLayers } from '../../../shared/jobs/read-layers.ts';
import { finalError } from '../../helpers/numbers-process.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

const MIB = 1024 * 1024;

/**
 * Most chunks that were fetched beyond the one in use, while all chunks of a job were read.
 * @param first bytes of the first chunk
 */
async function mostAhead(chunkBytes: number, first = chunkBytes): Promise<number> {
  const sizes = [first];
  const payload = () => new Uint8Array(sizes.shift() ?? chunkBytes);
  const test = createTestEngine({ payload, finishError: () => finalError() });
  const jobId = await test.submit({ datasets: [{ id: 'a', units: 8 }], chunkUnits: 1 });
  await test.engine.runUntilIdle();
  const { platform } = test.engine;
  let fetched = 0;
  const objects = Object.create(platform.objects, {
    get: {
      value: (url: URL, maxBytes: number) => {
        fetched += url.pathname.includes('/chunks/') ? 1 : 0;
        return platform.objects.get(url, maxBytes);
      },
    },
  }) as typeof platform.objects;
  const [layer] = await readLayers({ ...platform, objects }, { tenant: 'acme', jobId }, 'a');
  let used = 0;
  let most = 0;
  for await (const payload of layer!) {
    expect(payload.length).toBe(used === 0 ? first : chunkBytes);
    most = Math.max(most, fetched - ++used);
  }
  expect(used).toBe(8);
  return most;
}

it('fetches three small chunks ahead of the one in use', async () => {
  expect(await mostAhead(1_000)).toBe(3);
});

it('fetches no more ahead than 16 MiB', async () => {
  expect(await mostAhead(8 * MIB)).toBe(2);
  expect(await mostAhead(17 * MIB)).toBe(0);
  expect(await mostAhead(1_000, 17 * MIB)).toBe(0);
});
