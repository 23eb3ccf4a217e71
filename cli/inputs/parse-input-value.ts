import { LonghaulError } from '../../shared/errors/longhaul-error.ts';
import { parseJson } from '../../shared/http/json.ts';
import { choicesOf, itemsOf, typesOf, type JsonSchema } from './json-schema.ts';

/** The text is no value of the schema's types; the message says what would be. */
export class ValueError extends Error {
  override readonly name = 'ValueError';
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The value that a text on the command line stands for, by the types that its schema allows: numbers, `true` and
 * `false`, JSON for arrays and objects, commas between the items of an array, and text as it is. Limits are not
 * checked here: whoever runs the process does.
 * @throws ValueError
 */
export function parseInputValue(text: string, schema: JsonSchema): unknown {
  const types = typesOf(schema);
  if (choicesOf(schema)?.includes(text) === true) return text;
  if (/^\s*[[{]/.test(text) && !isTextOnly(types)) return parseStructure(text);
  if ((types.has('number') || types.has('integer')) && NUMBER.test(text)) return Number(text);
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('array') && !types.has('string')) return parseList(text, itemsOf(schema) ?? {});
  if (types.size === 0 || types.has('string')) return text;
  throw new ValueError(`expected ${describeTypes(types)}`);
}

/** `1,2,3` */
function parseList(text: string, items: JsonSchema): unknown[] {
  const types = typesOf(items);
  if (types.has('array') || types.has('object')) throw new ValueError('expected JSON that begins with [');
  return text.split(',').map((part) => parseInputValue(part.trim(), items));
}

function parseStructure(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof LonghaulError) throw new ValueError(error.detail.replace(/\.$/, ''));
    throw error;
  }
}

const isTextOnly = (types: ReadonlySet<string>): boolean => types.size === 1 && types.has('string');

const TYPE_WORDS: Readonly<Record<string, string>> = {
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'JSON that begins with [',
  object: 'JSON that begins with {',
};

const describeTypes = (types: ReadonlySet<string>): string =>
  [...types].map((type) => TYPE_WORDS[type] ?? type).join(' or ');
