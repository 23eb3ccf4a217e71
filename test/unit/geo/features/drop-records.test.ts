import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetStatistics, type DatasetStatistics } from '../../../../shared/geo/features/dataset-statistics.ts';
import { decideSchema } from '../../../../shared/geo/features/decide-schema.ts';
import { dropRecords } from '../../../../shared/geo/features/drop-records.ts';
import { FeatureMerge } from '../../../../shared/geo/features/feature-merge.ts';
import { mergeSummaries, type MergedBlocks } from '../../../../shared/geo/features/merge-summaries.ts';
import { RecordSet } from '../../../../shared/geo/features/record-set.ts';
import { walkRecords } from '../../../../shared/geo/features/walk-records.ts';
import { arbitraryFeature } from '../../../helpers/features/arbitrary-feature.ts';
import type { TestFeature } from '../../../helpers/features/test-feature.ts';
import { inBlocks, makeBlock, memoryBlock } from '../../../helpers/features/write-dataset.ts';

const MARK = 'mark of the feature';

/** The marks of the features, as a merge gives them. */
async function marksOf({ blocks, fields }: MergedBlocks, bufferBytes = 2 ** 20): Promise<string[]> {
  const column = fields.findIndex(({ name }) => name === MARK);
  const merge = new FeatureMerge(blocks, { bufferBytes });
  const marks: string[] = [];
  while (await merge.load()) {
    while (merge.advance()) {
      const { bytes, properties, propertiesEnd, columns } = merge.feature;
      // The mark is the first property of each: field, tag, length, text.
      expect(columns[bytes[properties]!]).toBe(column);
      const length = bytes[properties + 3]!;
      expect(properties + 7 + length).toBeLessThanOrEqual(propertiesEnd);
      marks.push(Buffer.from(bytes.slice(properties + 7, properties + 7 + length)).toString());
    }
  }
  return marks;
}

const marked = fc.array(arbitraryFeature, { maxLength: 30 }).map((features) =>
  features.map((feature, index): TestFeature => {
    const mark = { kind: 'text', value: `m${index}` } as const;
    return { ...feature, properties: { [MARK]: mark, ...feature.properties } };
  }),
);

/** As JSON, in which summaries are stored: it has one zero. */
const told = (merged: MergedBlocks): DatasetStatistics =>
  JSON.parse(JSON.stringify(datasetStatistics(merged, decideSchema(merged)))) as DatasetStatistics;

describe('dropRecords', () => {
  it('leaves what blocks would be that were written without the records', async () => {
    await fc.assert(
      fc.asyncProperty(
        marked,
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
        async (features, size, isLeft) => {
          const merged = await mergeSummaries(inBlocks(features, size).map(memoryBlock));
          const dropped = new Map<number, RecordSet>();
          for (const [index, block] of merged.blocks.entries()) {
            const records = new RecordSet(block.preamble.features);
            await walkRecords(block, ({ number }, record) => {
              if (isLeft[index * size + number] === true) records.add(record);
            });
            if (records.size > 0) dropped.set(index, records);
          }
          const kept = await dropRecords(merged, dropped);

          const rest = features.filter((_, index) => isLeft[index] !== true);
          const blocks = inBlocks(features, size).map((_, index) =>
            makeBlock(
              features
                .slice(index * size, (index + 1) * size)
                .filter((_, number) => isLeft[index * size + number] !== true),
            ),
          );
          const expected = await mergeSummaries(blocks.map(memoryBlock));
          const names = new Set(expected.fields.map(({ name }) => name));
          const { fields, ...statistics } = told(kept);
          const { fields: expectedFields, ...expectedStatistics } = told(expected);
          expect(statistics).toEqual(expectedStatistics);
          expect(fields.filter(({ name }) => names.has(name)).sort(byName)).toEqual(expectedFields.sort(byName));
          // A field of which nothing is left stays, without a value.
          for (const field of fields.filter(({ name }) => !names.has(name))) {
            expect(field).toMatchObject({ nullShare: rest.length === 0 ? 0 : 1, distinct: 0 });
          }
          expect(await marksOf(kept)).toEqual(await marksOf(expected));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('passes over records that lie in windows of their own, and over whole blocks', async () => {
    const point = (index: number): TestFeature => ({
      geometry: { type: 'Point', hasZ: false, hasM: false, coordinates: [index / 1000, 1] },
      properties: { [MARK]: { kind: 'text', value: `m${index}` }, filler: { kind: 'text', value: 'x'.repeat(3000) } },
    });
    const features = Array.from({ length: 60 }, (_, index) => point(index));
    const merged = await mergeSummaries(inBlocks(features, 20).map(memoryBlock));
    const dropped = new Map<number, RecordSet>();
    for (const [index, block] of merged.blocks.entries()) {
      const records = new RecordSet(block.preamble.features);
      await walkRecords(block, ({ number }, record) => {
        if (index === 1 || number % 3 !== 1) records.add(record);
      });
      dropped.set(index, records);
    }
    const kept = await dropRecords(merged, dropped);
    expect(kept.features).toBe(14);
    // The least windows: a record takes a good part of one.
    const marks = await marksOf(kept, 0);
    expect(new Set(marks)).toEqual(
      new Set(
        [...Array(20).keys(), ...Array.from({ length: 20 }, (_, index) => 40 + index)]
          .filter((index) => (index % 20) % 3 === 1)
          .map((index) => `m${index}`),
      ),
    );
  });

  it('reads no record where none is dropped', async () => {
    const merged = await mergeSummaries([memoryBlock(makeBlock([]))]);
    expect(await dropRecords(merged, new Map())).toBe(merged);
  });
});

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
