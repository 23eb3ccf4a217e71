import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BANK } from './bank.ts';
import { buildTier, PROJECT } from './build.ts';
import { TIERS, type Bug, type Tier } from './bug.ts';
import type { Finding } from './find-violation.ts';
import { search } from './search.ts';
import { printFigures } from '../helpers/print-figures.ts';

/** Bundles leave the packages out, and find them from here. */
const CACHE = path.join(PROJECT, 'node_modules/.cache');

const named = (bug: Pick<Bug, 'caughtBy' | 'where'>): { tier: Tier; where: string } => ({
  tier: bug.caughtBy,
  where: bug.where ?? '',
});

/** Seeds each of some bugs of the bank, and looks whether the tier that is named for it catches it. */
export function testBugs(bugs: readonly Bug[]): void {
  const findings = new Map<Bug, Finding>();
  let folder: string;

  beforeAll(async () => {
    mkdirSync(CACHE, { recursive: true });
    folder = await mkdtemp(path.join(CACHE, 'longhaul-bugs-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
    const caught = (tier?: string): number =>
      [...findings.keys()].filter(({ caughtBy }) => tier === undefined || caughtBy === tier).length;
    const byTier = TIERS.map((tier) => `${tier} ${caught(tier)}`).join(', ');
    printFigures(`${bugs.length} seeded bugs, ${caught()} caught: ${byTier}`);
  });

  describe('each bug is caught by the tier that is named for it', () => {
    it.each(bugs)('$caughtBy: $name', async (bug) => {
      const bundle = path.join(folder, `${BANK.indexOf(bug)}.mjs`);
      await buildTier(bug.caughtBy, bundle, bug);
      const finding = await search(bundle, { where: bug.where ?? '', maxCases: Infinity });
      const breaches = finding.violations.map(({ breach }) => breach);
      expect(breaches).toEqual(expect.arrayContaining([expect.stringMatching(new RegExp(`^${bug.breaks}`))]));
      findings.set(bug, finding);
    });
  });

  describe('the code without a bug', () => {
    const searches = [...Map.groupBy(bugs, (bug) => JSON.stringify(named(bug))).values()];

    it.each(searches.map(([bug]) => named(bug!)))('breaks nothing there: $tier, $where', async (each) => {
      const bundle = path.join(folder, `${each.tier}.mjs`);
      if (!existsSync(bundle)) await buildTier(each.tier, bundle);
      const same = [...findings].filter(([bug]) => JSON.stringify(named(bug)) === JSON.stringify(each));
      const maxCases = Math.max(1, ...same.map(([, { cases }]) => cases));
      expect((await search(bundle, { where: each.where, maxCases })).violations).toEqual([]);
    });
  });
}
