import { z } from 'zod';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { MAX_ATTEMPTS } from './backoff.ts';
import { SHARD_CHUNKS } from './numbering.ts';

/** Version of the messages below; a message of another version is not guessed at. */
export const MESSAGE_SCHEMA = 1;

/** Longest message that is parsed, in characters; ours have about 150. */
const MAX_MESSAGE_CHARACTERS = 4_096;

/** Tenants are part of keys and URLs: lower-case letters, digits and inner hyphens. */
export const tenantSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
export const jobIdSchema = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);

const common = {
  schema: z.literal(MESSAGE_SCHEMA),
  tenant: tenantSchema,
  jobId: jobIdSchema,
  /** Attempts travel here: a queue's receive count also counts receives that ran nothing. */
  attempt: z.int().min(1).max(MAX_ATTEMPTS),
};

export const messageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('plan') }),
  z.strictObject({
    ...common,
    kind: z.literal('chunk'),
    shard: z.int().min(0).max(99_999),
    chunk: z
      .int()
      .min(0)
      .max(SHARD_CHUNKS - 1),
  }),
  z.strictObject({ ...common, kind: z.literal('finish') }),
]);

/** What a process's queue carries. */
export type JobMessage = z.output<typeof messageSchema>;
export type ChunkMessage = Extract<JobMessage, { kind: 'chunk' }>;

/**
 * Reads a message as it came from the queue.
 * @throws LonghaulError `message-invalid` (final): not JSON, another schema version, or not what is expected
 */
export function parseMessage(body: string): JobMessage {
  if (body.length > MAX_MESSAGE_CHARACTERS) throw invalid(`it has ${body.length} characters`);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw invalid('it is not JSON', cause);
  }
  const result = messageSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(`${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`.trim());
}

function invalid(why: string, cause?: unknown): LonghaulError {
  return new LonghaulError({
    code: 'message-invalid',
    retryable: false,
    detail: `The message cannot be read: ${why}.`,
    remedy: 'It is kept with the dead letters; send it again in the form that this version reads.',
    cause,
  });
}
