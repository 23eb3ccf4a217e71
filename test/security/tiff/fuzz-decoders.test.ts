import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect } from 'vitest';
import { decompress } from '../../../shared/geo/tiff/compression.ts';
import { decodeSamples } from '../../../shared/geo/tiff/decode-samples.ts';
import type { ImageLayout } from '../../../shared/geo/tiff/image-layout.ts';
import { compressBlock, type LosslessCompression } from '../../helpers/tiff-block-encoder.ts';
import { edited, edits } from '../corpus/bytes.ts';
import { fuzz, printCorpora, reading } from '../corpus/fuzz.ts';

const CODES: Readonly<Record<LosslessCompression, number>> = {
  none: 1,
  lzw: 5,
  deflate: 8,
  'old-deflate': 32_946,
  packbits: 32_773,
  zstd: 50_000,
};
const COMPRESSIONS = Object.keys(CODES) as LosslessCompression[];

/** Width and height of the blocks, in pixels of one byte each. */
const SIDE = 16;
const BLOCK_BYTES = SIDE * SIDE;

const LAYOUT: ImageLayout = {
  ...{ width: SIDE, height: SIDE, tiled: true, blockWidth: SIDE, blockHeight: SIDE, blocksAcross: 1, blocksDown: 1 },
  ...{ samples: 1, bits: 8, format: 1, bandInterleaved: false, compression: 1, predictor: 1, photometric: 1 },
  ...{ extraSamples: [], reduced: false, mask: false },
};

/** Pixels that compress well, badly, and not at all. */
const CONTENTS = [
  new Uint8Array(BLOCK_BYTES),
  Uint8Array.from({ length: BLOCK_BYTES }, (_, at) => (at * at) % 251),
  Uint8Array.from({ length: BLOCK_BYTES }, (_, at) => (at >> 3) & 1),
];

describe('a block', () => {
  printCorpora('blocks');
  const blocks = new Map(COMPRESSIONS.map((name) => [name, CONTENTS.map((content) => compressBlock(content, name))]));

  fuzz(
    'of changed bytes is decoded to no more than it may hold, or refused for good',
    fc.record({
      name: fc.constantFrom(...COMPRESSIONS),
      content: fc.nat(2),
      list: edits,
      predictor: fc.constantFrom(1, 2),
    }),
    async ({ name, content, list, predictor }) => {
      const bytes = edited(blocks.get(name)![content]!, list);
      const format = {
        layout: { ...LAYOUT, compression: CODES[name], predictor },
        littleEndian: true,
        jpegTables: undefined,
      };
      const decoded = await reading(() => decodeSamples(bytes, format, SIDE, 1, 'A block'));
      if ('read' in decoded) expect(decoded.read).toHaveLength(BLOCK_BYTES);
      else expect(decoded.refused.code).toBe('raster-block-corrupt');
    },
  );

  fuzz(
    'of any bytes takes no more memory than its limit',
    fc.record({
      name: fc.constantFrom(...COMPRESSIONS),
      bytes: fc.uint8Array({ maxLength: 200 }),
      limit: fc.integer({ min: 1, max: 512 }),
    }),
    async ({ name, bytes, limit }) => {
      try {
        const decoded = await decompress(bytes, CODES[name], limit, limit);
        expect(decoded.length).toBeLessThanOrEqual(limit);
        // What is handed out keeps no larger buffer alive.
        expect(decoded.buffer.byteLength).toBeLessThanOrEqual(Math.max(limit, bytes.length) + 64);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    },
  );

  const streams: Uint8Array[] = [];
  beforeAll(async () => {
    for (const [channels, progressive] of [
      [1, false],
      [3, false],
      [3, true],
    ] as const) {
      const raw = { width: SIDE, height: SIDE, channels };
      const pixels = Uint8Array.from({ length: BLOCK_BYTES * channels }, (_, at) => (at * 7) % 256);
      streams.push(await sharp(pixels, { raw }).jpeg({ progressive }).toBuffer());
    }
  });

  fuzz(
    'of JPEG with bytes changed, its frame and tables among them, is decoded to its size, or refused for good',
    fc.record({ stream: fc.nat(2), list: edits, tables: fc.boolean() }),
    async ({ stream, list, tables }) => {
      const bytes = edited(streams[stream]!, list);
      const samples = stream === 0 ? 1 : 3;
      const layout = { ...LAYOUT, compression: 7, samples, photometric: samples === 3 ? 6 : 1 };
      const format = {
        layout,
        littleEndian: true,
        jpegTables: tables ? edited(streams[stream]!.subarray(0, 200), list) : undefined,
      };
      const decoded = await reading(() => decodeSamples(bytes, format, SIDE, samples, 'A block'));
      if ('read' in decoded) expect(decoded.read).toHaveLength(BLOCK_BYTES * samples);
      else expect(decoded.refused.code).toBe('raster-block-corrupt');
    },
  );
});
