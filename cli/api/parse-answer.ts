import type { z } from 'zod';
import { answerInvalid } from '../errors.ts';

/** What an answer says. @throws LonghaulError `answer-invalid` when it is not what the API gives */
export function parseAnswer<Schema extends z.ZodType>(schema: Schema, json: unknown, path: string): z.output<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'the body' : issue.path.join('.');
  throw answerInvalid(path, `${place}: ${issue?.message ?? 'is something else'}`);
}
