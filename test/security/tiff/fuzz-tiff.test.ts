import fc from 'fast-check';
import { beforeAll, describe, expect } from 'vitest';
import { openRaster } from '../../../shared/geo/tiff/open-raster.ts';
import type { Raster } from '../../../shared/geo/tiff/raster.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';
import { fieldEdits, seedFiles, withFields, type SeedFile } from '../corpus/tiff-files.ts';
import { watchedReader } from './watched-reader.ts';

const MIB = 2 ** 20;

/** Bytes that opening may read of a file of any size: 64 directories, and at most 64 KiB for each tag that is read. */
const MOST_TO_OPEN = 24 * MIB;

/** Bytes that reading one block may take: the block, its mask, and the pages of their offsets. */
const MOST_TO_READ = 140 * MIB;

/** A block above this is not decoded here: it is allowed, and slow. */
const LARGEST_DECODED = MIB;

/** Sizes that files claim: their own, and one in which any 32-bit offset leads somewhere. */
const CLAIMED = [0, 2 ** 33] as const;

describe('a TIFF', () => {
  printCorpora('TIFF');
  let seeds: SeedFile[] = [];
  beforeAll(async () => {
    seeds = await seedFiles();
  });

  fuzz(
    'whose directories lie is opened and read within bounds, or refused for good',
    fc.record({ seed: fc.nat(7), list: fieldEdits, claimed: fc.constantFrom(...CLAIMED) }),
    async ({ seed, list, claimed }) => opensWithinBounds(withFields(seeds[seed]!, list), claimed),
  );

  fuzz(
    'with bytes changed, cut, moved and put in is opened and read within bounds, or refused for good',
    fc.record({ seed: fc.nat(7), list: edits, claimed: fc.constantFrom(...CLAIMED) }),
    async ({ seed, list, claimed }) => opensWithinBounds(edited(seeds[seed]!.bytes, list), claimed),
  );
});

async function opensWithinBounds(file: Uint8Array, claimed: number): Promise<void> {
  const reader = watchedReader(file, Math.max(file.length, claimed));
  const opened = await reading(() => openRaster(reader));
  expect(reader.bytes).toBeLessThan(MOST_TO_OPEN);
  if ('read' in opened) {
    isSound(opened.read);
    for (const level of opened.read.levels) {
      const before = reader.bytes;
      if (level.blockWidth * level.blockHeight * opened.read.samples * 8 <= LARGEST_DECODED) {
        await reading(() => level.readBlock(0, 0));
      }
      expect(reader.bytes - before).toBeLessThan(MOST_TO_READ);
    }
  }
  expect(reader.misuses).toEqual([]);
}

/** What is opened can be worked with: sizes within their limits, a georeference of numbers. */
function isSound(raster: Raster): void {
  expect(raster.width * raster.height).toBeLessThanOrEqual(2 ** 40);
  expect(raster.samples).toBeLessThanOrEqual(1024);
  expect(raster.levels.length).toBeLessThanOrEqual(64);
  expect(Object.values(raster.transform).every((value) => Number.isFinite(value))).toBe(true);
  for (const { width, height, blocksAcross, blocksDown, blockWidth, blockHeight } of raster.levels) {
    expect([width, height, blocksAcross, blocksDown].every((size) => size > 0)).toBe(true);
    expect(blocksAcross * blockWidth).toBeGreaterThanOrEqual(width);
    expect(blocksDown * blockHeight).toBeGreaterThanOrEqual(height);
  }
}
