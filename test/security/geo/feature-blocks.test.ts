import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LonghaulError } from '../../../shared/errors/longhaul-error.ts';
import { mergeSummaries } from '../../../shared/geo/features/merge-summaries.ts';
import { openFeatureBlock, readRejects } from '../../../shared/geo/features/open-feature-block.ts';
import { FeatureBlockWriter } from '../../../shared/geo/features/feature-block-writer.ts';
import { DEGREES_DOMAIN } from '../../../shared/geo/features/hilbert-keys.ts';
import { createFlatGeobufWriter } from '../../../shared/geo/formats/flatgeobuf/write-flatgeobuf.ts';
import { createGeoJsonSeqWriter } from '../../../shared/geo/formats/geojson/write-geojson-seq.ts';
import { createGeoParquetWriter } from '../../../shared/geo/formats/geoparquet/write-geoparquet.ts';
import { arbitraryFeature } from '../../helpers/features/arbitrary-feature.ts';
import { addFeature } from '../../helpers/features/test-feature.ts';
import { memoryBlock, writeDataset } from '../../helpers/features/write-dataset.ts';

const WRITERS = [createFlatGeobufWriter, createGeoParquetWriter, createGeoJsonSeqWriter];
const PREAMBLE_BYTES = 64;
const CORRUPT = expect.objectContaining({ code: 'feature-block-corrupt', retryable: false }) as LonghaulError;

/** The same features each time, of every type of geometry and property, with a reject. */
const sample = (() => {
  const writer = new FeatureBlockWriter(DEGREES_DOMAIN);
  for (const feature of fc.sample(arbitraryFeature, { seed: 7, numRuns: 30 })) addFeature(writer, feature);
  writer.reject({ offset: 3 }, { code: 'bad', reason: 'Bad.' }, { text: 'x' });
  return new Uint8Array(writer.finish());
})();
const recordsStart = (bytes: Uint8Array) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Math.ceil((PREAMBLE_BYTES + view.getUint32(8, true) + view.getUint32(16, true)) / 8) * 8;
};

async function readAll(bytes: Uint8Array): Promise<void> {
  await readRejects(await openFeatureBlock(memoryBlock(bytes)));
  await writeDataset([bytes], createFlatGeobufWriter);
}

/** Writes the checksums of records and preamble anew, as someone who means harm does. */
function sign(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(28, crc32(bytes.subarray(recordsStart(bytes))), true);
  view.setUint32(60, crc32(bytes.subarray(0, 60)), true);
  return bytes;
}

describe('a stored block of features', () => {
  it('is read when it is whole', async () => {
    await expect(readAll(sample)).resolves.toBeUndefined();
  });

  it('is refused with any byte changed', async () => {
    const start = recordsStart(sample);
    const { summary, rejects } = (await openFeatureBlock(memoryBlock(sample))).preamble;
    const padding = PREAMBLE_BYTES + summary.bytes + rejects.bytes;
    await fc.assert(
      fc.asyncProperty(fc.nat(sample.length - 1), fc.integer({ min: 1, max: 255 }), async (position, change) => {
        // What fills the block up before its records is not read.
        fc.pre(position < padding || position >= start);
        const bytes = sample.slice();
        bytes[position]! ^= change;
        await expect(readAll(bytes)).rejects.toEqual(CORRUPT);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused when it is cut off or goes on', async () => {
    for (const length of [0, 1, 63, 64, 100, sample.length - 8, sample.length - 1]) {
      await expect(readAll(sample.slice(0, length))).rejects.toEqual(CORRUPT);
    }
    await expect(readAll(Uint8Array.from([...sample, 0]))).rejects.toEqual(CORRUPT);
  });

  it('is refused when its source gives fewer bytes than it tells', async () => {
    const source = { ...memoryBlock(sample), size: sample.length };
    const merged = await mergeSummaries([source]);
    expect(merged.features).toBe(30);
    const short = {
      size: sample.length,
      read: async (offset: number, length: number) => sample.slice(offset, offset + length - 1),
    };
    await expect(openFeatureBlock(short)).rejects.toEqual(CORRUPT);
  });

  it('does no harm to any writer when its records lie and its checksums do not', async () => {
    const start = recordsStart(sample);
    const word = fc.oneof(
      fc.constantFrom(0, 1, 2, 7, 8, 0xff, 0x7fffffff, 0xffffffff, 0x80000000),
      fc.integer({ min: 0, max: 0xffffffff }),
    );
    const edits = fc.array(fc.tuple(fc.nat((sample.length - start) / 4 - 1), word), { minLength: 1, maxLength: 4 });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(edits, fc.constantFrom(...WRITERS), async (changes, createWriter) => {
        const bytes = sample.slice();
        const view = new DataView(bytes.buffer);
        for (const [index, value] of changes) view.setUint32(start + 4 * index, value, true);
        try {
          await writeDataset([sign(bytes)], createWriter);
        } catch (error) {
          if (!(error instanceof LonghaulError)) throw error;
          expect(error).toEqual(CORRUPT);
          refused++;
        }
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('is refused when it tells of other features than it has', async () => {
    const bytes = sample.slice();
    const view = new DataView(bytes.buffer);
    view.setUint32(32, 29, true);
    await expect(readAll(sign(bytes))).rejects.toEqual(CORRUPT);
  });
});
