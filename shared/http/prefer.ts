/** Most preferences of one header that are looked at. */
const MAX_PREFERENCES = 16;

/** What a `Prefer` header (RFC 7240) asks for; preferences that are not known are ignored, as it says. */
export interface Preferences {
  /** `respond-async`: the caller would rather not wait. */
  respondAsync: boolean;
}

export function parsePrefer(header: string | undefined): Preferences {
  const names = (header ?? '').split(',', MAX_PREFERENCES).map((preference) => {
    const [name = ''] = preference.split(/[=;]/, 1);
    return name.trim().toLowerCase();
  });
  return { respondAsync: names.includes('respond-async') };
}
