import type { Item } from '../ports/job-store.ts';

/** A number attribute; one that is absent counts as 0. @throws TypeError when it is something else */
export function numberOf(item: Item | undefined, attribute: string): number {
  const value = item?.[attribute] ?? 0;
  if (typeof value !== 'number') throw new TypeError(`attribute ${attribute} is not a number`);
  return value;
}

/** A text attribute. @throws TypeError when it is absent or something else */
export function textOf(item: Item | undefined, attribute: string): string {
  const value = item?.[attribute];
  if (typeof value !== 'string') throw new TypeError(`attribute ${attribute} is not a text`);
  return value;
}
