/** Most preferences of one header that are looked at. */
const MAX_PREFERENCES = 16;

/** What a `Prefer` header (RFC 7240) asks for; preferences that are not known are ignored, as it says. */
export interface Preferences {
  /** `respond-async` */
  respondAsync: boolean;
  /** Seconds that the caller is willing to wait for a synchronous answer. */
  waitSeconds: number | undefined;
  /** `return=minimal` or `return=representation` */
  returns: 'minimal' | 'representation' | undefined;
}

/** Reads a `Prefer` header. The first of several preferences with one name counts (RFC 7240, 2). */
export function parsePrefer(header: string | undefined): Preferences {
  const found = new Map<string, string>();
  for (const preference of (header ?? '').split(',', MAX_PREFERENCES)) {
    const [name = '', value = ''] = (preference.split(';')[0] ?? '').split('=');
    const token = name.trim().toLowerCase();
    if (!found.has(token)) found.set(token, value.trim().replace(/^"(.*)"$/, '$1'));
  }
  const wait = found.get('wait');
  const returns = found.get('return');
  return {
    respondAsync: found.has('respond-async'),
    waitSeconds: wait !== undefined && /^\d{1,9}$/.test(wait) ? Number(wait) : undefined,
    returns: returns === 'minimal' || returns === 'representation' ? returns : undefined,
  };
}
