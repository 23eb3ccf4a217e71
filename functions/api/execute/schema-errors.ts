import type { z } from 'zod';
import { jsonPointer } from '../../../shared/http/json-pointer.ts';
import { InputError } from '../errors.ts';
import type { Bound, FieldError } from '../errors.ts';

/** Errors that are listed; one with more is as wrong. */
const MAX_ERRORS = 20;

interface FlatIssue {
  path: PropertyKey[];
  message: string;
  code: string;
  limit: number | undefined;
}

/**
 * What a schema refuses, as an error that names each place.
 * @param base JSON pointer of the value that was parsed
 * @param value that value, to tell what is missing from what is wrong
 */
export function schemaError(error: z.ZodError, base: string, value: unknown): InputError {
  const issues = error.issues.flatMap((issue) => flatten(issue, []));
  const errors = issues.slice(0, MAX_ERRORS).map((issue) => fieldError(issue, base, value));
  const first = issues[0];
  const [head = { field: base, detail: 'The value is not what the schema says.' }, ...rest] = errors;
  const bound: Bound = first?.limit === undefined ? {} : { limit: first.limit };
  const code = first === undefined ? 'input-invalid' : codeOf(first, value);
  return new InputError(code, [head, ...rest], 'See the schema of the inputs in the process description.', bound);
}

/** A union's issues are those of the alternative that came closest: the one that fails deepest inside the value. */
function flatten(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): FlatIssue[] {
  const place = [...path, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...place, key],
      message: 'There is no such member.',
      code: issue.code,
      limit: undefined,
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const alternatives = issue.errors.map((errors) => errors.flatMap((inner) => flatten(inner, place)));
    return alternatives.reduce((best, candidate) => (closeness(candidate) > closeness(best) ? candidate : best));
  }
  return [{ path: place, message: issue.message, code: issue.code, limit: limitOf(issue) }];
}

/** Deeper is closer; among equals, fewer issues. */
function closeness(issues: readonly FlatIssue[]): number {
  const depth = Math.max(0, ...issues.map((issue) => issue.path.length));
  return depth * 1_000 - Math.min(999, issues.length);
}

function limitOf(issue: z.core.$ZodIssue): number | undefined {
  if (issue.code === 'too_big') return Number(issue.maximum);
  if (issue.code === 'too_small') return Number(issue.minimum);
  return undefined;
}

function fieldError(issue: FlatIssue, base: string, value: unknown): FieldError {
  const field = jsonPointer(issue.path, base);
  const missing = codeOf(issue, value) === 'input-missing';
  return { field, detail: `${field}: ${missing ? 'The value is missing.' : issue.message}` };
}

function codeOf(issue: FlatIssue, value: unknown): string {
  if (issue.code === 'unrecognized_keys') return 'input-unknown';
  return valueAt(value, issue.path) === undefined ? 'input-missing' : 'input-invalid';
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      inner !== null && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  );
}
