import { z } from 'zod';
import type { ProcessDefinition } from '../../../shared/jobs/process.ts';
import { OGC_RELATIONS } from '../../../shared/http/link.ts';
import type { Link } from '../../../shared/http/link.ts';

/** A JSON Schema object in the dialect of OpenAPI 3.0, which OGC 18-062r2 takes (`schema.yaml`). */
export type JsonSchema = Record<string, unknown>;

/** OGC 18-062r2 `processSummary.yaml`. */
export interface ProcessSummary {
  id: string;
  title: string;
  description: string;
  keywords?: string[];
  version: string;
  jobControlOptions: string[];
  outputTransmission: string[];
  links: Link[];
}

/** OGC 18-062r2 `inputDescription.yaml`. */
export interface InputDescription {
  title: string;
  description?: string;
  minOccurs: number;
  maxOccurs: number;
  schema: JsonSchema;
}

/** OGC 18-062r2 `process.yaml`. */
export interface ProcessDescription extends ProcessSummary {
  inputs: Record<string, InputDescription>;
  outputs: ProcessDefinition['outputs'];
}

export function processSummary(process: ProcessDefinition, links: Link[]): ProcessSummary {
  return {
    id: process.id,
    title: process.title,
    description: process.description,
    ...(process.keywords === undefined ? {} : { keywords: process.keywords }),
    version: process.version,
    jobControlOptions: [
      ...process.jobControlOptions,
      // A synchronous execution makes no job that could be dismissed.
      ...(process.jobControlOptions.includes('async-execute') ? ['dismiss'] : []),
    ],
    outputTransmission: ['value', 'reference'],
    links,
  };
}

export function processDescription(process: ProcessDefinition, links: Link[]): ProcessDescription {
  return { ...processSummary(process, links), inputs: inputDescriptions(process), outputs: process.outputs };
}

/** Where a process is described and run. */
export function processLinks(root: string, id: string): Link[] {
  const path = `${root}/processes/${id}`;
  return [
    { href: `${path}/execution`, rel: OGC_RELATIONS.execute, title: 'Execute' },
    { href: `${path}/estimate`, rel: 'related', type: 'application/json', title: 'Estimate' },
  ];
}

/** What was written down: it takes a millisecond, and each request to execute needs it. */
const schemas = new WeakMap<ProcessDefinition, z.core.JSONSchema.BaseSchema>();

/** The JSON Schema of all inputs: what validates them, written down. */
function schemaOf(process: ProcessDefinition): z.core.JSONSchema.BaseSchema {
  const known = schemas.get(process);
  if (known !== undefined) return known;
  const schema = z.toJSONSchema(process.inputs, { target: 'openapi-3.0', io: 'input', unrepresentable: 'any' });
  schemas.set(process, schema);
  return schema;
}

/** The JSON Schema of each input; shared, so not to be changed. */
export function inputSchemas(process: ProcessDefinition): Readonly<Record<string, JsonSchema>> {
  return (schemaOf(process).properties ?? {}) as Record<string, JsonSchema>;
}

/**
 * The inputs of a process. An array is one input whose value is a JSON array, unless its schema says with
 * `.meta({ maxOccurs })` that each of its items is an occurrence of the input.
 */
export function inputDescriptions(process: ProcessDefinition): Record<string, InputDescription> {
  const required = requiredInputs(process);
  const entries = Object.entries(inputSchemas(process)).map(([name, full]) => {
    const { title, description, minOccurs, maxOccurs, ...schema } = full;
    const many = typeof maxOccurs === 'number';
    const input: InputDescription = {
      title: typeof title === 'string' ? title : name,
      ...(typeof description === 'string' ? { description } : {}),
      minOccurs: required.has(name) ? (typeof minOccurs === 'number' ? minOccurs : 1) : 0,
      maxOccurs: many ? maxOccurs : 1,
      schema: many ? (schema['items'] as JsonSchema) : schema,
    };
    return [name, input] as const;
  });
  return Object.fromEntries(entries);
}

function requiredInputs(process: ProcessDefinition): ReadonlySet<string> {
  return new Set(schemaOf(process).required ?? []);
}
