import { optionInvalid } from '../errors.ts';
import type { InputOption } from './input-options.ts';
import { kebab } from './input-options.ts';
import { typesOf } from './json-schema.ts';
import { parseInputValue, ValueError } from './parse-input-value.ts';
import { readJsonFile, readTextFile } from './read-text-file.ts';

/** What commander found, by the attribute name of the option. */
export type OptionValues = Readonly<Record<string, unknown>>;

/**
 * The inputs that a command line gives: those of the file of `--inputs`, then those of options, which win.
 * @param inputsFile a JSON file: the inputs by name, or an execute request of the API with `inputs` in it
 * @throws UsageError `option-invalid`, `file-unreadable`
 */
export async function collectInputs(
  options: readonly InputOption[],
  values: OptionValues,
  inputsFile: string | undefined,
  folder: URL,
): Promise<Record<string, unknown>> {
  const inputs = inputsFile === undefined ? {} : await readInputs(inputsFile, folder);
  const given = options.filter(({ option }) => values[option.attributeName()] !== undefined);
  const own = given.filter(({ property }) => property === undefined);
  for (const each of own) {
    inputs[each.input] = await valueOf(
      each.option.long ?? each.input,
      values[each.option.attributeName()],
      each,
      folder,
    );
  }
  const short = Object.groupBy(
    given.filter(({ property }) => property !== undefined),
    ({ input }) => input,
  );
  for (const [input, properties = []] of Object.entries(short)) {
    const clash = own.find((option) => option.input === input);
    if (clash !== undefined) {
      const name = `--${kebab(input)}`;
      throw optionInvalid(properties[0]?.option.long ?? name, `it is short for a part of ${name}`, 'Give one of them.');
    }
    inputs[input] = await objectsOf(properties, values, folder);
  }
  return inputs;
}

async function readInputs(path: string, folder: URL): Promise<Record<string, unknown>> {
  const content = await readJsonFile(path, folder);
  if (!isObject(content)) throw optionInvalid('--inputs', `${path} holds no JSON object`, 'Write the inputs by name.');
  return { ...(isObject(content['inputs']) ? content['inputs'] : content) };
}

/** One value, or for an option of many an array of them. */
async function valueOf(
  name: string,
  given: unknown,
  { schema, many }: Pick<InputOption, 'schema' | 'many'>,
  folder: URL,
): Promise<unknown> {
  if (given === true) return true;
  const texts = Array.isArray(given) ? (given as string[]) : [String(given)];
  const parsed = await Promise.all(texts.map((text) => parse(name, text, schema, folder)));
  if (many) return parsed;
  if (parsed.length === 1) return parsed[0];
  if (parsed.every(Array.isArray)) return parsed.flat();
  throw optionInvalid(name, `it is given ${parsed.length} times, and takes one value`, 'Give it once.');
}

/** Of an array or object, `@area.json` is the content of a file. */
async function parse(name: string, text: string, schema: InputOption['schema'], folder: URL): Promise<unknown> {
  const types = typesOf(schema);
  const mayBeFile = types.has('array') || types.has('object');
  const content = mayBeFile && text.startsWith('@') ? await readTextFile(text.slice(1), folder) : text;
  try {
    return parseInputValue(content, schema);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    throw optionInvalid(name, `${JSON.stringify(shown)}: ${error.message}`, 'See --help for what each input takes.');
  }
}

/** Objects out of their properties: the n-th value belongs to the n-th object, one that stands alone to all. */
async function objectsOf(
  properties: readonly InputOption[],
  values: OptionValues,
  folder: URL,
): Promise<Record<string, unknown>[]> {
  const columns = await Promise.all(
    properties.map(async (each) => {
      const { option, property = '' } = each;
      const name = option.long ?? property;
      return {
        name,
        property,
        cells: (await valueOf(name, values[option.attributeName()], each, folder)) as unknown[],
      };
    }),
  );
  const count = Math.max(...columns.map(({ cells }) => cells.length));
  const uneven = columns.find(({ cells }) => cells.length !== 1 && cells.length !== count);
  if (uneven !== undefined) {
    const { name, cells } = uneven;
    throw optionInvalid(name, `it has ${cells.length} values for ${count} objects`, `Give it once, or ${count} times.`);
  }
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(columns.map(({ property, cells }) => [property, cells.length === 1 ? cells[0] : cells[index]])),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
