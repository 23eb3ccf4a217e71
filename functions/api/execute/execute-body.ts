import { z } from 'zod';
import { InputError } from '../errors.ts';
import { schemaError } from './schema-errors.ts';

/** Tags of one job, and characters of each. */
const MAX_TAGS = 10;
const MAX_TAG_CHARACTERS = 64;

const MAX_URI_CHARACTERS = 2_048;

const callbackSchema = z
  .url({ protocol: /^https$/ })
  .max(MAX_URI_CHARACTERS)
  .meta({ description: 'An https address.' });

export const outputRequestSchema = z.strictObject({
  format: z.strictObject({ mediaType: z.string().max(256).exactOptional() }).exactOptional(),
  transmissionMode: z.enum(['value', 'reference']).exactOptional(),
});

/** OGC 18-062r2 `execute.yaml`, and tags. */
export const executeBodySchema = z
  .strictObject({
    inputs: z.record(z.string(), z.unknown()).exactOptional().meta({ description: 'Values by the id of the input.' }),
    outputs: z
      .record(z.string(), outputRequestSchema)
      .exactOptional()
      .meta({ description: 'Outputs that are asked for; all when absent.' }),
    response: z
      .enum(['raw', 'document'])
      .exactOptional()
      .meta({ description: 'Form of the results; raw when absent.' }),
    subscriber: z
      .strictObject({
        successUri: callbackSchema,
        inProgressUri: callbackSchema.exactOptional(),
        failedUri: callbackSchema.exactOptional(),
      })
      .exactOptional()
      .meta({ description: 'Addresses that are called when the job goes on, succeeds or fails.' }),
    tags: z
      .array(
        z
          .string()
          .regex(/^[\w.:-]+$/)
          .max(MAX_TAG_CHARACTERS),
      )
      .max(MAX_TAGS)
      .exactOptional()
      .meta({ description: 'Words to find the job by.' }),
  })
  .meta({ title: 'Execute request' });
export type ExecuteBody = z.output<typeof executeBodySchema>;

/** @throws InputError that names each member that is wrong */
export function parseExecuteBody(body: unknown): ExecuteBody {
  if (body === undefined) {
    throw new InputError(
      'body-missing',
      [{ field: '', detail: 'The request has no body.' }],
      'Send a JSON object with the inputs.',
    );
  }
  const result = executeBodySchema.safeParse(body);
  if (!result.success) throw schemaError(result.error, '', body);
  return result.data;
}
