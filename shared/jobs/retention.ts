const DAY_SECONDS = 86_400;

/** Epoch seconds at which the table may forget an item. Deletion lags by days: nothing relies on it. */
export function timeToLive(now: number, retentionDays: number): number {
  return Math.ceil(now / 1000) + retentionDays * DAY_SECONDS;
}
