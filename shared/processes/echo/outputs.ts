import { z } from 'zod';
import type { OutputDescription } from '../../jobs/process.ts';
import { IMAGE_TYPES, kinds } from './inputs.ts';
import type { EchoInputs, Kind } from './inputs.ts';

const KINDS = Object.keys(kinds) as Kind[];

/** An image is described by its content (OGC 18-062r2, 7.11.2.4), not by the object that carries it. */
const imageSchema = {
  oneOf: IMAGE_TYPES.map((contentMediaType) => ({ type: 'string', contentEncoding: 'binary', contentMediaType })),
};

/** `stringOutput` and the rest. */
export const outputs: Record<string, OutputDescription> = Object.fromEntries(
  KINDS.map((kind) => [
    `${kind}Output`,
    { title: kinds[kind].title, description: `What came as ${kind}Input.`, schema: schemaOf(kind) },
  ]),
);

/** The outputs of the inputs that were given. */
export function echo(inputs: EchoInputs): Record<string, unknown> {
  const pairs = KINDS.map((kind) => [`${kind}Output`, inputs[`${kind}Input`]] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

function schemaOf(kind: Kind): Record<string, unknown> {
  if (kind === 'image') return imageSchema;
  return { ...z.toJSONSchema(kinds[kind].schema, { target: 'openapi-3.0', io: 'output' }) };
}
