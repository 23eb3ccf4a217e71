import { invalidParameter } from '../errors.ts';

/** RFC 3339, 5.6: a date and a time with its offset. */
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch, both inclusive; an open end is absent. */
export interface Interval {
  from?: number;
  to?: number;
}

/**
 * Reads `datetime` (OGC 18-062r2, /req/job-list/datetime-definition): an instant, or an interval with `/`, whose
 * ends may be `..` or empty.
 * @throws LonghaulError `parameter-invalid`
 */
export function readInterval(text: string | undefined): Interval {
  if (text === undefined) return {};
  const [first = '', second, ...rest] = text.split('/');
  if (rest.length > 0) throw invalid(text);
  if (second === undefined) {
    const instant = readInstant(first, text);
    // An instant is given in seconds: it means all of that second.
    return first.includes('.') ? { from: instant, to: instant } : { from: instant, to: instant + 999 };
  }
  const from = isOpen(first) ? undefined : readInstant(first, text);
  const to = isOpen(second) ? undefined : readInstant(second, text);
  if ((from === undefined && to === undefined) || (from ?? -Infinity) > (to ?? Infinity)) throw invalid(text);
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

const isOpen = (end: string): boolean => end === '' || end === '..';

function readInstant(instant: string, whole: string): number {
  // A space was a plus sign before the query was decoded.
  const text = instant.replace(' ', '+');
  const milliseconds = DATE_TIME.test(text) ? Date.parse(text.toUpperCase()) : NaN;
  if (Number.isNaN(milliseconds)) throw invalid(whole);
  return milliseconds;
}

const invalid = (text: string) =>
  invalidParameter(
    'datetime',
    `datetime is ${JSON.stringify(text.slice(0, 80))}.`,
    'Give an RFC 3339 date-time, or an interval such as 2026-11-01T00:00:00Z/..',
  );
