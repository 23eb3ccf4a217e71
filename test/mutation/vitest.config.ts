import { statSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PARTS, type MutationPart } from './parts.ts';

const part: MutationPart = PARTS[process.env['LONGHAUL_MUTATION_PART'] as keyof typeof PARTS];

/** Small files first: a mutant is given up at the first test that fails, and most fail in the tests of their own module. */
class SmallFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sizeOf = ({ moduleId }: TestSpecification): number => statSync(moduleId).size;
    return Promise.resolve(files.toSorted((a, b) => sizeOf(a) - sizeOf(b)));
  }
}

/** Tests for the mutants of one part. */
export default defineConfig({
  test: {
    include: [...part.tests],
    exclude: [...(part.exclude ?? [])],
    setupFiles: ['test/setup.ts'],
    isolate: false,
    sequence: { sequencer: SmallFirst },
    testTimeout: 20_000,
  },
});
