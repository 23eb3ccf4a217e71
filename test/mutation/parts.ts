/** Code that is mutated together, and the tests that its mutants are tried against. */
export interface MutationPart {
  mutate: readonly string[];
  /** Tests that meet this code and take milliseconds. */
  tests: readonly string[];
  exclude?: readonly string[];
}

/** Where a mistake loses or doubles a job, or lets hostile input in. */
export const PARTS = {
  jobs: {
    mutate: ['shared/jobs/**/*.ts'],
    tests: ['test/unit/jobs/**/*.test.ts', 'test/unit/functions/*.test.ts', 'test/unit/local/local-engine.test.ts'],
    // A walk of a billion tiles says nothing of one condition that small jobs do not say.
    exclude: ['test/unit/jobs/large-job.test.ts'],
  },
  http: {
    mutate: ['shared/http/**/*.ts'],
    tests: ['test/unit/http/**/*.test.ts', 'test/security/outbound/**/*.test.ts'],
  },
  /** What bounds hostile coordinates, zooms and files before the rest of the geo code sees them. */
  geo: {
    mutate: [
      'shared/geo/tiles/{area-from-bbox,area-from-geo-json,zoom-range}.ts',
      'shared/geo/tiff/check-directories.ts',
    ],
    tests: [
      'test/unit/geo/limits.test.ts',
      'test/unit/geo/tiles/area-*.test.ts',
      'test/unit/geo/tiff/{open-raster,readers}.test.ts',
      'test/security/tiff/**/*.test.ts',
    ],
  },
} satisfies Record<string, MutationPart>;
