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
  /** The bounds of the geo code: what hostile coordinates and files meet first. */
  geo: {
    mutate: [
      'shared/geo/tiles/{area,area-from-bbox,area-from-geo-json,coverage,estimate-count,zoom-range}.ts',
      'shared/geo/tiff/{block-index,check-directories,image-layout,tag-values}.ts',
      'shared/geo/pmtiles/{directory,header}.ts',
    ],
    tests: ['test/unit/geo/{pmtiles,tiff,tiles}/**/*.test.ts', 'test/security/{raster-preseed,tiff}/**/*.test.ts'],
    // Their codecs take a thread of the tests for one of their own.
    exclude: ['test/unit/geo/tiff/{codecs,jpeg}.test.ts'],
  },
} satisfies Record<string, MutationPart>;
