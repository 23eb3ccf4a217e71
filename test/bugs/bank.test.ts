import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BANK } from './bank.ts';
import { plant, PROJECT } from './build.ts';

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
