import { z } from 'zod';
import { jsonPointer } from '../../../shared/http/json-pointer.ts';
import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import type { ReferenceFetcher } from '../api.ts';
import { inputSchemas } from '../documents/process-description.ts';
import type { JsonSchema } from '../documents/process-description.ts';
import { InputError } from '../errors.ts';
import { fetchReference } from './fetch-reference.ts';

/** Inputs of one request that are fetched by reference. */
export const MAX_REFERENCES = 16;

/** Coordinate reference systems in which longitude and latitude stand in the order that we use. */
const LONGITUDE_LATITUDE = [
  'http://www.opengis.net/def/crs/OGC/1.3/CRS84',
  'http://www.opengis.net/def/crs/OGC/0/CRS84h',
];

const qualifiedSchema = z.strictObject({
  value: z.unknown(),
  mediaType: z.string().optional(),
  encoding: z.string().optional(),
  schema: z.unknown().optional(),
  format: z.unknown().optional(),
});
const linkSchema = z.strictObject({
  href: z.string().max(2_048),
  rel: z.string().optional(),
  type: z.string().optional(),
  hreflang: z.string().optional(),
  title: z.string().optional(),
});
const boxSchema = z.strictObject({ bbox: z.array(z.number()).min(4).max(6), crs: z.string().optional() });

/**
 * Turns the inputs of an execute request into plain values (OGC 18-062r2, 7.11.2.4): literals, arrays, qualified
 * values `{ value, mediaType }`, links `{ href, type }`, boxes `{ bbox, crs }`, and arrays that mix them.
 * A form that the input's schema declares itself is left as it is: the process takes the link, and does not want
 * its content.
 * @throws InputError (final) or LonghaulError of the fetch, with the JSON pointer of the input
 */
export async function resolveInputs(
  process: ProcessDefinition,
  inputs: Readonly<Record<string, unknown>>,
  references: ReferenceFetcher,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const schemas = inputSchemas(process);
  let fetched = 0;

  async function resolve(value: unknown, schema: JsonSchema, field: string): Promise<unknown> {
    if (Array.isArray(value)) {
      const items = itemSchema(schema);
      const resolved: unknown[] = [];
      for (const [index, item] of value.entries()) resolved.push(await resolve(item, items, `${field}/${index}`));
      return resolved;
    }
    if (!declares(schema, 'value') && isForm(qualifiedSchema, value)) return resolve(value.value, schema, field);
    if (!declares(schema, 'href') && isForm(linkSchema, value)) {
      fetched += 1;
      if (fetched > MAX_REFERENCES) throw tooManyReferences(field);
      return fetchReference(references, value, field, signal);
    }
    if (!declares(schema, 'bbox') && isForm(boxSchema, value)) return unwrapBox(value, field);
    return value;
  }

  const entries: [string, unknown][] = [];
  for (const [name, value] of Object.entries(inputs)) {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    // The process's own schema says that there is no such input.
    if (schema === undefined) entries.push([name, value]);
    else entries.push([name, await resolve(occurrences(value, schema), schema, jsonPointer(['inputs', name]))]);
  }
  return Object.fromEntries(entries);
}

/** An input that may occur several times may be given without brackets when it occurs once. */
function occurrences(value: unknown, schema: JsonSchema): unknown {
  return schema['maxOccurs'] === undefined || Array.isArray(value) ? value : [value];
}

const isForm = <Schema extends z.ZodObject>(form: Schema, value: unknown): value is z.output<Schema> =>
  value !== null && typeof value === 'object' && form.safeParse(value).success;

/** Whether one alternative of a schema is an object with this member. */
function declares(schema: JsonSchema, member: string): boolean {
  const properties = schema['properties'] as Record<string, unknown> | undefined;
  if (properties !== undefined && Object.hasOwn(properties, member)) return true;
  return alternatives(schema).some((alternative) => declares(alternative, member));
}

function itemSchema(schema: JsonSchema): JsonSchema {
  const items = schema['items'] as JsonSchema | undefined;
  if (items !== undefined) return items;
  const list = alternatives(schema)
    .map(itemSchema)
    .filter((item) => Object.keys(item).length > 0);
  return list.length === 0 ? {} : { anyOf: list };
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return ['anyOf', 'oneOf', 'allOf'].flatMap((word) => (schema[word] as JsonSchema[] | undefined) ?? []);
}

function unwrapBox(box: z.output<typeof boxSchema>, field: string): number[] {
  if (box.crs === undefined || LONGITUDE_LATITUDE.includes(box.crs)) return box.bbox;
  throw new InputError(
    'crs-unsupported',
    [{ field: `${field}/crs`, detail: `${field}/crs: The box is in ${JSON.stringify(box.crs.slice(0, 120))}.` }],
    'Give longitude and latitude in CRS84.',
  );
}

const tooManyReferences = (field: string): InputError =>
  new InputError(
    'too-many-references',
    [{ field, detail: `${field}: More than ${MAX_REFERENCES} inputs are given by reference.` }],
    'Give some of them by value.',
    { limit: MAX_REFERENCES },
  );
