import { crc32 } from 'node:zlib';
import { decodePreamble, PREAMBLE_BYTES, type Preamble, type Section } from './block-layout.ts';
import { decodeSummary, type BlockSummary } from './block-summary.ts';
import { featureBlockCorrupt } from './errors.ts';

/** A stored block, read by ranges; a `RangeReader` is one. */
export interface BlockSource {
  /** In bytes. */
  readonly size: number;
  /** Reads `length` bytes from `offset`, all of which lie in the block; they are the caller's own. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** Bytes that are read first: preamble and most summaries. */
const FIRST_BYTES = 16 * 1024;

/** A block whose preamble was read: what its records are found by. */
export interface OpenBlock {
  readonly source: BlockSource;
  readonly preamble: Preamble;
}

/**
 * Reads preamble and summary of a block, and checks them.
 * @throws LonghaulError `feature-block-corrupt` (final); whatever the source throws
 */
export async function openFeatureBlock(
  source: BlockSource,
  signal?: AbortSignal,
): Promise<OpenBlock & { summary: BlockSummary }> {
  if (source.size < PREAMBLE_BYTES) throw featureBlockCorrupt(`it has ${source.size} bytes`);
  const first = await readAll(source, 0, Math.min(FIRST_BYTES, source.size), signal);
  const preamble = decodePreamble(first, source.size);
  const end = PREAMBLE_BYTES + preamble.summary.bytes;
  const bytes =
    end <= first.length
      ? first.subarray(PREAMBLE_BYTES, end)
      : await readAll(source, PREAMBLE_BYTES, preamble.summary.bytes, signal);
  check(bytes, preamble.summary, 'its summary');
  const summary = decodeSummary(bytes);
  if (summary.features !== preamble.features) throw featureBlockCorrupt('its summary tells of other features');
  return { source, preamble, summary };
}

/**
 * The rejects of a block, as NDJSON.
 * @throws LonghaulError `feature-block-corrupt` (final); whatever the source throws
 */
export async function readRejects({ source, preamble }: OpenBlock, signal?: AbortSignal): Promise<Uint8Array> {
  const { summary, rejects } = preamble;
  if (rejects.bytes === 0) return new Uint8Array(0);
  const bytes = await readAll(source, PREAMBLE_BYTES + summary.bytes, rejects.bytes, signal);
  check(bytes, rejects, 'the list of its rejects');
  return bytes;
}

/** @throws LonghaulError `feature-block-corrupt` (final) when there are fewer bytes */
export async function readAll(
  source: BlockSource,
  offset: number,
  length: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (length === 0) return new Uint8Array(0);
  const bytes = await source.read(offset, length, signal);
  if (bytes.length !== length) throw featureBlockCorrupt(`it ends at byte ${offset + bytes.length}`);
  return bytes;
}

function check(bytes: Uint8Array, section: Section, what: string): void {
  if (crc32(bytes) !== section.crc) throw featureBlockCorrupt(`${what} does not match its checksum`);
}
