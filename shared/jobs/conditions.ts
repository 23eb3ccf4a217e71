import type { Condition } from './ports/job-store.ts';

/** The clauses of conditions, to be named where they are used. */
export const equals = (attribute: string, value: string | number): Condition => ({
  operator: 'equals',
  attribute,
  value,
});
export const isOneOf = (attribute: string, values: readonly (string | number)[]): Condition => ({
  operator: 'in',
  attribute,
  values,
});
export const atMost = (attribute: string, value: number): Condition => ({ operator: 'at-most', attribute, value });
export const exists = (attribute: string): Condition => ({ operator: 'exists', attribute });
export const absent = (attribute: string): Condition => ({ operator: 'absent', attribute });
export const notContains = (attribute: string, value: number): Condition => ({
  operator: 'not-contains',
  attribute,
  value,
});
export const setSize = (attribute: string, value: number): Condition => ({ operator: 'set-size', attribute, value });
export const all = (...conditions: Condition[]): Condition => ({ operator: 'all', conditions });
export const any = (...conditions: Condition[]): Condition => ({ operator: 'any', conditions });
