import { defineConfig } from 'vitest/config';

const tier = (name: string, timeoutSeconds: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    setupFiles: ['test/setup.ts'],
    testTimeout: timeoutSeconds * 1000,
    hookTimeout: timeoutSeconds * 1000,
  },
});

/** One project for each tier; `test/e2e` runs against a deployed stack and is started by `scripts/test.ts`. */
export default defineConfig({
  test: {
    projects: [
      tier('unit', 20),
      tier('faults', 120),
      tier('security', 60),
      tier('infra', 120),
      tier('contract', 120),
      tier('e2e', 600),
    ],
  },
});
