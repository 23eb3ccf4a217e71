import { Option } from 'commander';
import type { InputDescription } from '../../functions/api/documents/process-description.ts';
import { describeLimits, valuePlaceholder } from './describe-schema.ts';
import { itemsOf, propertiesOf, typesOf, type JsonSchema } from './json-schema.ts';

export type Inputs = Readonly<Record<string, InputDescription>>;

/** One option of the command line that gives an input, or one property of the objects of an input. */
export interface InputOption {
  option: Option;
  /** The input that it gives. */
  input: string;
  /** In a short form: the property of the objects in the input's array. */
  property: string | undefined;
  /** Schema of one value. */
  schema: JsonSchema;
  /** Each value is one of several; else there is one, or each time the option is given some items of one list. */
  many: boolean;
}

/** Put before the name of an input that is called like an option of the command itself. */
const PREFIX = 'input-';

/**
 * The options for the inputs of a process. Each input is an option, `--tile-size` as well as `--tileSize`. An input
 * that is an array of objects has a short form for each property of the objects, unless an input or a second array
 * has that name: `--source a.tif` for `--datasets '[{"source":"a.tif"}]'`.
 * @param reserved names of the command's own options, without dashes
 */
export function inputOptions(inputs: Inputs, reserved: ReadonlySet<string>): InputOption[] {
  const own = Object.entries(inputs).map(([input, description]) => inputOption(input, description, reserved));
  const names = new Set([...Object.keys(inputs), ...reserved]);
  const properties = Object.entries(inputs).flatMap(([input, { schema, maxOccurs }]) =>
    Object.entries(propertiesOf(objectsOf(schema, maxOccurs))).map((entry) => ({ input, entry })),
  );
  const isFree = (name: string): boolean =>
    !names.has(name) && !names.has(kebab(name)) && properties.filter(({ entry }) => entry[0] === name).length === 1;
  const short = properties.filter(({ entry }) => isFree(entry[0]));
  return [...own, ...short.map(({ input, entry }) => shortOption(input, entry[0], entry[1], inputs[input]))];
}

function inputOption(input: string, description: InputDescription, reserved: ReadonlySet<string>): InputOption {
  const { schema, minOccurs, maxOccurs } = description;
  const name = reserved.has(kebab(input)) || reserved.has(input) ? `${PREFIX}${kebab(input)}` : input;
  const remarks = [...describeLimits(schema), ...(minOccurs > 0 ? ['required'] : [])];
  if (maxOccurs > 1) remarks.unshift(`up to ${maxOccurs} times`);
  const many = maxOccurs > 1;
  const option = newOption(name, valueText(schema, many), sentence(description, remarks));
  // Without it the last of several would win, and the others be lost without a word.
  if (!many) option.argParser((text, before: string[] | undefined) => [...(before ?? []), text]);
  return { option: option.helpGroup('Inputs:'), input, property: undefined, schema, many };
}

function shortOption(
  input: string,
  property: string,
  schema: JsonSchema,
  owner: InputDescription | undefined,
): InputOption {
  const required = ((itemsOf(owner?.schema ?? {})?.['required'] as string[] | undefined) ?? []).includes(property);
  const remarks = [...describeLimits(schema), ...(required ? ['required'] : [])];
  const option = newOption(property, valueText(schema, true), sentence(schema, remarks));
  const group = `Short forms of --${kebab(input)}: the first values make the first object, the second the second;\na value that is given once holds for all:`;
  return { option: option.helpGroup(group), input, property, schema, many: true };
}

/** Both spellings are taken; help shows the one in kebab case. */
function newOption(name: string, value: string, description: string): Option {
  const plain = kebab(name);
  return new Option(plain === name ? `--${name} ${value}` : `--${name}, --${plain} ${value}`, description);
}

function valueText(schema: JsonSchema, many: boolean): string {
  const types = typesOf(schema);
  if (types.size === 1 && types.has('boolean') && !many) return '[true|false]';
  return many ? `<${valuePlaceholder(schema)}...>` : `<${valuePlaceholder(schema)}>`;
}

function sentence({ title, description }: { title?: unknown; description?: unknown }, remarks: string[]): string {
  const text = [title, description].filter((part) => typeof part === 'string' && part !== '').join(': ');
  const remark = remarks.length === 0 ? '' : `(${remarks.join('; ')})`;
  return `${text} ${remark}`.trim();
}

/** The objects that an array holds; `{}` when it is none. An input of many occurrences is given one by one anyway. */
function objectsOf(schema: JsonSchema, maxOccurs: number): JsonSchema {
  const items = maxOccurs > 1 ? undefined : itemsOf(schema);
  return items !== undefined && items['type'] === 'object' ? items : {};
}

/** `tileSize` → `tile-size`. */
export const kebab = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
