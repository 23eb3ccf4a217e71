import type { Block, Raster } from '../tiff/raster.ts';

const MIB = 1024 * 1024;

/** Decoded blocks kept for the neighbours of a tile: a few rows of 512 px blocks. */
export const DEFAULT_CACHE_BYTES = 64 * MIB;

/** Decoded bytes of the blocks that are being read at once; a larger block is read alone. */
export const DEFAULT_IN_FLIGHT_BYTES = 24 * MIB;

/** What an entry costs besides its samples, so that empty blocks are bounded too. */
const ENTRY_BYTES = 512;

const BYTES_PER_SAMPLE = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  float64: 8,
} as const;

export interface BlockCacheOptions {
  /** Bytes of decoded blocks to keep. */
  maxBytes?: number;
  /** Bytes of decoded blocks being read at once. */
  maxInFlightBytes?: number;
  signal?: AbortSignal;
}

/** Blocks of one raster, decoded once and shared by the tiles of a chunk. */
export interface BlockCache {
  /** @returns undefined for a block that the file does not store */
  read(level: number, column: number, row: number): Promise<Block | undefined>;
}

interface Entry {
  block: Promise<Block | undefined>;
  bytes: number;
}

/**
 * A least-recently-used cache whose size, and whose reads under way, are bounded in bytes.
 * Requests for one block coalesce; a block that failed is read again when it is asked for again.
 */
export function createBlockCache(raster: Raster, options: BlockCacheOptions = {}): BlockCache {
  const { maxBytes = DEFAULT_CACHE_BYTES, maxInFlightBytes = DEFAULT_IN_FLIGHT_BYTES, signal } = options;
  const entries = new Map<string, Entry>();
  const waiting: { bytes: number; start: () => void }[] = [];
  let keptBytes = 0;
  let inFlightBytes = 0;

  function startWaiting(): void {
    while (waiting.length > 0 && (inFlightBytes === 0 || inFlightBytes + waiting[0]!.bytes <= maxInFlightBytes)) {
      const { bytes, start } = waiting.shift()!;
      inFlightBytes += bytes;
      start();
    }
  }

  async function readBlock(level: number, column: number, row: number): Promise<Block | undefined> {
    const { blockWidth, blockHeight } = raster.levels[level]!;
    const bytes = blockWidth * blockHeight * raster.samples * BYTES_PER_SAMPLE[raster.sampleType];
    await new Promise<void>((start) => {
      waiting.push({ bytes, start });
      startWaiting();
    });
    try {
      signal?.throwIfAborted();
      return await raster.levels[level]!.readBlock(column, row, signal);
    } finally {
      inFlightBytes -= bytes;
      startWaiting();
    }
  }

  function evict(): void {
    for (const [key, entry] of entries) {
      if (keptBytes <= maxBytes) return;
      if (entry.bytes === 0) continue; // still being read: counted in flight
      entries.delete(key);
      keptBytes -= entry.bytes;
    }
  }

  function keep(entry: Entry, block: Block | undefined): void {
    entry.bytes = ENTRY_BYTES + (block?.samples.byteLength ?? 0) + (block?.mask?.byteLength ?? 0);
    keptBytes += entry.bytes;
    evict();
  }

  return {
    read(level, column, row) {
      const key = `${level}/${column}/${row}`;
      const known = entries.get(key);
      if (known !== undefined) {
        entries.delete(key);
        entries.set(key, known);
        return known.block;
      }
      const entry: Entry = { bytes: 0, block: readBlock(level, column, row) };
      entries.set(key, entry);
      entry.block.then(
        (block) => keep(entry, block),
        () => entries.delete(key),
      );
      return entry.block;
    },
  };
}
