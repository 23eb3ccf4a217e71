import type ts from 'typescript';

/** What can be told of an expression without running it. */
export type StaticValue =
  | { kind: 'text'; text: string }
  | { kind: 'flag'; flag: boolean }
  /** The same member of another error: it has its own place in the catalogue. */
  | { kind: 'copied' }
  /** Undefined, or a member that is not there. */
  | { kind: 'absent' }
  /** Known when it runs. */
  | { kind: 'open' };

export const OPEN: StaticValue = { kind: 'open' };
export const COPIED: StaticValue = { kind: 'copied' };
export const ABSENT: StaticValue = { kind: 'absent' };

/** Stands in a sentence for what is known when it runs. */
export const PLACEHOLDER = '…';

export const text = (value: string | number): StaticValue => ({ kind: 'text', text: String(value) });
export const flag = (value: boolean): StaticValue => ({ kind: 'flag', flag: value });

/** What is known while an expression is read. */
export interface Scope {
  /** Arguments of the calls that lead to it, by parameter; `open` for one that no call tells. */
  readonly bound: ReadonlyMap<ts.ParameterDeclaration, ts.Expression | 'absent' | 'open'>;
  /** Conditions that are taken to be true or false. */
  readonly assumed: ReadonlyMap<ts.Declaration, boolean>;
  /** Parameters that were met without an argument: collected, so that the calls can be looked at. */
  readonly missing: Set<ts.ParameterDeclaration>;
  /** True: every part must be told (a code). False: parts may stay open (a sentence). */
  readonly exact: boolean;
}

/** Values without repetition. */
export function distinct(values: readonly StaticValue[]): StaticValue[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** True for a text with a word in it: a sentence of placeholders alone says nothing. */
export const saysSomething = (sentence: string): boolean => /\p{L}{3}/u.test(sentence);
