import { z } from 'zod';
import { eventInvalid } from '../errors.ts';

/** Largest message that is parsed, in characters: SQS carries 1 MiB, an event of one object has about 1 kB. */
const MAX_EVENT_CHARACTERS = 256 * 1024;
/** Records of one message; S3 sends one. */
const MAX_RECORDS = 100;
const MAX_KEY_CHARACTERS = 3 * 1024;

/** An object that has appeared. */
export interface ObjectCreated {
  bucket: string;
  /** As it is in the bucket: decoded. */
  key: string;
  versionId: string;
}

const testSchema = z.object({ Event: z.literal('s3:TestEvent') });
const recordSchema = z.object({
  eventSource: z.literal('aws:s3'),
  eventName: z.string().max(128),
  s3: z.object({
    bucket: z.object({ name: z.string().min(3).max(255) }),
    object: z.object({
      key: z.string().min(1).max(MAX_KEY_CHARACTERS),
      versionId: z.string().min(1).max(1024).optional(),
    }),
  }),
});
const eventSchema = z.object({ Records: z.array(recordSchema).max(MAX_RECORDS) });

/**
 * Reads a message of the bucket: the objects that have appeared. What S3 sends to try the queue out has none, and
 * events of other kinds are passed over.
 * @throws LonghaulError `upload-event-invalid` (final)
 */
export function parseObjectEvents(body: string): ObjectCreated[] {
  if (body.length > MAX_EVENT_CHARACTERS) throw eventInvalid(`it has ${body.length} characters`);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw eventInvalid('it is not JSON', cause);
  }
  if (testSchema.safeParse(value).success) return [];
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw eventInvalid(`${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is wrong'}`.trim());
  }
  return parsed.data.Records.flatMap(({ eventName, s3 }) => {
    if (!/^(s3:)?ObjectCreated:/.test(eventName)) return [];
    const { key, versionId } = s3.object;
    if (versionId === undefined) throw eventInvalid('it names no version: the bucket is not versioned');
    return [{ bucket: s3.bucket.name, key: decodeKey(key), versionId }];
  });
}

/** Keys come as `application/x-www-form-urlencoded`: a space is a plus. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', '%20'));
  } catch (cause) {
    throw eventInvalid('its key is not encoded as S3 does it', cause);
  }
}
