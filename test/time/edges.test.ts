import { describe, expect, it } from 'vitest';
import { OFFSETS } from './edge.ts';
import { EDGES, WITHOUT_EDGE } from './edges.ts';
import { findTime } from './find-time.ts';

describe.each(EDGES)('$name', ({ at, expected, observe }) => {
  it.each(OFFSETS.map((offset, index) => ({ offset, seen: expected[index] })))(
    'seen $offset ms from the edge: $seen',
    async ({ offset, seen }) => {
      expect(await observe(at + offset)).toEqual(seen);
    },
  );
});

describe('the list of edges', () => {
  const { comparisons, constants } = findTime();
  const covered = new Set([...EDGES.flatMap(({ of }) => of), ...Object.keys(WITHOUT_EDGE)]);

  it('holds every comparison of times in the code', () => {
    expect(comparisons.filter((comparison) => !covered.has(comparison))).toEqual([]);
  });

  it('holds every constant that is a span of time, or says why it has no edge', () => {
    expect(constants.filter((constant) => !covered.has(constant))).toEqual([]);
  });

  it('names nothing that the code no longer has', () => {
    const found = new Set([...comparisons, ...constants]);
    expect([...covered].filter((name) => !found.has(name))).toEqual([]);
  });

  it('names each edge once, and each changes something there', () => {
    expect(new Set(EDGES.map(({ name }) => name)).size).toBe(EDGES.length);
    for (const { name, expected } of EDGES) {
      expect(new Set(expected.map((seen) => JSON.stringify(seen))).size, name).toBeGreaterThan(1);
    }
  });
});

describe('findTime', () => {
  const found = (text: string) => findTime({ 'a.ts': text });

  it.each([
    'if (row.leaseUntil <= now) take();',
    'const isOld = a.updatedAt + 5 < clock.now();',
    "const condition = atMost('expiresAt', then);",
    'const next = Math.min(a, job.deadlineAt);',
  ])('finds the comparison in %s', (text) => {
    expect(found(text).comparisons).toHaveLength(1);
  });

  it.each(["atMost('planAttempt', 3)", 'a < b', 'const x: Array<number> = []', '// now < then', '"now < then"'])(
    'finds none in %s',
    (text) => {
      expect(found(text).comparisons).toEqual([]);
    },
  );

  it.each(['const LEASE_MILLISECONDS = 5;', 'const A_SECONDS = 1', 'const DAYS_KEPT = 2;', 'const WAIT_MS = 3;'])(
    'finds the span of time in %s',
    (text) => {
      expect(found(text).constants).toHaveLength(1);
    },
  );
});
