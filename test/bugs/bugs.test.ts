import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BANK } from './bank.ts';
import { buildTier, plant, PROJECT } from './build.ts';
import { TIERS, type Bug, type Tier } from './bug.ts';
import type { Finding } from './find-violation.ts';
import { search } from './search.ts';

/** Bundles leave the packages out, and find them from here. */
const CACHE = path.join(PROJECT, 'node_modules/.cache');
mkdirSync(CACHE, { recursive: true });
const folder = await mkdtemp(path.join(CACHE, 'longhaul-bugs-'));

const began = performance.now();
const findings = new Map<Bug, Finding>();

afterAll(() => {
  rmSync(folder, { recursive: true });
  const caught = (tier?: string): number =>
    [...findings.keys()].filter(({ caughtBy }) => tier === undefined || caughtBy === tier).length;
  const byTier = TIERS.map((tier) => `${tier} ${caught(tier)}`).join(', ');
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(`» ${BANK.length} seeded bugs, ${caught()} caught: ${byTier}; ${seconds} s`);
});

const named = (bug: Pick<Bug, 'caughtBy' | 'where'>): { tier: Tier; where: string } => ({
  tier: bug.caughtBy,
  where: bug.where ?? '',
});

describe('the bug bank', () => {
  it('has at least thirty bugs, each under its own name', () => {
    expect(new Set(BANK.map(({ name }) => name)).size).toBe(BANK.length);
    expect(BANK.length).toBeGreaterThanOrEqual(30);
  });

  it.each(BANK)('finds the one place of: $name', (bug) => {
    const text = readFileSync(path.join(PROJECT, bug.file), 'utf8');
    expect(plant(bug, text)).not.toBe(text);
  });

  it('refuses a place that stands nowhere, or twice', () => {
    const bug = { name: 'a bug', find: 'x', replace: 'y' };
    expect(plant(bug, 'axb')).toBe('ayb');
    expect(() => plant(bug, 'ab')).toThrow('a bug: its place stands 0 times');
    expect(() => plant(bug, 'axbx')).toThrow('a bug: its place stands 2 times');
  });
});

describe('each bug is caught by the tier that is named for it', () => {
  it.each(BANK)('$caughtBy: $name', async (bug) => {
    const bundle = path.join(folder, `${BANK.indexOf(bug)}.mjs`);
    await buildTier(bug.caughtBy, bundle, bug);
    const finding = await search(bundle, { where: bug.where ?? '', maxCases: Infinity });
    const breaches = finding.violations.map(({ breach }) => breach);
    expect(breaches).toEqual(expect.arrayContaining([expect.stringMatching(new RegExp(`^${bug.breaks}`))]));
    findings.set(bug, finding);
  });
});

describe('the code without a bug', () => {
  const searches = [...Map.groupBy(BANK, (bug) => JSON.stringify(named(bug))).values()];

  it.each(searches.map(([bug]) => named(bug!)))('breaks nothing there: $tier, $where', async (each) => {
    const bundle = path.join(folder, `${each.tier}.mjs`);
    if (!existsSync(bundle)) await buildTier(each.tier, bundle);
    const same = [...findings].filter(([bug]) => JSON.stringify(named(bug)) === JSON.stringify(each));
    const maxCases = Math.max(1, ...same.map(([, { cases }]) => cases));
    expect((await search(bundle, { where: each.where, maxCases })).violations).toEqual([]);
  });
});
