import { invalidParameter, unknownParameter } from './errors.ts';
import type { ApiRequest } from './request.ts';

/** Longest value of a query parameter, in characters. */
const MAX_VALUE_CHARACTERS = 1_024;

/** Jobs, datasets or processes on one page. */
export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 1_000;

/**
 * Reads the query parameters that a resource knows; `f` is known everywhere.
 * @throws LonghaulError `parameter-unknown`, `parameter-invalid` (given twice, too long, or another `f`)
 */
export function readQuery<Name extends string>(
  request: ApiRequest,
  known: readonly Name[],
): Partial<Record<Name, string>> {
  const values: Partial<Record<string, string>> = {};
  for (const [name, value] of request.query) {
    if (name !== 'f' && !known.some((candidate) => candidate === name)) throw unknownParameter(name, known);
    if (values[name] !== undefined) {
      throw invalidParameter(name, `The parameter ${name} is given twice.`, 'Give it once.');
    }
    if (value.length > MAX_VALUE_CHARACTERS) {
      throw invalidParameter(name, `The parameter ${name} has ${value.length} characters.`, 'Give a shorter value.');
    }
    if (name === 'f' && value !== 'json' && value !== 'html') {
      throw invalidParameter('f', `There is no format ${JSON.stringify(value.slice(0, 40))}.`, 'Take json or html.');
    }
    values[name] = value;
  }
  return values;
}

/**
 * How many entries a page has. A number above the maximum is not an error: the standard lets the server give fewer.
 * @throws LonghaulError `parameter-invalid` for what is no positive whole number
 */
export function readLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (limit < 1) {
    throw invalidParameter(
      'limit',
      `The limit ${JSON.stringify(text.slice(0, 40))} is no positive whole number.`,
      `Give 1 to ${MAX_LIMIT}.`,
    );
  }
  return Math.min(limit, MAX_LIMIT);
}

/** A list of values separated by commas (OpenAPI style `form`); undefined when the parameter is absent. */
export function readList(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
