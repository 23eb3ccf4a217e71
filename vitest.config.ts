import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** A soak runs for as long as it was asked to. */
const SIMULATION_SECONDS = process.env['LONGHAUL_SOAK'] === '1' ? 24 * 3600 : 900;

const tier = (name: string, timeoutSeconds: number, isolate = true) => ({
  test: {
    name,
    isolate,
    include: [`test/${name}/**/*.test.ts`],
    setupFiles: ['test/setup.ts'],
    testTimeout: timeoutSeconds * 1000,
    hookTimeout: timeoutSeconds * 1000,
  },
});

/**
 * One project for each tier; `test/e2e` runs against a deployed stack and is started by `scripts/test.ts`.
 * Files of the unit, formats and security tiers share their modules: they keep no state outside their tests, and loading
 * is slow.
 */
export default defineConfig({
  test: {
    // Vitest leaves one core free by default, which is half of a small machine.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    // Node runs TypeScript itself. What Vite makes of a module looks each import up at every use: loops over bytes run at an
    // eighth of their speed.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    projects: [
      tier('unit', 30, false),
      tier('formats', 60, false),
      tier('simulation', SIMULATION_SECONDS),
      tier('explorer', 120),
      tier('bugs', 300),
      tier('time', 120),
      tier('upgrade', 120),
      tier('budgets', 120),
      tier('security', 180, false),
      tier('infra', 120),
      tier('contract', 120),
      tier('e2e', 600),
    ],
  },
});
