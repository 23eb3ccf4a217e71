import { expect, it } from 'vitest';
import { mergeSummaries } from '../../../../shared/geo/features/merge-summaries.ts';
import { writeFeatures, type FeatureWriter } from '../../../../shared/geo/features/feature-writer.ts';
import type { TestFeature } from '../../../helpers/features/test-feature.ts';
import { inBlocks, memoryBlock } from '../../../helpers/features/write-dataset.ts';

/** Holds what it is given until it is flushed, and is full after so many features. */
class HoldingWriter implements FeatureWriter {
  readonly #most: number;
  held = 0;
  mostHeld = 0;
  features = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.held >= this.#most;
  }
  add(): void {
    this.mostHeld = Math.max(this.mostHeld, ++this.held);
    this.features++;
  }
  async flush(): Promise<void> {
    this.held = 0;
  }
  async finish() {
    return { bytes: 0, features: this.features, notes: [] };
  }
  async abort(): Promise<void> {}
}

it('gives a writer that is full no further feature before it has flushed', async () => {
  const features = Array.from({ length: 500 }, (_, index): TestFeature => {
    return {
      geometry: { type: 'Point', hasZ: false, hasM: false, coordinates: [(index * 37) % 180, index % 90] },
      properties: {},
    };
  });
  const merged = await mergeSummaries(inBlocks(features, 200).map(memoryBlock));
  const writers = [1, 7, 100, 1000].map((most) => new HoldingWriter(most));
  const summaries = await writeFeatures(merged, writers);
  expect(summaries.map((summary) => summary.features)).toEqual([500, 500, 500, 500]);
  expect(writers.map(({ mostHeld }) => mostHeld)).toEqual([1, 7, 100, 500]);
});
