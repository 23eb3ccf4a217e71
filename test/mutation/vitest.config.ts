import { defineConfig } from 'vitest/config';
import { PARTS, type MutationPart } from './parts.ts';

const part: MutationPart = PARTS[process.env['LONGHAUL_MUTATION_PART'] as keyof typeof PARTS];

/** Tests for the mutants of one part. */
export default defineConfig({
  test: {
    include: [...part.tests],
    exclude: [...(part.exclude ?? [])],
    setupFiles: ['test/setup.ts'],
    isolate: false,
    testTimeout: 20_000,
  },
});
