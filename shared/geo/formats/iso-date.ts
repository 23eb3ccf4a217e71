const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a day is in the calendar (proleptic Gregorian, as ISO 8601 counts). */
export function isDay(year: number, month: number, day: number): boolean {
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && isLeapYear ? 29 : DAYS[month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/** Whether a text is a date of ISO 8601, such as `2026-11-26`. */
export function isIsoDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  return year !== undefined && isDay(Number(year), Number(month), Number(day));
}

/** A date and time as ISO 8601 writes it; the space of SQL between the two becomes a T. Undefined for what is none. */
export function isoDateTime(text: string): string | undefined {
  const [, date, hour, minute, second] = DATE_TIME.exec(text) ?? [];
  if (date === undefined || !isIsoDate(date)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  return text.replace(' ', 'T');
}
