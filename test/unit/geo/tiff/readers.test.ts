import { describe, expect, it } from 'vitest';
import { createCoalescingRead } from '../../../../shared/geo/tiff/coalescing-reader.ts';
import { openRaster } from '../../../../shared/geo/tiff/open-raster.ts';
import { createPagedReader, PAGE_BYTES } from '../../../../shared/geo/tiff/paged-reader.ts';
import { makeTiff } from '../../../helpers/make-tiff.ts';
import { memoryReader } from '../../../helpers/memory-reader.ts';

const FILE = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31) >> 3);

describe('createPagedReader', () => {
  it('reads across pages in one request, and no page twice', async () => {
    const reader = memoryReader(FILE);
    const pages = createPagedReader(reader);
    expect(await pages.read(PAGE_BYTES - 10, 20)).toEqual(FILE.slice(PAGE_BYTES - 10, PAGE_BYTES + 10));
    await pages.read(0, 2 * PAGE_BYTES);
    expect(reader.reads).toEqual([{ offset: 0, length: 2 * PAGE_BYTES }]);
  });

  it('shares a page that is being read', async () => {
    const reader = memoryReader(FILE);
    const pages = createPagedReader(reader);
    await Promise.all([pages.read(0, 4), pages.read(100, 4), pages.read(200, 4)]);
    expect(reader.reads).toHaveLength(1);
  });

  it('refuses a range that ends outside of the file', async () => {
    const pages = createPagedReader(memoryReader(FILE));
    await expect(pages.read(FILE.length - 3, 4)).rejects.toMatchObject({ code: 'raster-truncated' });
  });

  it('reads a page again after it failed', async () => {
    let fail = true;
    const reader = memoryReader(FILE, {
      onRead: () => {
        if (fail) throw new Error('network');
      },
    });
    const pages = createPagedReader(reader);
    await expect(pages.read(0, 4)).rejects.toThrow('network');
    fail = false;
    expect(await pages.read(0, 4)).toEqual(FILE.slice(0, 4));
  });

  it('reads a page again whose first reader was aborted', async () => {
    const abort = new AbortController();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const pages = createPagedReader(memoryReader(FILE, { onRead: () => held }));
    const first = pages.read(0, 4, abort.signal);
    const second = pages.read(0, 4);
    abort.abort(new Error('cancelled'));
    release();
    await expect(first).rejects.toThrow('cancelled');
    expect(await second).toEqual(FILE.slice(0, 4));
  });

  it('keeps at most 4 MiB of pages', async () => {
    const large = new Uint8Array(160 * PAGE_BYTES);
    const reader = memoryReader(large);
    const pages = createPagedReader(reader);
    for (let page = 0; page < 160; page++) await pages.read(page * PAGE_BYTES, 1);
    await pages.read(159 * PAGE_BYTES, 1);
    expect(reader.reads).toHaveLength(160);
    await pages.read(0, 1);
    expect(reader.reads).toHaveLength(161);
  });
});

describe('createCoalescingRead', () => {
  it('joins reads that lie next to each other', async () => {
    const reader = memoryReader(FILE);
    const read = createCoalescingRead(reader);
    const parts = await Promise.all([read(2000, 500), read(0, 1000), read(1008, 900)]);
    expect(reader.reads).toEqual([{ offset: 0, length: 2500 }]);
    expect(parts).toEqual([FILE.slice(2000, 2500), FILE.slice(0, 1000), FILE.slice(1008, 1908)]);
  });

  it('does not join reads that lie apart', async () => {
    const reader = memoryReader(FILE);
    const read = createCoalescingRead(reader);
    await Promise.all([read(0, 10), read(50_000, 10)]);
    expect(reader.reads).toHaveLength(2);
  });

  it('does not join reads with different signals', async () => {
    const reader = memoryReader(FILE);
    const read = createCoalescingRead(reader);
    const aborted = read(0, 10, AbortSignal.abort(new Error('cancelled')));
    const other = read(10, 10);
    await expect(aborted).rejects.toThrow('cancelled');
    expect(await other).toEqual(FILE.slice(10, 20));
  });

  it('fails all reads of a request that fails', async () => {
    const read = createCoalescingRead(
      memoryReader(FILE, {
        onRead: () => {
          throw new Error('network');
        },
      }),
    );
    const results = await Promise.allSettled([read(0, 10), read(10, 10)]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
  });
});

describe('openRaster', () => {
  it('reads the header of a COG once', async () => {
    const reader = memoryReader(makeTiff({ width: 600, height: 600, bands: 3, tileSize: 128, overviews: 3 }));
    await openRaster(reader);
    expect(reader.reads).toHaveLength(1);
  });

  it('reads a row of blocks at once, and their offsets not again', async () => {
    const reader = memoryReader(makeTiff({ width: 600, height: 600, bands: 3, tileSize: 128, overviews: 3 }));
    const raster = await openRaster(reader);
    await Promise.all([0, 1, 2, 3, 4].map((column) => raster.levels[0]!.readBlock(column, 2)));
    expect(reader.reads).toHaveLength(2);
  });

  it('reads the offsets of a large raster only where they are needed', async () => {
    const bytes = makeTiff({ width: 4, height: 60_000, rowsPerStrip: 1, value: (_column, row) => row % 256 });
    const reader = memoryReader(bytes);
    const raster = await openRaster(reader);
    const block = await raster.levels[0]!.readBlock(0, 40_000);
    expect(block?.samples[0]).toBe(40_000 % 256);
    const read = reader.reads.reduce((sum, { length }) => sum + length, 0);
    expect(read).toBeLessThan(5 * PAGE_BYTES);
  });
});
