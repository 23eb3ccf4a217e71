/** How a URL stands in the stored results, so that it can be told from a text that looks like one. */
const STORED_URL = 'storedUrl';

/** Results with each URL value marked. */
export function encodeResults(value: unknown): unknown {
  if (value instanceof URL) return { [STORED_URL]: value.href };
  if (Array.isArray(value)) return value.map(encodeResults);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, encodeResults(member)]));
}

/** The inverse: marked values become `URL` objects again. */
export function decodeResults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeResults);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  const [only] = members;
  if (members.length === 1 && only?.[0] === STORED_URL && typeof only[1] === 'string') return new URL(only[1]);
  return Object.fromEntries(members.map(([name, member]) => [name, decodeResults(member)]));
}
