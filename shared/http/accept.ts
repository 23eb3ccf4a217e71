/** Most media ranges of one header that are looked at. */
const MAX_RANGES = 32;

/**
 * Chooses a media type by an `Accept` header (RFC 9110, 12.5.1): the highest weight, then the order of `offered`.
 * @param offered media types without parameters, the preferred one first
 * @returns undefined when the header takes none of them
 */
export function negotiate(accept: string | undefined, offered: readonly string[]): string | undefined {
  if (accept === undefined || accept.trim() === '') return offered[0];
  const ranges = accept.split(',', MAX_RANGES).map(parseRange);
  let best: string | undefined;
  let bestWeight = 0;
  for (const type of offered) {
    const weight = weightOf(type, ranges);
    if (weight > bestWeight) {
      best = type;
      bestWeight = weight;
    }
  }
  return best;
}

interface MediaRange {
  type: string;
  /** 0–1 */
  weight: number;
}

function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  return { type, weight: weight !== undefined && /^[01](\.\d{0,3})?$/.test(weight) ? Math.min(1, Number(weight)) : 1 };
}

/** The most specific range that takes the type says how much it is wanted. */
function weightOf(type: string, ranges: readonly MediaRange[]): number {
  const group = `${type.split('/')[0] ?? ''}/*`;
  for (const wanted of [type, group, '*/*']) {
    const range = ranges.find((candidate) => candidate.type === wanted);
    if (range !== undefined) return range.weight;
  }
  return 0;
}
