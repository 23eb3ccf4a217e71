import type { JsonSchema } from '../../functions/api/documents/process-description.ts';

export type { JsonSchema };

export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';

/** The alternatives of a schema, each without `anyOf` and `oneOf`. */
export function alternativesOf(schema: JsonSchema): JsonSchema[] {
  const branches = [...membersOf(schema['anyOf']), ...membersOf(schema['oneOf'])];
  return branches.length === 0 ? [schema] : branches.flatMap(alternativesOf);
}

/** The types that a value may have; none when the schema does not say. */
export function typesOf(schema: JsonSchema): ReadonlySet<JsonType> {
  return new Set(alternativesOf(schema).flatMap(({ type }) => (typeof type === 'string' ? [type as JsonType] : [])));
}

/** The words that a value may be, when there are no others. */
export function choicesOf(schema: JsonSchema): (string | number)[] | undefined {
  const choices = alternativesOf(schema).map((alternative) => alternative['enum']);
  return choices.every((values) => Array.isArray(values)) ? choices.flat() : undefined;
}

/** The schema of the items of an array. */
export function itemsOf(schema: JsonSchema): JsonSchema | undefined {
  const arrays = alternativesOf(schema).filter(({ type }) => type === 'array');
  return arrays.map(({ items }) => items as JsonSchema | undefined).find((items) => items !== undefined);
}

/** The members of an object, by name. */
export const propertiesOf = (schema: JsonSchema): Record<string, JsonSchema> =>
  (schema['properties'] as Record<string, JsonSchema> | undefined) ?? {};

const membersOf = (list: unknown): JsonSchema[] => (Array.isArray(list) ? (list as JsonSchema[]) : []);
