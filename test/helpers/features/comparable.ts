/**
 * Values as texts in an order of their own, so that two lists are the same whatever theirs is. NaN and bigints are told apart
 * from everything else; a negative zero is the same as a positive one.
 */
export function comparable(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(sorted(value))).sort();
}

function sorted(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : String(value);
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) {
    const isEntries = value.every(
      (entry) => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === 'string',
    );
    const inner = value.map(sorted);
    return isEntries && inner.length > 0
      ? inner.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      : inner;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, sorted(member)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
