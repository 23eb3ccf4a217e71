import type { UnitRange } from './numbering.ts';

/** Sorts ranges and joins those that overlap or touch. */
export function unite(ranges: readonly UnitRange[]): UnitRange[] {
  const result: UnitRange[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (start >= end) continue;
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/** Ranges of single numbers. */
export function rangesOf(numbers: readonly number[]): UnitRange[] {
  return unite(numbers.map((number) => ({ start: number, end: number + 1 })));
}

/** What lies in both of two united lists. */
export function intersect(a: readonly UnitRange[], b: readonly UnitRange[]): UnitRange[] {
  const result: UnitRange[] = [];
  let i = 0;
  let j = 0;
  for (let left = a[i], right = b[j]; left !== undefined && right !== undefined; left = a[i], right = b[j]) {
    const start = Math.max(left.start, right.start);
    const end = Math.min(left.end, right.end);
    if (start < end) result.push({ start, end });
    if (left.end < right.end) i++;
    else j++;
  }
  return result;
}

/** What of 0 … total−1 a united list leaves out. */
export function complement(ranges: readonly UnitRange[], total: number): UnitRange[] {
  const result: UnitRange[] = [];
  let next = 0;
  for (const { start, end } of ranges) {
    if (next < start) result.push({ start: next, end: start });
    next = end;
  }
  if (next < total) result.push({ start: next, end: total });
  return result;
}

export function sizeOf(ranges: readonly UnitRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}
