import { createHash } from 'node:crypto';

/** JSON with the members of each object in order of their names, so that equal values give equal text (RFC 8785, 3.2.3). */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** SHA-256 of a list of values, as hexadecimal digits. */
export function hashOf(...values: unknown[]): string {
  return createHash('sha256').update(canonicalJson(values)).digest('hex');
}
