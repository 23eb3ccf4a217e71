import { choicesOf, itemsOf, typesOf, type JsonSchema } from './json-schema.ts';

/** Bounds that JSON Schema gives every integer; they say nothing to a reader. */
const isMeaningful = (bound: unknown): bound is number =>
  typeof bound === 'number' && Math.abs(bound) !== Number.MAX_SAFE_INTEGER;

/** What stands for the value in a usage line: `<integer>`, `<png|webp|jpeg>`, `<json>`. */
export function valuePlaceholder(schema: JsonSchema): string {
  const choices = choicesOf(schema);
  if (choices !== undefined) return choices.join('|');
  const types = typesOf(schema);
  if (types.has('array')) return isListOfWords(schema) ? 'list' : 'json';
  if (types.has('object') || types.size !== 1) return types.has('object') ? 'json' : 'value';
  const [type] = types;
  return type === 'string' ? 'text' : (type ?? 'value');
}

/** True when the array can be written with commas: its items are texts, numbers or truth values. */
export function isListOfWords(schema: JsonSchema): boolean {
  const items = itemsOf(schema);
  if (items === undefined) return false;
  const types = typesOf(items);
  return types.size > 0 && !types.has('array') && !types.has('object');
}

/** The limits and the default of a value, such as `0 to 24` or `at most 64 characters`, in the order of a sentence. */
export function describeLimits(schema: JsonSchema): string[] {
  const parts = [
    rangeText(schema['minimum'], schema['maximum'], ''),
    rangeText(schema['minLength'], schema['maxLength'], ' characters'),
    rangeText(schema['minItems'], schema['maxItems'], ' items'),
    typeof schema['format'] === 'string' ? `format ${schema['format']}` : '',
    schema['default'] === undefined ? '' : `default: ${textOf(schema['default'])}`,
  ];
  return parts.filter((part) => part !== '');
}

function rangeText(least: unknown, most: unknown, unit: string): string {
  if (isMeaningful(least) && isMeaningful(most))
    return least === most ? `${most}${unit}` : `${least} to ${most}${unit}`;
  if (isMeaningful(most)) return `at most ${most}${unit}`;
  return isMeaningful(least) ? `at least ${least}${unit}` : '';
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
