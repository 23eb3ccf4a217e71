import type { ProcessDefinition } from '../jobs/process.ts';

type Sourced = Pick<ProcessDefinition, 'sourceInputs'>;

/** Stands in a pointer of `sourceInputs` for every index of a list. */
const EACH = '*';

/** One input that names a source. */
export interface SourceInput {
  source: string;
  /** JSON pointer to it, from the inputs. */
  field: string;
}

/**
 * Inputs in which each text that names a source is replaced; what is no text there is left to the process's schema.
 * @param replace called once for each, in their order
 */
export async function replaceSources(
  process: Sourced,
  inputs: Readonly<Record<string, unknown>>,
  replace: (input: SourceInput) => Promise<string>,
): Promise<Record<string, unknown>> {
  let replaced: unknown = inputs;
  for (const pointer of process.sourceInputs ?? []) {
    replaced = await replaceAt(replaced, pointer.split('/').slice(1), '', replace);
  }
  return replaced as Record<string, unknown>;
}

async function replaceAt(
  value: unknown,
  [step, ...rest]: readonly string[],
  field: string,
  replace: (input: SourceInput) => Promise<string>,
): Promise<unknown> {
  if (step === undefined) return typeof value === 'string' ? replace({ source: value, field }) : value;
  if (step === EACH) {
    if (!Array.isArray(value)) return value;
    const members: unknown[] = [];
    for (const [index, member] of (value as unknown[]).entries()) {
      members.push(await replaceAt(member, rest, `${field}/${index}`, replace));
    }
    return members;
  }
  if (!isObject(value) || !Object.hasOwn(value, step)) return value;
  return { ...value, [step]: await replaceAt(value[step], rest, `${field}/${step}`, replace) };
}

/** Inputs with a source where the process takes its first one; undefined for a process that takes none. */
export function withSource(
  { sourceInputs = [] }: Sourced,
  inputs: Readonly<Record<string, unknown>>,
  source: string,
): Record<string, unknown> | undefined {
  const [pointer] = sourceInputs;
  if (pointer === undefined) return undefined;
  return putAt(inputs, pointer.split('/').slice(1), source) as Record<string, unknown>;
}

/** What stands in the way of the source is left: the process's schema says what is wrong with it. */
function putAt(value: unknown, [step, ...rest]: readonly string[], source: string): unknown {
  if (step === undefined) return source;
  if (step === EACH) {
    const list: unknown = value ?? [];
    if (!Array.isArray(list)) return value;
    const [first, ...others] = list as unknown[];
    return [putAt(first, rest, source), ...others];
  }
  const object = value ?? {};
  if (!isObject(object)) return value;
  const member = Object.hasOwn(object, step) ? object[step] : undefined;
  return { ...object, [step]: putAt(member, rest, source) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
