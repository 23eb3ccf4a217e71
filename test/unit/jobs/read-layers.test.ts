import { expect, it } from 'vitest';
import type { ChunkPayloads } from '../../../shared/jobs/process.ts';
import { readLayers } from '../../../shared/jobs/read-layers.ts';
import { finalError } from '../../helpers/numbers-process.ts';
import { createTestEngine } from '../../helpers/test-engine.ts';

const MIB = 1024 * 1024;

/**
 * The first layer of a job of 8 chunks.
 * @param onFetch sees the number of each chunk that is fetched, from 0, and may throw in its place
 */
async function layerOf(payload: () => Uint8Array, onFetch: (chunk: number) => void): Promise<ChunkPayloads> {
  const test = createTestEngine({ payload, finishError: () => finalError() });
  const jobId = await test.submit({ datasets: [{ id: 'a', units: 8 }], chunkUnits: 1 });
  await test.engine.runUntilIdle();
  const { platform } = test.engine;
  let fetched = 0;
  const objects = Object.create(platform.objects, {
    get: {
      value: async (url: URL, maxBytes: number) => {
        if (url.pathname.includes('/chunks/')) onFetch(fetched++);
        return platform.objects.get(url, maxBytes);
      },
    },
  }) as typeof platform.objects;
  const [layer] = await readLayers({ ...platform, objects }, { tenant: 'acme', jobId }, 'a');
  return layer!;
}

/**
 * Most chunks that were fetched beyond the one in use, while all chunks of a job were read.
 * @param first bytes of the first chunk
 */
async function mostAhead(chunkBytes: number, first = chunkBytes): Promise<number> {
  const sizes = [first];
  let fetched = 0;
  const layer = await layerOf(
    () => new Uint8Array(sizes.shift() ?? chunkBytes),
    () => void fetched++,
  );
  let used = 0;
  let most = 0;
  for await (const payload of layer) {
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

it('raises what fails ahead when its turn comes, and not while an earlier chunk is in use', async () => {
  const unhandled: unknown[] = [];
  const listen = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', listen);
  try {
    const layer = await layerOf(
      () => new Uint8Array(1_000),
      (chunk) => {
        if (chunk === 2) throw finalError();
      },
    );
    let used = 0;
    const read = async () => {
      for await (const payload of layer) {
        expect(payload.length).toBe(1_000);
        used++;
        // Node tells of rejections that nobody handles between two turns of its loop.
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await expect(read()).rejects.toMatchObject({ code: finalError().code });
    expect(used).toBe(2);
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', listen);
  }
});
