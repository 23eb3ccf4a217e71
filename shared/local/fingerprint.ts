import type { Write } from '../jobs/ports/job-store.ts';

/** A text that two lists of writes share exactly when they ask for the same: names and members in any order. */
export function fingerprint(writes: readonly Write[]): string {
  return JSON.stringify(writes, (_name, value: unknown) => {
    if (value instanceof Set) return { members: [...(value as ReadonlySet<number>)].sort((a, b) => a - b) };
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
